// SPDX-License-Identifier: Apache-2.0
#include "app/storage_setup.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/json_text.hpp"

namespace sluice::app {
namespace {

/// Something to be made, and who else could make it.
struct StorageObject {
  std::string name;
  std::string_view role;
  std::string command;
};

auto made_or_left(const StorageObject& object, const Result<bool>& made) -> Result<bool> {
  if (made) {
    fmt::print(stderr, "{:9} {}\n", "there is", object.name);
    return true;
  }
  if (made.error().kind() != ErrorKind::forbidden) {
    return Error{made.error()}.while_doing("making " + object.name);
  }
  fmt::print(stderr,
             "{:9} {}: {}\n          an administrator must run: {}\n"
             "          and give the role \"{}\" to who runs Sluice\n",
             "no right",
             object.name,
             escape_control(made.error().message()),
             object.command,
             object.role);
  return false;
}

auto make_container(const azure::BlobContainer& container,
                    const std::string& account,
                    const std::string& name,
                    const std::stop_token& stop) -> Result<bool> {
  return made_or_left(
      {.name = "container " + name,
       .role = "Storage Blob Data Contributor",
       .command =
           fmt::format("az storage container create --account-name {} --name {} --auth-mode login",
                       account,
                       name)},
      container.create(stop));
}

auto make_tables(const config::TableLedger& ledger, AzureAccess& azure, const std::stop_token& stop)
    -> Result<bool> {
  TRY(const auto place, azure.tables(ledger));
  bool all = true;
  for (const auto& [table, name] : {std::pair{&place.ledger, ledger.prefix + "ledger"},
                                    std::pair{&place.claims, ledger.prefix + "claims"}}) {
    TRY(const bool is_there,
        made_or_left({.name = "table " + name,
                      .role = "Storage Table Data Contributor",
                      .command = fmt::format(
                          "az storage table create --account-name {} --name {} --auth-mode login",
                          ledger.account,
                          name)},
                     table->create(stop)));
    all = all && is_there;
  }
  return all;
}

} // namespace

auto make_storage(const config::Config& config, AzureAccess& azure, const std::stop_token& stop)
    -> Result<bool> {
  bool all = true;
  if (const auto& archive = config.archive_blob; !archive.account.empty()) {
    TRY(const auto container, azure.container(archive));
    TRY(all, make_container(container, archive.account, archive.container, stop));
  }
  if (const auto& staging = config.adx.staging; !staging.account.empty()) {
    TRY(const auto container, azure.staging_container(staging));
    TRY(const bool made, make_container(container, staging.account, staging.container, stop));
    all = all && made;
  }
  if (!config.ledger_table.account.empty()) {
    TRY(const bool tables, make_tables(config.ledger_table, azure, stop));
    all = all && tables;
  }
  return all;
}

} // namespace sluice::app
