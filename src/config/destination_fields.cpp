// SPDX-License-Identifier: Apache-2.0
// Where records and cases go besides.
#include "config/field_tables.hpp"

namespace sluice::config {
namespace {

constexpr std::array<std::string_view, 2> adx_modes{"queued", "streaming"};

// clang-format off
constexpr std::array table{
    Field{.path = "destinations", .type = FieldType::section,
          .about = "Where records and cases go besides the embedded store."},
    Field{.path = "destinations.adx", .type = FieldType::section,
          .about = "A database of Azure Data Explorer: [Azure](azure.md#azure-data-explorer). `sluice init` makes its tables.",
          .begin = [](Config& c, Place p) { c.adx.place = p; }},
    Field{.path = "destinations.adx.cluster", .type = FieldType::endpoint, .fallback_note = "none",
          .about = "The cluster, such as `https://contoso.westeurope.kusto.windows.net`, or a `sluice serve`.",
          .assign = [](Config& c, FieldValue&& v) { c.adx.cluster = std::move(v.text); }},
    Field{.path = "destinations.adx.ingestion", .type = FieldType::endpoint, .fallback_note = "`ingest-` before the cluster's host",
          .about = "The cluster's data management address.",
          .assign = [](Config& c, FieldValue&& v) { c.adx.ingestion = std::move(v.text); }},
    Field{.path = "destinations.adx.database", .type = FieldType::name, .fallback = "sluice",
          .about = "The database, which must exist.",
          .assign = [](Config& c, FieldValue&& v) { c.adx.database = std::move(v.text); }},
    Field{.path = "destinations.adx.mode", .type = FieldType::choice, .fallback = "queued", .choices = adx_modes,
          .about = "`queued` stores every record once. `streaming` makes records visible within seconds, but one whose acknowledgement was lost may stand there twice; `UniqueAuditRecords()` leaves it out.",
          .assign = [](Config& c, FieldValue&& v) { c.adx.mode = v.text == "streaming" ? Adx::Mode::streaming : Adx::Mode::queued; }},
    Field{.path = "destinations.adx.credential", .type = FieldType::section,
          .about = "How Sluice signs in to the cluster, when not as `azure.credential` says. The identity needs the role Database Ingestor.",
          .begin = [](Config& c, Place p) { c.adx.credential.emplace().place = p; }},
    Field{.path = "destinations.adx.credential.type", .type = FieldType::choice, .fallback_note = "`automatic`", .choices = credential_types,
          .about = "As `azure.credential.type`.",
          .assign = [](Config& c, FieldValue&& v) { c.adx.credential->type = as_credential_type(v.text); }},
    Field{.path = "destinations.adx.credential.client_id", .type = FieldType::guid, .fallback_note = "none",
          .about = "The application's id, or that of a user-assigned managed identity.",
          .assign = [](Config& c, FieldValue&& v) { c.adx.credential->client_id = std::move(v.text); }},
    Field{.path = "destinations.adx.credential.secret", .type = FieldType::secret,
          .when_key = "type", .when_value = "client_secret",
          .about = "The application's secret.",
          .assign = [](Config& c, FieldValue&& v) { c.adx.credential->reference = std::move(v.text); }},
    Field{.path = "destinations.adx.credential.certificate", .type = FieldType::secret,
          .when_key = "type", .when_value = "client_certificate",
          .about = "The application's certificate and its RSA key, as PEM or PFX.",
          .assign = [](Config& c, FieldValue&& v) { c.adx.credential->reference = std::move(v.text); }},
    Field{.path = "destinations.adx.credential.password", .type = FieldType::secret, .fallback_note = "none",
          .about = "The password of a PFX.",
          .assign = [](Config& c, FieldValue&& v) { c.adx.credential->password_reference = std::move(v.text); }},
    Field{.path = "destinations.adx.staging", .type = FieldType::section,
          .about = "A container of one's own, from which the cluster takes what it ingests, in place of those that it lends: [Azure](azure.md#a-container-of-ones-own).",
          .begin = [](Config& c, Place p) { c.adx.staging.place = p; }},
    Field{.path = "destinations.adx.staging.account", .type = FieldType::name, .fallback_note = "none",
          .about = "The name of the storage account.",
          .assign = [](Config& c, FieldValue&& v) { c.adx.staging.account = std::move(v.text); }},
    Field{.path = "destinations.adx.staging.container", .type = FieldType::name, .fallback_note = "none",
          .about = "The container; `sluice init` makes it.",
          .assign = [](Config& c, FieldValue&& v) { c.adx.staging.container = std::move(v.text); }},
    Field{.path = "destinations.adx.staging.managed_identity", .type = FieldType::name, .fallback_note = "none",
          .about = "As whom the cluster reads the container: `system`, or the object id of a managed identity of the cluster. Without, it reads by `account_key` or `signature`.",
          .assign = [](Config& c, FieldValue&& v) { c.adx.staging.managed_identity = std::move(v.text); }},
    Field{.path = "destinations.adx.staging.endpoint", .type = FieldType::text, .fallback_note = "the account's in `azure.cloud`",
          .about = "Where the account's blobs are, for a private or emulated service.",
          .assign = [](Config& c, FieldValue&& v) { c.adx.staging.endpoint = std::move(v.text); }},
    Field{.path = "destinations.adx.staging.account_key", .type = FieldType::secret, .fallback_note = "none",
          .about = "A key of the account. The cluster gets a signature that is made for each blob, to read that alone, for a day.",
          .assign = [](Config& c, FieldValue&& v) { c.adx.staging.key_reference = std::move(v.text); }},
    Field{.path = "destinations.adx.staging.signature", .type = FieldType::secret, .fallback_note = "none",
          .about = "A shared access signature of the container, by which Sluice writes and, without `managed_identity`, the cluster reads: `sv=...&sig=...`.",
          .assign = [](Config& c, FieldValue&& v) { c.adx.staging.signature_reference = std::move(v.text); }},
};
// clang-format on

} // namespace

auto destination_fields() -> std::span<const Field> {
  return table;
}

} // namespace sluice::config
