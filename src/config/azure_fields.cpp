// SPDX-License-Identifier: Apache-2.0
// How the services of Azure are signed in to, and the key vault.
#include "config/field_tables.hpp"

namespace sluice::config {
namespace {

constexpr std::array<std::string_view, 4> stages{"discover", "collect", "correlate", "deliver"};

// clang-format off
constexpr std::array table{
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
};
// clang-format on

} // namespace

auto azure_fields() -> std::span<const Field> {
  return table;
}

} // namespace sluice::config
