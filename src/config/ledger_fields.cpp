// SPDX-License-Identifier: Apache-2.0
// Where the ledger is.
#include <chrono>

#include "config/field_tables.hpp"

namespace sluice::config {
namespace {

using std::chrono::milliseconds;

// clang-format off
constexpr std::array table{
    Field{.path = "ledger", .type = FieldType::section,
          .about = "The account of every content id: listed, collected, delivered."},
    Field{.path = "ledger.path", .type = FieldType::path, .fallback_note = "`ledger.sqlite` beside the archive directory, or beside the store's",
          .about = "A file on a local disk.",
          .assign = [](Config& c, FieldValue&& v) { c.ledger_path = std::move(v.text); }},

    Field{.path = "ledger.table", .type = FieldType::section,
          .about = "In place of the file: tables of Azure Table Storage, which processes on many machines share. Without a key or signature, `azure` signs in; the identity needs the role Storage Table Data Contributor. See [Azure](azure.md#many-machines).",
          .begin = [](Config& c, Place p) { c.ledger_table.place = p; }},
    Field{.path = "ledger.table.account", .type = FieldType::name, .fallback_note = "none",
          .about = "The name of the storage account.",
          .assign = [](Config& c, FieldValue&& v) { c.ledger_table.account = std::move(v.text); }},
    Field{.path = "ledger.table.prefix", .type = FieldType::name, .fallback = "sluice",
          .about = "Begins the names of the tables, `PREFIXledger` and `PREFIXclaims`, which are made when they are missing. Letters and digits, the first a letter.",
          .assign = [](Config& c, FieldValue&& v) { c.ledger_table.prefix = std::move(v.text); }},
    Field{.path = "ledger.table.endpoint", .type = FieldType::text, .fallback_note = "the account's in `azure.cloud`",
          .about = "Where the account's tables are, for a private or emulated service: `http://127.0.0.1:10002/devstoreaccount1`.",
          .assign = [](Config& c, FieldValue&& v) { c.ledger_table.endpoint = std::move(v.text); }},
    Field{.path = "ledger.table.account_key", .type = FieldType::secret, .fallback_note = "none",
          .about = "A key of the account, which may do everything in it: an identity is better.",
          .assign = [](Config& c, FieldValue&& v) { c.ledger_table.key_reference = std::move(v.text); }},
    Field{.path = "ledger.table.signature", .type = FieldType::secret, .fallback_note = "none",
          .about = "A shared access signature of the account's table service: `sv=...&sig=...`.",
          .assign = [](Config& c, FieldValue&& v) { c.ledger_table.signature_reference = std::move(v.text); }},
    Field{.path = "ledger.table.silence", .type = FieldType::duration, .fallback = "30s", .least = "1s", .most = "1h",
          .about = "A process that gave no sign of life for so long is taken for dead, and others do its work.",
          .assign = [](Config& c, FieldValue&& v) { c.ledger_table.silence = milliseconds{v.number}; }},
};
// clang-format on

} // namespace

auto ledger_fields() -> std::span<const Field> {
  return table;
}

} // namespace sluice::config
