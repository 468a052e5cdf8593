// SPDX-License-Identifier: Apache-2.0
#include "record/record_skipper.hpp"

#include <simdjson.h>

namespace sluice::record {

auto RecordSkipper::feed(std::string_view text) -> std::size_t {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quotes_.toggled_by(c) || quotes_.in_string()) {
      continue;
    }
    if (c == '{' || c == '[') {
      ++depth_;
    } else if ((c == '}' || c == ']') && --depth_ == 0) {
      done_ = true;
      return i + 1;
    }
  }
  return text.size();
}

auto text_fault(std::string_view record) -> std::string_view {
  if (!simdjson::validate_utf8(record)) {
    return "not valid UTF-8";
  }
  QuoteState quotes;
  for (const char c : record) {
    if (quotes.in_string() && static_cast<unsigned char>(c) < 0x20) {
      return "a raw control character";
    }
    quotes.toggled_by(c);
  }
  return {};
}

} // namespace sluice::record
