// SPDX-License-Identifier: Apache-2.0
#include "store/record_decoder.hpp"

#include <limits>
#include <optional>
#include <string>
#include <utility>

#include <simdjson.h>

#include "base/date_time.hpp"
#include "base/json_text.hpp"
#include "kql/dynamic.hpp"
#include "record/columns.hpp"
#include "record/json_text.hpp"
#include "store/wide_table.hpp"

namespace sluice::store {
namespace {

using kql::Type;
using kql::Value;

auto read_integer(std::string_view text, Type type) -> std::optional<Value> {
  using Int = std::numeric_limits<std::int32_t>;
  const auto number = record::integer_of(text);
  if (!number || (type == Type::int32 && (*number < Int::min() || *number > Int::max()))) {
    return std::nullopt;
  }
  return Value::integer(type, *number);
}

auto read_datetime(std::string_view text) -> std::optional<Value> {
  const auto time = parse_iso8601(text);
  if (!time) {
    return std::nullopt;
  }
  return time->since_year_one.count() == 0 ? Value::null(Type::datetime) : Value::datetime(*time);
}

template <class Inner>
auto value_of(const std::optional<Inner>& inner, Value (*make)(Inner)) -> std::optional<Value> {
  return inner ? std::optional{make(*inner)} : std::nullopt;
}

/// One member's value: what a string says, or the canonical JSON of anything else.
struct Member {
  bool is_string = false;
  std::string text;
};

auto read_dynamic(const Member& member) -> Value {
  if (!member.is_string) {
    return Value::dynamic(member.text);
  }
  const auto start = member.text.find_first_not_of(" \t\r\n");
  if (start != std::string::npos && (member.text[start] == '{' || member.text[start] == '[')) {
    if (auto inner = kql::canonical_json(member.text)) {
      return Value::dynamic(std::move(*inner));
    }
  }
  return Value::dynamic(json_quoted(member.text));
}

/// Nothing when the value does not fit the type.
auto read(const Member& member, Type type) -> std::optional<Value> {
  if (!member.is_string && member.text == "null") {
    return Value::null(type);
  }
  if (type == Type::dynamic) {
    return read_dynamic(member);
  }
  if (type == Type::string) {
    return Value::string(member.text);
  }
  if (member.text.empty()) {
    return Value::null(type);
  }
  switch (type) {
  case Type::boolean:
    return value_of(record::boolean_of(member.text), Value::boolean);
  case Type::int32:
  case Type::int64:
    return read_integer(member.text, type);
  case Type::real:
    return value_of(record::real_of(member.text), Value::real);
  case Type::datetime:
    return member.is_string ? read_datetime(member.text) : std::nullopt;
  default:
    return std::nullopt;
  }
}

} // namespace

/// simdjson's On-Demand parser: members that no one wants are skipped, not read.
class RecordDecoder::Json {
public:
  /// Calls `visit(key)` for each member; false when the record is no sound object. During the call
  /// `member()` reads the member's value.
  template <class Visit>
  auto for_each(std::string_view record, Visit visit) -> bool {
    buffer_.assign(record);
    buffer_.append(simdjson::SIMDJSON_PADDING, '\0');
    simdjson::ondemand::document document;
    simdjson::ondemand::object object;
    if (parser_.iterate(buffer_.data(), record.size(), buffer_.size()).get(document) ||
        document.get_object().get(object)) {
      return false;
    }
    for (auto field : object) {
      std::string_view key;
      if (field.unescaped_key().get(key) || field.value().get(value_)) {
        return false;
      }
      visit(key);
    }
    return true;
  }

  auto member() -> std::optional<Member> {
    std::string_view text;
    simdjson::ondemand::json_type type{};
    if (value_.type().get(type)) {
      return std::nullopt;
    }
    if (type == simdjson::ondemand::json_type::string) {
      return value_.get_string().get(text) ? std::nullopt
                                           : std::optional{Member{true, std::string{text}}};
    }
    if (simdjson::to_json_string(value_).get(text)) {
      return std::nullopt;
    }
    auto canonical = kql::canonical_json(text);
    return canonical ? std::optional{Member{false, std::move(*canonical)}} : std::nullopt;
  }

private:
  simdjson::ondemand::parser parser_;
  simdjson::ondemand::value value_;
  std::string buffer_;
};

RecordDecoder::RecordDecoder(std::span<const std::size_t> columns)
    : json_{std::make_unique<Json>()},
      place_(record::wide_table_columns().size(), -1) {
  for (const auto column : columns) {
    const auto place = static_cast<std::int32_t>(empty_.size());
    if (column == additional_fields_index()) {
      additional_place_ = place;
    } else {
      place_[column] = place;
    }
    empty_.push_back(Value::null(wide_table_schema().columns[column].type));
  }
}

RecordDecoder::~RecordDecoder() = default;

auto RecordDecoder::decode(std::string_view record) -> std::span<const Value> {
  values_ = empty_;
  additional_.clear();
  if (!json_->for_each(record, [this](std::string_view key) { take(key, *json_); })) {
    values_ = empty_;
    return values_;
  }
  if (!additional_.empty()) {
    values_[static_cast<std::size_t>(additional_place_)] = Value::dynamic("{" + additional_ + "}");
  }
  return values_;
}

void RecordDecoder::take(std::string_view key, Json& json) {
  const auto column = record::column_index(key);
  const auto place = column ? place_[*column] : -1;
  if (place < 0 && additional_place_ < 0) {
    return;
  }
  const auto member = json.member();
  if (!member) {
    return;
  }
  if (column) {
    auto value = read(*member, wide_table_schema().columns[*column].type);
    if (value && place >= 0) {
      values_[static_cast<std::size_t>(place)] = std::move(*value);
    }
    if (value) {
      return;
    }
  }
  if (additional_place_ >= 0) {
    additional_ += additional_.empty() ? "" : ",";
    append_json_quoted(additional_, key);
    additional_ += ":";
    additional_ += member->is_string ? json_quoted(member->text) : member->text;
  }
}

} // namespace sluice::store
