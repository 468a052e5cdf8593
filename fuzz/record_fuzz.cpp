// SPDX-License-Identifier: Apache-2.0
// The record scanner against itself, cut differently, and against simdjson's document. The first
// byte of the input chooses the cuts, the rest is the content.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "base/check.hpp"
#include "record/record_scanner.hpp"

namespace {

using namespace sluice;
using record::BadRecord;
using record::RecordScanner;
using record::ScannedRecord;

/// What a scan found, in a form that can be compared.
struct Findings final : record::RecordSink {
  struct Found {
    bool good = false;
    std::uint64_t offset = 0;
    std::string bytes;
    std::string record_type;
    friend auto operator==(const Found&, const Found&) -> bool = default;
  };
  std::vector<Found> found;
  std::optional<std::string> error;

  auto on_record(const ScannedRecord& r) -> Result<> override {
    found.push_back({true, r.offset, std::string{r.bytes}, std::string{r.fields[0]}});
    return {};
  }
  auto on_bad_record(const BadRecord& r) -> Result<> override {
    found.push_back({false, r.offset, std::string{r.bytes}, {}});
    return {};
  }
};

void scan(std::string_view content, std::size_t chunk, std::size_t window, Findings& findings) {
  RecordScanner scanner{{"RecordType"}, {.window_bytes = window, .max_depth = 2048}};
  Result<> result;
  for (std::size_t at = 0; at < content.size() && result; at += chunk) {
    result = scanner.feed(content.substr(at, chunk), findings);
  }
  if (result) {
    result = scanner.finish(findings);
  }
  if (!result) {
    findings.error = result.error().message();
  }
}

auto text_of(simdjson::dom::element element) -> std::string {
  return simdjson::minify(element);
}

/// The last value of the key, as text; empty when there is none.
auto last_record_type(simdjson::dom::object object) -> std::string {
  std::string text;
  for (const auto field : object) {
    if (field.key == "RecordType") {
      text = text_of(field.value);
    }
  }
  return text;
}

void compare(const Findings::Found& found, simdjson::dom::element element) {
  simdjson::dom::parser parser;
  CHECK(found.good == element.is_object());
  if (found.good) {
    simdjson::dom::element parsed;
    CHECK(parser.parse(found.bytes).get(parsed) == simdjson::SUCCESS);
    CHECK(text_of(parsed) == text_of(element));
    const auto expected = last_record_type(element.get_object());
    CHECK(found.record_type.empty() == expected.empty());
    if (!expected.empty()) {
      CHECK(parser.parse(found.record_type).get(parsed) == simdjson::SUCCESS);
      CHECK(text_of(parsed) == expected);
    }
  }
}

/// What simdjson takes for one array or object, the scanner must cut into the same records.
void compare_with_document(std::string_view content, const Findings& findings) {
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  if (parser.parse(content.data(), content.size()).get(document) != simdjson::SUCCESS) {
    return;
  }
  std::vector<simdjson::dom::element> elements;
  if (document.is_array()) {
    std::ranges::copy(document.get_array().value(), std::back_inserter(elements));
  } else if (document.is_object()) {
    elements.push_back(document);
  } else {
    return;
  }
  CHECK(!findings.error);
  CHECK(findings.found.size() == elements.size());
  for (std::size_t i = 0; i < elements.size(); ++i) {
    compare(findings.found[i], elements[i]);
  }
}

} // namespace

extern "C" auto LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) -> int {
  if (size == 0) {
    return 0;
  }
  const std::string_view content{reinterpret_cast<const char*>(data) + 1, size - 1};
  Findings whole;
  Findings cut;
  scan(content, content.size() + 1, 4096, whole);
  scan(content, 1 + data[0] % 61, 64 + data[0], cut);
  CHECK(whole.found == cut.found);
  CHECK(whole.error == cut.error);
  compare_with_document(content, whole);
  return 0;
}
