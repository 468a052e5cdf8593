// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/date_time.hpp"
#include "kql/type.hpp"

namespace sluice::kql {

/// One scalar: a type, and either a value of it, null, or *absent*.
///
/// A string, guid, decimal or dynamic is text. It is owned, or (the `borrowed_` makers) a view of
/// bytes that the maker keeps alive as long as the value and its copies; `owned_copy` cuts that
/// tie.
///
/// - string: never null; `Value::null(Type::string)` is "".
/// - guid: 36 characters, lower case, no braces.
/// - decimal: as `Decimal::text` writes it, so that equal values have equal texts.
/// - dynamic: canonical compact JSON (see `dynamic.hpp`): no blanks, escapes only where JSON needs
///   them, of duplicate keys the last one stays. JSON `null` is the null dynamic and has no text.
/// - absent is "the record has no such field". Only rows made for rules produce it; outside rules
///   it is read as null (a string as ""). See `predicate.hpp`.
///
/// Threads: a value that nobody changes may be read by all.
class Value {
public:
  /// The null dynamic.
  Value() = default;

  [[nodiscard]] static auto null(Type type) -> Value {
    return {type, type == Type::string ? State::present : State::null};
  }
  [[nodiscard]] static auto absent(Type type) -> Value { return {type, State::absent}; }
  [[nodiscard]] static auto boolean(bool value) -> Value {
    return {Type::boolean, std::int64_t{value}};
  }
  [[nodiscard]] static auto int32(std::int32_t value) -> Value {
    return {Type::int32, std::int64_t{value}};
  }
  [[nodiscard]] static auto int64(std::int64_t value) -> Value { return {Type::int64, value}; }
  /// int64 or, cut to 32 bits, int32.
  [[nodiscard]] static auto integer(Type type, std::int64_t value) -> Value;
  [[nodiscard]] static auto real(double value) -> Value { return {Type::real, value}; }
  /// Null when the ticks are outside the years 1 to 9999.
  [[nodiscard]] static auto datetime(DateTime value) -> Value;
  [[nodiscard]] static auto timespan(Ticks value) -> Value {
    return {Type::timespan, value.count()};
  }
  [[nodiscard]] static auto string(std::string text) -> Value {
    return {Type::string, std::move(text)};
  }
  [[nodiscard]] static auto borrowed_string(std::string_view text) -> Value {
    return {Type::string, text};
  }
  /// `canonical` as described above.
  [[nodiscard]] static auto guid(std::string canonical) -> Value {
    return {Type::guid, std::move(canonical)};
  }
  [[nodiscard]] static auto decimal(std::string canonical) -> Value {
    return {Type::decimal, std::move(canonical)};
  }
  /// `canonical` as described above; `"null"` becomes the null dynamic.
  [[nodiscard]] static auto dynamic(std::string canonical) -> Value;
  [[nodiscard]] static auto borrowed_dynamic(std::string_view canonical) -> Value;

  [[nodiscard]] auto type() const noexcept -> Type { return type_; }
  /// Null or absent.
  [[nodiscard]] auto is_null() const noexcept -> bool { return state_ != State::present; }
  [[nodiscard]] auto is_absent() const noexcept -> bool { return state_ == State::absent; }

  /// The accessors want a present value of a fitting type; text() also gives "" for null.
  [[nodiscard]] auto as_boolean() const noexcept -> bool { return number_.integer != 0; }
  /// int32, int64; the ticks of a datetime or timespan.
  [[nodiscard]] auto as_integer() const noexcept -> std::int64_t { return number_.integer; }
  /// Any number, widened.
  [[nodiscard]] auto as_real() const noexcept -> double {
    return type_ == Type::real      ? number_.real
           : type_ == Type::decimal ? decimal_as_real()
                                    : static_cast<double>(number_.integer);
  }
  [[nodiscard]] auto as_datetime() const noexcept -> DateTime { return {Ticks{number_.integer}}; }
  [[nodiscard]] auto as_timespan() const noexcept -> Ticks { return Ticks{number_.integer}; }
  [[nodiscard]] auto text() const noexcept -> std::string_view {
    return borrows_ ? borrowed_ : std::string_view{owned_};
  }

  [[nodiscard]] auto owned_copy() const -> Value;
  /// The same number or null under another type of the same inner form (int32 as int64).
  [[nodiscard]] auto with_type(Type type) && -> Value;

private:
  enum class State : std::uint8_t { present, null, absent };
  union Number {
    std::int64_t integer;
    double real;
  };

  Value(Type type, State state) : type_{type}, state_{state} {}
  Value(Type type, std::int64_t value)
      : type_{type},
        state_{State::present},
        number_{.integer = value} {}
  Value(Type type, double value) : type_{type}, state_{State::present}, number_{.real = value} {}
  Value(Type type, std::string text)
      : type_{type},
        state_{State::present},
        owned_{std::move(text)} {}
  Value(Type type, std::string_view text)
      : type_{type},
        state_{State::present},
        borrows_{true},
        borrowed_{text} {}

  [[nodiscard]] auto decimal_as_real() const noexcept -> double;

  Type type_ = Type::dynamic;
  State state_ = State::null;
  bool borrows_ = false;
  Number number_{.integer = 0};
  std::string_view borrowed_;
  std::string owned_;
};

/// As a literal of the language that reads back as the same value: `"a\"b"`, `long(null)`,
/// `datetime(2026-01-01T00:00:00.0000000Z)`, `1.5`. For plans and messages; `tostring` is another
/// thing.
[[nodiscard]] auto to_literal(const Value& value) -> std::string;

} // namespace sluice::kql
