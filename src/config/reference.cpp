// SPDX-License-Identifier: Apache-2.0
#include "config/reference.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/field.hpp"

namespace sluice::config {
namespace {

auto type_in_words(const Field& field) -> std::string {
  switch (field.type) {
  case FieldType::section:
    return "options";
  case FieldType::list:
    return "list of options";
  case FieldType::text:
    return "text";
  case FieldType::name:
    return "name";
  case FieldType::guid:
    return "GUID";
  case FieldType::choice:
    return fmt::format("`{}`", fmt::join(field.choices, "`, `"));
  case FieldType::choices:
    return fmt::format("list of `{}`", fmt::join(field.choices, "`, `"));
  case FieldType::texts:
    return "list of texts";
  case FieldType::duration:
    return fmt::format("duration, {} to {}", field.least, field.most);
  case FieldType::size:
    return fmt::format("size, {} to {}", field.least, field.most);
  case FieldType::count:
    return fmt::format("number, {} to {}", field.least, field.most);
  case FieldType::path:
    return "path";
  case FieldType::endpoint:
    return "origin";
  case FieldType::secret:
    return "reference to a secret";
  }
  return {};
}

auto default_in_words(const Field& field) -> std::string {
  if (field.required) {
    return "**required**";
  }
  if (!field.when_key.empty()) {
    return fmt::format("**required** with `{}: {}`", field.when_key, field.when_value);
  }
  if (field.type == FieldType::section) {
    return "see below";
  }
  return field.fallback.empty() ? std::string{field.fallback_note}
                                : fmt::format("`{}`", field.fallback);
}

auto is_group(const Field& field) -> bool {
  return field.type == FieldType::section || field.type == FieldType::list;
}

/// The table of the options in `prefix`, then one part for each group among them.
void append_part(std::string& out, std::string_view prefix) {
  const auto options = fields_in(prefix);
  out += "| option | value | default | meaning |\n|---|---|---|---|\n";
  for (const auto* field : options) {
    out += fmt::format("| `{}` | {} | {} | {} |\n",
                       field->key(),
                       type_in_words(*field),
                       default_in_words(*field),
                       field->about);
  }
  for (const auto* field : options) {
    if (is_group(*field)) {
      const auto inner = field->prefix();
      out += fmt::format(
          "\n## `{}`\n\n{}\n\n", std::string_view{inner}.substr(0, inner.size() - 1), field->about);
      append_part(out, inner);
    }
  }
}

constexpr std::string_view introduction = R"(# Configuration

This page is made from the option table in [src/config/](../src/config) (`*_fields.cpp`).

The configuration is one YAML file. The smallest one that works:

```yaml
)";

constexpr std::string_view rules_of_form = R"(```

`sluice validate -c FILE` checks it and names every mistake with its line. Editors complete and check
it with the JSON Schema in [sluice.schema.json](sluice.schema.json).

- A key that is not listed here is a mistake, and so are keys twice, anchors, aliases and tags.
- A *duration* is written `500ms`, `90s`, `5m`, `23h`, `7d`; a *size* `512KiB`, `64MiB`, `2GiB` or a
  number of bytes.
- A *path* that is not absolute begins at the folder of the configuration file.
- A *name* is 1 to 64 letters, digits, `_`, `-` or `.`.
- An *origin* is `https://host[:port]`, without a path. Plain http is for loopback hosts only.
- A *reference to a secret* is `file:/absolute/path`, `cred:NAME` (a credential of the systemd unit) or
  `keyvault:NAME` (a secret of the key vault). A secret never stands in the configuration.

## Top level

)";

} // namespace

auto smallest_example() -> std::string_view {
  return R"(tenants:
  - id: 11111111-2222-3333-4444-555555555555
    name: contoso
    credential:
      type: client_secret
      client_id: 66666666-7777-8888-9999-000000000000
      secret: "file:/etc/sluice/secret"
archive: {directory: /var/lib/sluice/archive}
store: {directory: /var/lib/sluice/store}
)";
}

auto reference_page() -> std::string {
  auto out = fmt::format("{}{}{}", introduction, smallest_example(), rules_of_form);
  append_part(out, "");
  return out;
}

} // namespace sluice::config
