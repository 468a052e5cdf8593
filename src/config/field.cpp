// SPDX-License-Identifier: Apache-2.0
#include "config/field.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::config {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::string_view, 6> clouds{
    "enterprise", "gcc", "gcc_high", "dod", "china", "custom"};
constexpr std::array<std::string_view, 4> stages{"discover", "collect", "correlate", "deliver"};
constexpr std::array<std::string_view, 6> credential_types{"automatic",
                                                           "client_secret",
                                                           "client_certificate",
                                                           "workload_identity",
                                                           "managed_identity",
                                                           "azure_cli"};
constexpr std::array<std::string_view, 2> assertion_forms{"PS256", "RS256"};
constexpr std::array<std::string_view, 5> content_types{
    "Audit.AzureActiveDirectory", "Audit.Exchange", "Audit.SharePoint", "Audit.General", "DLP.All"};
constexpr std::array<std::string_view, 4> log_levels{"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 2> log_formats{"text", "json"};

constexpr std::array<std::string_view, 2> adx_modes{"queued", "streaming"};
constexpr std::array<std::string_view, 2> told_or_not{"told", "left_out"};

auto as_log_level(std::string_view name) -> LogLevel {
  return name == "debug"     ? LogLevel::debug
         : name == "info"    ? LogLevel::info
         : name == "warning" ? LogLevel::warning
                             : LogLevel::error;
}

auto as_credential_type(std::string_view name) -> Credential::Type {
  const auto* row = std::ranges::find(credential_types, name);
  return static_cast<Credential::Type>(row - credential_types.begin()); // The same order.
}

auto as_form(std::string_view name) -> Credential::Form {
  return name == "RS256" ? Credential::Form::rs256 : Credential::Form::ps256;
}

auto as_bytes(std::int64_t number) -> std::uint64_t {
  return static_cast<std::uint64_t>(number);
}

// clang-format off
/// The option table. Defaults stand here and nowhere else.
constexpr std::array table{
    Field{.path = "tenants", .type = FieldType::list, .required = true,
          .about = "The Microsoft 365 tenants to collect from.",
          .begin = [](Config& c, Place p) { c.tenants.emplace_back().place = p; }},
    Field{.path = "tenants[].id", .type = FieldType::guid, .required = true,
          .about = "The tenant's id, as the Entra admin center shows it.",
          .assign = [](Config& c, FieldValue&& v) { c.tenants.back().id = std::move(v.text); }},
    Field{.path = "tenants[].name", .type = FieldType::name, .fallback_note = "the id",
          .about = "What messages and `sluice status` call it.",
          .assign = [](Config& c, FieldValue&& v) { c.tenants.back().name = std::move(v.text); }},
    Field{.path = "tenants[].cloud", .type = FieldType::choice, .fallback = "enterprise", .choices = clouds,
          .about = "The Microsoft cloud that the tenant lives in. `custom` takes its hosts from `endpoints`.",
          .assign = [](Config& c, FieldValue&& v) { c.tenants.back().cloud = std::move(v.text); }},
    Field{.path = "tenants[].endpoints", .type = FieldType::section, .when_key = "cloud", .when_value = "custom",
          .about = "The hosts of a custom cloud, such as a simulated tenant.",
          .begin = [](Config& c, Place) { c.tenants.back().endpoints.emplace(); }},
    Field{.path = "tenants[].endpoints.management", .type = FieldType::endpoint, .required = true,
          .about = "Where the Management Activity API answers. Tokens for it go to no other host.",
          .assign = [](Config& c, FieldValue&& v) { c.tenants.back().endpoints->management = std::move(v.text); }},
    Field{.path = "tenants[].endpoints.login", .type = FieldType::endpoint, .required = true,
          .about = "Where tokens are issued.",
          .assign = [](Config& c, FieldValue&& v) { c.tenants.back().endpoints->login = std::move(v.text); }},
    Field{.path = "tenants[].endpoints.audience", .type = FieldType::endpoint, .fallback_note = "`management`",
          .about = "The resource that tokens are asked for.",
          .assign = [](Config& c, FieldValue&& v) { c.tenants.back().endpoints->audience = std::move(v.text); }},
    Field{.path = "tenants[].credential", .type = FieldType::section, .required = true,
          .about = "How Sluice signs in to the tenant.",
          .begin = [](Config& c, Place p) { c.tenants.back().credential.place = p; }},
    Field{.path = "tenants[].credential.type", .type = FieldType::choice, .required = true, .choices = credential_types,
          .about = "A password of the application, or a certificate, which is safer; or a way without any secret, see [Azure](azure.md#signing-in).",
          .assign = [](Config& c, FieldValue&& v) { c.tenants.back().credential.type = as_credential_type(v.text); }},
    Field{.path = "tenants[].credential.client_id", .type = FieldType::guid, .fallback_note = "none",
          .about = "The application's id, or that of a user-assigned managed identity. It needs the permission `ActivityFeed.Read`, and `ActivityFeed.ReadDlp` for `DLP.All`.",
          .assign = [](Config& c, FieldValue&& v) { c.tenants.back().credential.client_id = std::move(v.text); }},
    Field{.path = "tenants[].credential.secret", .type = FieldType::secret,
          .when_key = "type", .when_value = "client_secret",
          .about = "The application's secret.",
          .assign = [](Config& c, FieldValue&& v) { c.tenants.back().credential.reference = std::move(v.text); }},
    Field{.path = "tenants[].credential.certificate", .type = FieldType::secret,
          .when_key = "type", .when_value = "client_certificate",
          .about = "The application's certificate and its RSA key, as PEM or PFX.",
          .assign = [](Config& c, FieldValue&& v) { c.tenants.back().credential.reference = std::move(v.text); }},
    Field{.path = "tenants[].credential.password", .type = FieldType::secret, .fallback_note = "none",
          .about = "The password of a PFX.",
          .assign = [](Config& c, FieldValue&& v) { c.tenants.back().credential.password_reference = std::move(v.text); }},
    Field{.path = "tenants[].credential.form", .type = FieldType::choice, .fallback = "PS256", .choices = assertion_forms,
          .about = "How a certificate signs; `RS256` for an identity provider that does not know `PS256` yet.",
          .assign = [](Config& c, FieldValue&& v) { c.tenants.back().credential.form = as_form(v.text); }},
    Field{.path = "tenants[].content_types", .type = FieldType::choices, .fallback_note = "those that the rules need",
          .choices = content_types,
          .about = "Which parts of the feed to collect.",
          .assign = [](Config& c, FieldValue&& v) { c.tenants.back().content_types = std::move(v.texts); }},

    Field{.path = "rules", .type = FieldType::list, .fallback = "user_reported_phishing", .shorthand = "ready",
          .about = "Which records are relevant: those that any of these rules keeps. An element is the name of a ready "
                   "rule set, or a rule of your own.",
          .begin = [](Config& c, Place p) { c.rules.emplace_back().place = p; }},
    Field{.path = "rules[].ready", .type = FieldType::name, .fallback_note = "none",
          .about = "The name of a ready rule set. A bare text means the same.",
          .assign = [](Config& c, FieldValue&& v) { c.rules.back().ready = std::move(v.text); }},
    Field{.path = "rules[].name", .type = FieldType::name, .fallback_note = "none",
          .about = "What the counts call a rule of your own. Goes with `where`.",
          .assign = [](Config& c, FieldValue&& v) { c.rules.back().name = std::move(v.text); }},
    Field{.path = "rules[].where", .type = FieldType::text, .fallback_note = "none",
          .about = "A KQL predicate over the record, such as `RecordType == 40 and Severity == \"High\"`.",
          .assign = [](Config& c, FieldValue&& v) { c.rules.back().where = std::move(v.text); }},
    Field{.path = "rules[].description", .type = FieldType::text, .fallback_note = "none",
          .about = "What the rule is for.",
          .assign = [](Config& c, FieldValue&& v) { c.rules.back().description = std::move(v.text); }},

    Field{.path = "cases", .type = FieldType::section,
          .about = "Alerts joined with the investigations that processed them: [cases](cases.md)."},
    Field{.path = "cases.kinds", .type = FieldType::list, .fallback = "user_reported_phishing", .shorthand = "ready",
          .about = "Which alerts and investigations make cases. A bare text is the name of a ready kind.",
          .begin = [](Config& c, Place p) { c.cases.kinds.emplace_back().place = p; }},
    Field{.path = "cases.kinds[].ready", .type = FieldType::name, .fallback_note = "none",
          .about = "`user_reported_phishing`, `malicious_url_click`, `zap_removals` or `admin_submission`.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.kinds.back().ready = std::move(v.text); }},
    Field{.path = "cases.kinds[].name", .type = FieldType::name, .fallback_note = "none",
          .about = "What column `Kind` calls these cases.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.kinds.back().name = std::move(v.text); }},
    Field{.path = "cases.kinds[].policies", .type = FieldType::texts, .fallback_note = "none",
          .about = "GUIDs of alert policies: looked at first, and never wrong.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.kinds.back().policies = std::move(v.texts); }},
    Field{.path = "cases.kinds[].investigation_types", .type = FieldType::texts, .fallback_note = "none",
          .about = "Types of investigations, when no policy fits.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.kinds.back().investigation_types = std::move(v.texts); }},
    Field{.path = "cases.kinds[].names", .type = FieldType::texts, .fallback_note = "none",
          .about = "Names of alert policies, when nothing else fits; letter case and unseen characters do not matter.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.kinds.back().names = std::move(v.texts); }},
    Field{.path = "cases.kinds[].excluded_names", .type = FieldType::texts, .fallback_note = "none",
          .about = "Alerts of these names are of another kind, unless their policy says otherwise.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.kinds.back().excluded_names = std::move(v.texts); }},
    Field{.path = "cases.statuses", .type = FieldType::section,
          .about = "Statuses of investigations that count differently from [the default](cases.md#when-a-case-is-processed), or are new."},
    Field{.path = "cases.statuses.in_progress", .type = FieldType::texts, .fallback_note = "as documented",
          .about = "Not processed yet.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.statuses.in_progress = std::move(v.texts); }},
    Field{.path = "cases.statuses.awaiting_action", .type = FieldType::texts, .fallback_note = "as documented",
          .about = "Processed; a person has to approve.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.statuses.awaiting_action = std::move(v.texts); }},
    Field{.path = "cases.statuses.finished", .type = FieldType::texts, .fallback_note = "as documented",
          .about = "Processed, with a verdict.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.statuses.finished = std::move(v.texts); }},
    Field{.path = "cases.statuses.aborted", .type = FieldType::texts, .fallback_note = "as documented",
          .about = "Given up.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.statuses.aborted = std::move(v.texts); }},
    Field{.path = "cases.aborted", .type = FieldType::choice, .fallback = "told", .choices = told_or_not,
          .about = "Whether an investigation that was given up makes a case, with outcome Aborted and not processed.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.tell_aborted = v.text == "told"; }},
    Field{.path = "cases.horizon", .type = FieldType::duration, .fallback = "9d", .least = "9d", .most = "90d",
          .about = "How long after its last record an alert or investigation is kept for records that may still come.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.horizon = milliseconds{v.number}; }},
    Field{.path = "cases.alert_grace", .type = FieldType::duration, .fallback = "1h", .least = "0s", .most = "7d",
          .about = "How long a case waits for its alert's own records before it is told without them.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.alert_grace = milliseconds{v.number}; }},
    Field{.path = "cases.investigation_grace", .type = FieldType::duration, .fallback = "24h", .least = "0s", .most = "7d",
          .about = "How long an alert that was resolved with a link to an investigation waits for the investigation's own records.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.investigation_grace = milliseconds{v.number}; }},
    Field{.path = "cases.keep", .type = FieldType::duration, .fallback = "400d", .least = "9d", .most = "3650d",
          .about = "How long the ledger keeps versions of cases that have a newer one.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.keep = milliseconds{v.number}; }},
    Field{.path = "cases.max_open", .type = FieldType::count, .fallback = "1000000", .least = "1000", .most = "100000000",
          .about = "Alerts and investigations that are kept at once, some kilobytes each; beyond it the oldest are given up, and reported.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.max_open = as_bytes(v.number); }},

    Field{.path = "azure", .type = FieldType::section,
          .about = "How Sluice signs in to services of Azure: the key vault, storage and Azure Data Explorer. See [Azure](azure.md).",
          .begin = [](Config& c, Place p) { c.azure.place = p; }},
    Field{.path = "azure.tenant", .type = FieldType::guid, .fallback_note = "none",
          .about = "The tenant that the subscription belongs to. Secrets and certificates need it.",
          .assign = [](Config& c, FieldValue&& v) { c.azure.tenant = std::move(v.text); }},
    Field{.path = "azure.cloud", .type = FieldType::choice, .fallback = "enterprise", .choices = clouds,
          .about = "The Microsoft cloud of the subscription. `custom` takes its hosts from `azure.login` and the endpoints of each service.",
          .assign = [](Config& c, FieldValue&& v) { c.azure.cloud = std::move(v.text); }},
    Field{.path = "azure.login", .type = FieldType::endpoint, .when_key = "cloud", .when_value = "custom",
          .about = "Where tokens are issued.",
          .assign = [](Config& c, FieldValue&& v) { c.azure.login = std::move(v.text); }},
    Field{.path = "azure.credential", .type = FieldType::section,
          .about = "Who Sluice is in Azure.",
          .begin = [](Config& c, Place p) { c.azure.credential.place = p; }},
    Field{.path = "azure.credential.type", .type = FieldType::choice, .fallback = "automatic", .choices = credential_types,
          .about = "A secret of an application, its certificate, or a way without any secret, see [Azure](azure.md#signing-in).",
          .assign = [](Config& c, FieldValue&& v) { c.azure.credential.type = as_credential_type(v.text); }},
    Field{.path = "azure.credential.client_id", .type = FieldType::guid, .fallback_note = "none",
          .about = "The application's id, or that of a user-assigned managed identity.",
          .assign = [](Config& c, FieldValue&& v) { c.azure.credential.client_id = std::move(v.text); }},
    Field{.path = "azure.credential.secret", .type = FieldType::secret,
          .when_key = "type", .when_value = "client_secret",
          .about = "The application's secret.",
          .assign = [](Config& c, FieldValue&& v) { c.azure.credential.reference = std::move(v.text); }},
    Field{.path = "azure.credential.certificate", .type = FieldType::secret,
          .when_key = "type", .when_value = "client_certificate",
          .about = "The application's certificate and its RSA key, as PEM or PFX.",
          .assign = [](Config& c, FieldValue&& v) { c.azure.credential.reference = std::move(v.text); }},
    Field{.path = "azure.credential.password", .type = FieldType::secret, .fallback_note = "none",
          .about = "The password of a PFX.",
          .assign = [](Config& c, FieldValue&& v) { c.azure.credential.password_reference = std::move(v.text); }},
    Field{.path = "azure.credential.form", .type = FieldType::choice, .fallback = "PS256", .choices = assertion_forms,
          .about = "How a certificate signs; `RS256` for an identity provider that does not know `PS256` yet.",
          .assign = [](Config& c, FieldValue&& v) { c.azure.credential.form = as_form(v.text); }},
    Field{.path = "azure.stages", .type = FieldType::list, .fallback_note = "none",
          .about = "Stages that are somebody else in Azure, with no more rights than they need. Such a stage runs in a process of its own: `sluice run --stages NAME`.",
          .begin = [](Config& c, Place p) { c.azure.stages.push_back({.stage = {}, .credential = {}, .place = p}); }},
    Field{.path = "azure.stages[].stage", .type = FieldType::choice, .required = true, .choices = stages,
          .about = "Which.",
          .assign = [](Config& c, FieldValue&& v) { c.azure.stages.back().stage = std::move(v.text); }},
    Field{.path = "azure.stages[].credential", .type = FieldType::section, .required = true,
          .about = "Who it is, in place of `azure.credential`.",
          .begin = [](Config& c, Place p) { c.azure.stages.back().credential.place = p; }},
    Field{.path = "azure.stages[].credential.type", .type = FieldType::choice, .fallback = "automatic", .choices = credential_types,
          .about = "A secret of an application, its certificate, or a way without any secret, see [Azure](azure.md#signing-in).",
          .assign = [](Config& c, FieldValue&& v) { c.azure.stages.back().credential.type = as_credential_type(v.text); }},
    Field{.path = "azure.stages[].credential.client_id", .type = FieldType::guid, .fallback_note = "none",
          .about = "The application's id, or that of a user-assigned managed identity.",
          .assign = [](Config& c, FieldValue&& v) { c.azure.stages.back().credential.client_id = std::move(v.text); }},
    Field{.path = "azure.stages[].credential.secret", .type = FieldType::secret,
          .when_key = "type", .when_value = "client_secret",
          .about = "The application's secret.",
          .assign = [](Config& c, FieldValue&& v) { c.azure.stages.back().credential.reference = std::move(v.text); }},
    Field{.path = "azure.stages[].credential.certificate", .type = FieldType::secret,
          .when_key = "type", .when_value = "client_certificate",
          .about = "The application's certificate and its RSA key, as PEM or PFX.",
          .assign = [](Config& c, FieldValue&& v) { c.azure.stages.back().credential.reference = std::move(v.text); }},
    Field{.path = "azure.stages[].credential.password", .type = FieldType::secret, .fallback_note = "none",
          .about = "The password of a PFX.",
          .assign = [](Config& c, FieldValue&& v) { c.azure.stages.back().credential.password_reference = std::move(v.text); }},
    Field{.path = "azure.stages[].credential.form", .type = FieldType::choice, .fallback = "PS256", .choices = assertion_forms,
          .about = "How a certificate signs; `RS256` for an identity provider that does not know `PS256` yet.",
          .assign = [](Config& c, FieldValue&& v) { c.azure.stages.back().credential.form = as_form(v.text); }},
    Field{.path = "key_vault", .type = FieldType::section,
          .about = "The key vault that `keyvault:NAME` reads from."},
    Field{.path = "key_vault.url", .type = FieldType::endpoint, .fallback_note = "none",
          .about = "Such as `https://contoso.vault.azure.net`.",
          .assign = [](Config& c, FieldValue&& v) { c.key_vault_url = std::move(v.text); }},

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

    Field{.path = "publisher_identifier", .type = FieldType::guid, .fallback_note = "each tenant's own id",
          .about = "Sent with every request, so that the service counts them for your organisation.",
          .assign = [](Config& c, FieldValue&& v) { c.publisher_identifier = std::move(v.text); }},

    Field{.path = "polling", .type = FieldType::section, .about = "How the feed is listed."},
    Field{.path = "polling.interval", .type = FieldType::duration, .fallback = "1m", .least = "1s", .most = "1d",
          .about = "From the beginning of one listing to the next.",
          .assign = [](Config& c, FieldValue&& v) { c.polling.interval = milliseconds{v.number}; }},
    Field{.path = "polling.window", .type = FieldType::duration, .fallback = "6h", .least = "1m", .most = "23h",
          .about = "Span of one listing. Windows lie on a fixed grid, so that content ids stay the same from listing to listing.",
          .assign = [](Config& c, FieldValue&& v) { c.polling.window = milliseconds{v.number}; }},
    Field{.path = "polling.overlap", .type = FieldType::duration, .fallback = "6h", .least = "1m", .most = "6d",
          .about = "How far back finished windows are listed again: content may turn up late.",
          .assign = [](Config& c, FieldValue&& v) { c.polling.overlap = milliseconds{v.number}; }},
    Field{.path = "polling.settle", .type = FieldType::duration, .fallback = "5m", .least = "0s", .most = "12h",
          .about = "How old a window's end must be before it counts as finished.",
          .assign = [](Config& c, FieldValue&& v) { c.polling.settle = milliseconds{v.number}; }},
    Field{.path = "polling.full_listing_interval", .type = FieldType::duration, .fallback = "24h", .least = "1h", .most = "6d",
          .about = "How often everything that the service still offers is listed again.",
          .assign = [](Config& c, FieldValue&& v) { c.polling.full_listing_interval = milliseconds{v.number}; }},

    Field{.path = "limits", .type = FieldType::section,
          .about = "Bounds on what Sluice asks of the service and of this machine. Content beyond a bound is set aside and reported."},
    Field{.path = "limits.requests_per_minute", .type = FieldType::count, .fallback = "2000", .least = "1", .most = "6000000",
          .about = "Requests to one tenant's API. It goes lower by itself when the service asks for it.",
          .assign = [](Config& c, FieldValue&& v) { c.limits.requests_per_minute = as_bytes(v.number); }},
    Field{.path = "limits.parallel_retrievals", .type = FieldType::count, .fallback = "16", .least = "1", .most = "256",
          .about = "Contents retrieved at the same time.",
          .assign = [](Config& c, FieldValue&& v) { c.limits.parallel_retrievals = as_bytes(v.number); }},
    Field{.path = "limits.max_content_bytes", .type = FieldType::size, .fallback = "1GiB", .least = "1MiB", .most = "64GiB",
          .about = "Size of one content, as it came and once inflated.",
          .assign = [](Config& c, FieldValue&& v) { c.limits.max_content_bytes = as_bytes(v.number); }},
    Field{.path = "limits.max_record_bytes", .type = FieldType::size, .fallback = "4MiB", .least = "64KiB", .most = "256MiB",
          .about = "Size of one record. A retrieval needs six times this much memory while such a record passes.",
          .assign = [](Config& c, FieldValue&& v) { c.limits.max_record_bytes = as_bytes(v.number); }},
    Field{.path = "limits.max_expansion_ratio", .type = FieldType::count, .fallback = "300", .least = "10", .most = "1100",
          .about = "Inflated bytes for each compressed byte of a content.",
          .assign = [](Config& c, FieldValue&& v) { c.limits.max_expansion_ratio = as_bytes(v.number); }},

    Field{.path = "retry", .type = FieldType::section, .about = "How soon something that failed is tried again."},
    Field{.path = "retry.first_wait", .type = FieldType::duration, .fallback = "1s", .least = "1ms", .most = "5m",
          .about = "The longest wait after the first failure. It doubles with each further one.",
          .assign = [](Config& c, FieldValue&& v) { c.retry.first_wait = milliseconds{v.number}; }},
    Field{.path = "retry.longest_wait", .type = FieldType::duration, .fallback = "5m", .least = "1ms", .most = "1h",
          .about = "No wait is longer, unless the service asks for it.",
          .assign = [](Config& c, FieldValue&& v) { c.retry.longest_wait = milliseconds{v.number}; }},

    Field{.path = "tls", .type = FieldType::section, .about = "How servers are recognised. Their certificates are always checked."},
    Field{.path = "tls.authorities_file", .type = FieldType::path, .fallback_note = "the system's",
          .about = "Certificates of the authorities that vouch for servers, PEM, in place of the system's: for a proxy or a private cloud with an authority of its own.",
          .assign = [](Config& c, FieldValue&& v) { c.authorities_file = std::move(v.text); }},

    Field{.path = "log", .type = FieldType::section, .about = "Messages go to standard error."},
    Field{.path = "log.level", .type = FieldType::choice, .fallback = "info", .choices = log_levels,
          .about = "The least severe message to write.",
          .assign = [](Config& c, FieldValue&& v) { c.log.level = as_log_level(v.text); }},
    Field{.path = "log.format", .type = FieldType::choice, .fallback = "text", .choices = log_formats,
          .about = "A readable line, or a JSON object a line for a log collector.",
          .assign = [](Config& c, FieldValue&& v) { c.log.format = v.text == "json" ? LogFormat::json : LogFormat::text; }},
};
// clang-format on

} // namespace

auto Field::key() const noexcept -> std::string_view {
  return path.substr(parent().size());
}

auto Field::parent() const noexcept -> std::string_view {
  const auto dot = path.rfind('.');
  return dot == path.npos ? std::string_view{} : path.substr(0, dot + 1);
}

auto Field::prefix() const -> std::string {
  return std::string{path} + (type == FieldType::list ? "[]." : ".");
}

auto fields() -> std::span<const Field> {
  return table;
}

auto fields_in(std::string_view prefix) -> std::vector<const Field*> {
  std::vector<const Field*> found;
  for (const auto& field : table) {
    if (field.parent() == prefix) {
      found.push_back(&field);
    }
  }
  return found;
}

} // namespace sluice::config
