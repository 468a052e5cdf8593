// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/gzip.hpp"
#include "kql/base64.hpp"
#include "kql/case_fold.hpp"
#include "kql/conversion.hpp"
#include "kql/function/arguments.hpp"
#include "kql/function/families.hpp"

/// Bytes as text: base 64, and what was compressed before.
namespace sluice::kql {
namespace {

auto is_utf8(std::string_view text) -> bool {
  while (!text.empty()) {
    const auto point = decode(text);
    if (point.value > 0x10FFFF) {
      return false;
    }
    text.remove_prefix(point.bytes);
  }
  return true;
}

auto base64_encode(Arguments a, EvaluationContext&) -> Value {
  return Value::string(to_base64(a[0].text()));
}

auto base64_decode(Arguments a, EvaluationContext&) -> Value {
  auto bytes = from_base64(a[0].text());
  return Value::string(bytes && is_utf8(*bytes) ? *std::move(bytes) : std::string{});
}

auto base64_to_array(Arguments a, EvaluationContext&) -> Value {
  const auto bytes = from_base64(a[0].text());
  if (!bytes) {
    return Value::null(Type::dynamic);
  }
  std::vector<std::string> items;
  for (const char byte : *bytes) {
    items.push_back(std::to_string(static_cast<unsigned char>(byte)));
  }
  return array_of(items);
}

/// "" when an item is no byte.
auto base64_from_array(Arguments a, EvaluationContext&) -> Value {
  if (!is_array(a[0])) {
    return Value::string("");
  }
  std::string bytes;
  for (const auto item : items_of(a[0])) {
    const auto byte = json_kind(item) == JsonKind::integer ? parse_long(item) : std::nullopt;
    if (!byte || *byte < 0 || *byte > 255) {
      return Value::string("");
    }
    bytes += static_cast<char>(*byte);
  }
  return Value::string(to_base64(bytes));
}

/// Where the bytes of a guid's text stand in its binary form: the first three parts are reversed.
constexpr std::array<std::size_t, 16> guid_order{
    3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

auto base64_from_guid(Arguments a, EvaluationContext&) -> Value {
  if (a[0].is_null()) {
    return Value::string("");
  }
  std::string digits{a[0].text()};
  std::erase(digits, '-');
  std::string bytes(guid_order.size(), '\0');
  for (std::size_t i = 0; i < guid_order.size(); ++i) {
    const auto byte = parse_long("0x" + digits.substr(2 * guid_order[i], 2));
    bytes[i] = static_cast<char>(byte.value_or(0));
  }
  return Value::string(to_base64(bytes));
}

auto base64_to_guid(Arguments a, EvaluationContext&) -> Value {
  const auto bytes = from_base64(a[0].text());
  if (!bytes || bytes->size() != guid_order.size()) {
    return Value::null(Type::guid);
  }
  constexpr std::string_view hexadecimal = "0123456789abcdef";
  std::string digits(2 * guid_order.size(), '0');
  for (std::size_t i = 0; i < guid_order.size(); ++i) {
    const auto byte = static_cast<unsigned char>((*bytes)[i]);
    digits[2 * guid_order[i]] = hexadecimal[byte >> 4U];
    digits[2 * guid_order[i] + 1] = hexadecimal[byte & 15U];
  }
  auto guid = parse_guid(digits);
  return guid ? Value::guid(*std::move(guid)) : Value::null(Type::guid);
}

/// Gzip or zlib, whichever the first bytes show; "" when it is none, damaged or not text.
auto decompress(Arguments a, EvaluationContext&) -> Value {
  const auto bytes = from_base64(a[0].text());
  if (!bytes || !looks_compressed(*bytes)) {
    return Value::string("");
  }
  std::string text;
  Inflater inflater{{.max_output_bytes = max_text_bytes, .max_ratio = 2000}};
  const auto fed = inflater.feed(*bytes, [&](std::string_view part) -> Result<> {
    text += part;
    return {};
  });
  const bool good = fed.has_value() && inflater.finish().has_value() && is_utf8(text);
  return Value::string(good ? std::move(text) : std::string{});
}

} // namespace

auto base64_functions() -> std::vector<Function> {
  using enum Family;
  return {
      {"base64_encode_tostring",
       {"base64_encodestring"},
       text,
       "string -> string",
       "As base64.",
       "base64_encode_tostring(\"Kusto\") => S3VzdG8=",
       base64_encode},
      {"base64_decode_tostring",
       {"base64_decodestring"},
       text,
       "string -> string",
       "Base64 undone; \"\" when that is no text.",
       "base64_decode_tostring(\"S3VzdG8=\") => Kusto",
       base64_decode},
      {"base64_decode_toarray",
       {},
       text,
       "string -> dynamic",
       "Base64 undone, as an array of bytes.",
       "base64_decode_toarray(\"SzI=\") => [75,50]",
       base64_to_array},
      {"base64_encode_fromarray",
       {},
       text,
       "dynamic -> string",
       "An array of bytes in base 64.",
       "base64_encode_fromarray(dynamic([104, 105])) => aGk=",
       base64_from_array},
      {"base64_encode_fromguid",
       {},
       text,
       "guid -> string",
       "The 16 bytes of a guid in base 64.",
       "",
       base64_from_guid},
      {"base64_decode_toguid",
       {},
       text,
       "string -> guid",
       "The guid that these 16 bytes are; null when they are none.",
       "",
       base64_to_guid},
      {"gzip_decompress_from_base64_string",
       {},
       text,
       "string -> string",
       "The text that was compressed with gzip and put in base 64; empty when it was not.",
       "",
       decompress},
      {"zlib_decompress_from_base64_string",
       {},
       text,
       "string -> string",
       "The text that was compressed with zlib and put in base 64; empty when it was not.",
       "zlib_decompress_from_base64_string(\"eJzLSM3JyQcABiwCFQ==\") => hello",
       decompress},
  };
}

} // namespace sluice::kql
