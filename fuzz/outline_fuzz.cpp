// SPDX-License-Identifier: Apache-2.0
// The outline of JSON within records: as plain text against simdjson's document, and as it stands
// in a string of a record against the plain text that this string says.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "base/check.hpp"
#include "record/json_outline.hpp"

namespace {

using namespace sluice;
using record::JsonKind;
using record::JsonOutline;

/// Every value in the order in which they begin, with what its string says.
auto listed(const JsonOutline& outline) -> std::string {
  std::string all;
  std::string storage;
  for (std::size_t at = 0; at < outline.size(); ++at) {
    const auto value = outline[at];
    all += static_cast<char>('0' + static_cast<int>(value.kind()));
    if (value.kind() == JsonKind::string) {
      all += value.text(storage);
    } else if (value.kind() == JsonKind::number || value.kind() == JsonKind::boolean) {
      all += value.raw();
    }
    all += '\n';
  }
  return all;
}

void check_plain(std::string_view text) {
  JsonOutline outline;
  simdjson::dom::parser parser;
  simdjson::dom::element whole;
  const bool is_read = parser.parse(simdjson::padded_string{text}).get(whole) == simdjson::SUCCESS;
  if (simdjson::validate_utf8(text) && outline.read(text, JsonOutline::Form::plain)) {
    static_cast<void>(listed(outline));
    CHECK(is_read);
  }
}

/// What stands in no string, as a text cut within an escape, must do no harm either.
void check_in_string(std::string_view text) {
  JsonOutline in_string;
  const bool is_read = in_string.read(text, JsonOutline::Form::in_string);
  simdjson::dom::parser parser;
  simdjson::dom::element whole;
  std::string_view said;
  const simdjson::padded_string quoted{'"' + std::string{text} + '"'};
  if (parser.parse(quoted).get(whole) != simdjson::SUCCESS ||
      whole.get_string().get(said) != simdjson::SUCCESS) {
    return;
  }
  if (is_read) {
    JsonOutline plain;
    CHECK(plain.read(said, JsonOutline::Form::plain));
    CHECK(listed(in_string) == listed(plain));
  }
}

} // namespace

extern "C" auto LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) -> int {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  check_plain(text);
  check_in_string(text);
  return 0;
}
