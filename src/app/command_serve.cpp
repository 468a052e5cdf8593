// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/command.hpp"
#include "app/configuration.hpp"
#include "app/interrupt.hpp"
#include "app/simulated_tenant.hpp"
#include "azure/storage_account.hpp"
#include "base/clock.hpp"
#include "endpoint/endpoint.hpp"
#include "http/curl_client.hpp"
#include "identity/secret_reference.hpp"

namespace sluice::app {
namespace {

/// A storage account whose container and queues are lent to clients.
struct LentAccount {
  std::string name;
  std::string key;
  std::string blobs;
  std::string queues;
};

struct ServeOptions {
  std::filesystem::path config;
  std::string listen = "127.0.0.1:8080";
  std::string token;
  std::filesystem::path address_file;
  LentAccount lent;
  std::filesystem::path authorities_file;
  endpoint::EndpointOptions endpoint;
};

/// `HOST:PORT`; an IPv6 address stands in brackets.
auto set_address(const std::string& listen, endpoint::EndpointOptions& options) -> Result<> {
  const auto colon = listen.rfind(':');
  const auto digits = colon == std::string::npos ? std::string{} : listen.substr(colon + 1);
  unsigned port = 65'536;
  if (!digits.empty() && digits.size() <= 5 &&
      digits.find_first_not_of("0123456789") == std::string::npos) {
    port = static_cast<unsigned>(std::stoul(digits));
  }
  if (colon == 0 || port > 65'535) {
    return Error{ErrorKind::invalid_input, fmt::format("`{}` is not HOST:PORT", listen)};
  }
  options.host = listen.substr(0, colon);
  if (options.host.starts_with('[') && options.host.ends_with(']')) {
    options.host = options.host.substr(1, options.host.size() - 2);
  }
  options.port = static_cast<std::uint16_t>(port);
  return {};
}

auto open_lent(const LentAccount& lent, http::HttpClient& client, Clock& clock)
    -> Result<std::unique_ptr<endpoint::LentStorage>> {
  TRY(auto account, azure::storage_account(lent.name, *azure::storage_suffix("enterprise")));
  if (!lent.blobs.empty()) {
    TRY(account, azure::custom_storage_account(lent.name, lent.blobs, lent.queues, lent.queues));
  }
  TRY(auto key, identity::resolve_secret(lent.key));
  return endpoint::LentStorage::open(client, clock, std::move(account), std::move(key))
      .while_doing("making what is lent to clients");
}

auto serve(ServeOptions& options) -> Result<> {
  const Interrupt interrupt;
  SystemClock clock;
  TRY(const auto client, http::CurlClient::create({.authorities_file = options.authorities_file}));
  if (!options.lent.name.empty()) {
    TRY(options.endpoint.lent, open_lent(options.lent, *client, clock));
  }
  TRY_DO(set_address(options.listen, options.endpoint));
  if (!options.token.empty()) {
    TRY(options.endpoint.token, identity::resolve_secret(options.token));
  }
  TRY(const auto endpoint, endpoint::Endpoint::start(std::move(options.endpoint), clock));
  if (!options.address_file.empty()) {
    TRY_DO(write_private_file(options.address_file, endpoint->url()));
  }
  fmt::print(stderr, "serving the store at {}; Ctrl-C ends it\n", endpoint->url());
  while (clock.wait(std::chrono::hours{1}, interrupt.token())) {
  }
  return {};
}

} // namespace

void declare_lent(CLI::App& parser, LentAccount& lent) {
  auto* name =
      parser.add_option("--lend-account",
                        lent.name,
                        "Storage account whose container and queues clients upload through, in "
                        "place of the endpoint's own");
  auto* key =
      parser.add_option("--lend-key",
                        lent.key,
                        "`file:/absolute/path` of the account's key, which signs for clients");
  auto* blobs = parser.add_option(
      "--lend-blobs", lent.blobs, "Where its blobs are, if not in Azure's public cloud");
  auto* queues = parser.add_option("--lend-queues", lent.queues, "Where its queues are");
  name->needs(key);
  key->needs(name);
  blobs->needs(name)->needs(queues);
  queues->needs(blobs);
}

auto declare_serve(CLI::App& parser) -> CommandBody {
  auto options = std::make_shared<ServeOptions>();
  auto& endpoint = options->endpoint;
  endpoint.version = SLUICE_VERSION;
  auto* config =
      parser.add_option("-c,--config", options->config, "Serve the store of this configuration");
  parser.add_option("--store", endpoint.store, "Serve the store in this directory")
      ->excludes(config);
  parser.add_option("--listen", options->listen, "HOST:PORT to serve at; port 0 takes a free one")
      ->capture_default_str();
  parser.add_option("--database", endpoint.database, "What clients call the database")
      ->capture_default_str();
  auto* certificate = parser.add_option(
      "--certificate", endpoint.certificate_file, "PEM certificate to show: serves https");
  parser.add_option("--key", endpoint.key_file, "Its key")->needs(certificate);
  parser.add_option(
      "--token", options->token, "`file:/absolute/path` of the token that clients must show");
  parser.add_option(
      "--allow-origin", endpoint.origins, "A web page that may ask, such as https://example.com");
  parser.add_flag("--prefer-rest",
                  endpoint.prefers_rest,
                  "Tell clients to hand in blobs over REST in place of the queues");
  declare_lent(parser, options->lent);
  parser.add_option(
      "--address-file", options->address_file, "Write the address to this file once it serves");
  return [options] {
    if (!options->config.empty()) {
      const auto configuration = load_configuration(options->config);
      if (!configuration) {
        return ExitCode::config;
      }
      const auto there = store_of(*configuration);
      if (!there) {
        return report(there.error());
      }
      options->endpoint.store = *there;
      options->authorities_file = configuration->authorities_file;
    }
    if (options->endpoint.store.empty()) {
      fmt::print(stderr, "error: which store? give -c FILE or --store DIR\n");
      return ExitCode::usage;
    }
    const auto served = serve(*options);
    return served ? ExitCode::ok : report(served.error());
  };
}

} // namespace sluice::app
