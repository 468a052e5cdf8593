// SPDX-License-Identifier: Apache-2.0
// Where the archive and the embedded store are.
#include "config/field_tables.hpp"

namespace sluice::config {
namespace {

// clang-format off
constexpr std::array table{
    Field{.path = "archive", .type = FieldType::section, .required = true,
          .about = "Where content is kept as it was received, and what the rules kept of it: a directory, or a container of Azure Blob Storage."},
    Field{.path = "archive.directory", .type = FieldType::path, .fallback_note = "none",
          .about = "Made when it is missing. A relative path begins at the configuration file.",
          .assign = [](Config& c, FieldValue&& v) { c.archive_directory = std::move(v.text); }},
    Field{.path = "archive.blob", .type = FieldType::section,
          .about = "The container. Without a key or signature, `azure` signs in; the identity needs the role Storage Blob Data Contributor.",
          .begin = [](Config& c, Place p) { c.archive_blob.place = p; }},
    Field{.path = "archive.blob.account", .type = FieldType::name, .fallback_note = "none",
          .about = "The name of the storage account.",
          .assign = [](Config& c, FieldValue&& v) { c.archive_blob.account = std::move(v.text); }},
    Field{.path = "archive.blob.container", .type = FieldType::name, .fallback_note = "none",
          .about = "Made when it is missing.",
          .assign = [](Config& c, FieldValue&& v) { c.archive_blob.container = std::move(v.text); }},
    Field{.path = "archive.blob.endpoint", .type = FieldType::text, .fallback_note = "the account's in `azure.cloud`",
          .about = "Where the account's blobs are, for a private or emulated service: `http://127.0.0.1:10000/devstoreaccount1`.",
          .assign = [](Config& c, FieldValue&& v) { c.archive_blob.endpoint = std::move(v.text); }},
    Field{.path = "archive.blob.account_key", .type = FieldType::secret, .fallback_note = "none",
          .about = "A key of the account, which may do everything in it: an identity is better.",
          .assign = [](Config& c, FieldValue&& v) { c.archive_blob.key_reference = std::move(v.text); }},
    Field{.path = "archive.blob.signature", .type = FieldType::secret, .fallback_note = "none",
          .about = "A shared access signature of the container: `sv=...&sig=...`.",
          .assign = [](Config& c, FieldValue&& v) { c.archive_blob.signature_reference = std::move(v.text); }},

    Field{.path = "store", .type = FieldType::section,
          .about = "The embedded store that `sluice query` answers from. It may be left out where `destinations` names another place."},
    Field{.path = "store.directory", .type = FieldType::path, .fallback_note = "none",
          .about = "Made when it is missing.",
          .assign = [](Config& c, FieldValue&& v) { c.store_directory = std::move(v.text); }},
};
// clang-format on

} // namespace

auto place_fields() -> std::span<const Field> {
  return table;
}

} // namespace sluice::config
