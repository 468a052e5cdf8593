// SPDX-License-Identifier: Apache-2.0
// The tenants, and which of their records are relevant.
#include "config/field_tables.hpp"

namespace sluice::config {
namespace {

constexpr std::array<std::string_view, 5> content_types{
    "Audit.AzureActiveDirectory", "Audit.Exchange", "Audit.SharePoint", "Audit.General", "DLP.All"};

// clang-format off
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
};
// clang-format on

} // namespace

auto tenant_fields() -> std::span<const Field> {
  return table;
}

} // namespace sluice::config
