// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "record/json_text.hpp"
#include "record/wanted_fields.hpp"

namespace sluice::record {

/// Where the values of a JSON text are. What they say stays as it is written until somebody asks:
/// of the many texts within a record few are wanted.
///
/// JSON that stands in a string of a record (`"{\"a\":1}"`) is read as it is written there.
///
/// Use:     `read` a text, then look at its values until the next one is read.
/// Threads: one at a time. Memory: nine times the size of the largest text it has read.
class JsonOutline {
public:
  enum class Form : std::uint8_t {
    plain,     ///< `{"a":1}`
    in_string, ///< `{\"a\":1}`: what is between the quotes of a string.
  };
  class Value;
  class Siblings;

  /// True when `text` is one JSON value. In a string it is false, too, for what is written in an
  /// unusual way, with other escapes than those of quotes, strokes and backslashes: unescape it and
  /// read it as plain text. `text` is UTF-8, in a string without control characters.
  ///
  /// False as well for what JSON allows and nobody can hold: integers beyond 64 bits, reals beyond
  /// a double, half a surrogate pair, more than 1,024 levels.
  [[nodiscard]] auto read(std::string_view text, Form form) -> bool;

  /// How many values there are, those within others and keys among them.
  [[nodiscard]] auto size() const noexcept -> std::size_t { return count_; }
  /// The values in the order in which they begin: the first one is the whole.
  [[nodiscard]] auto operator[](std::size_t at) const -> Value;

private:
  struct Entry {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
    std::uint32_t next = 0; ///< Behind the value and all that is in it.
    JsonKind kind = JsonKind::nothing;
    bool has_escapes = false;
  };
  template <Form form>
  class Reader;

  std::string text_;
  Form form_ = Form::plain;
  std::size_t count_ = 0;
  std::size_t capacity_ = 0;
  std::unique_ptr<Entry[]> entries_; ///< A member is two of them, its key and its value.
};

/// A value of an outline, or none. Good until the outline reads again.
class JsonOutline::Value {
public:
  Value() = default;

  /// `nothing` when it is none.
  [[nodiscard]] auto kind() const -> JsonKind {
    return outline_ == nullptr ? JsonKind::nothing : entry().kind;
  }
  /// Of the text that it is in. Not of none.
  [[nodiscard]] auto form() const -> Form { return outline_->form_; }
  /// As it is written, a string without its quotes. Not of none.
  [[nodiscard]] auto raw() const -> std::string_view {
    return {outline_->text_.data() + entry().begin, entry().size};
  }
  /// What a string says: a view into the text, or into `storage` when it has escapes. Empty when it
  /// is no string.
  [[nodiscard]] auto text(std::string& storage) const -> std::string_view {
    if (kind() != JsonKind::string) {
      return {};
    }
    return entry().has_escapes ? unescaped_text(storage) : raw();
  }

  /// The items of an array; none of anything else.
  [[nodiscard]] auto items() const -> Siblings;
  /// Gives `visit` the key and the value of each member of an object; none of anything else.
  template <class Visit>
  void each_member(const Visit& visit) const {
    if (kind() == JsonKind::object) {
      const auto* const entries = outline_->entries_.get();
      for (std::size_t at = at_ + 1, end = entries[at_].next; at != end;
           at = entries[at + 1].next) {
        visit(Value{outline_, at}, Value{outline_, at + 1});
      }
    }
  }
  /// The last member of that key.
  [[nodiscard]] auto member(std::string_view key) const -> Value;
  /// The member of that key, when it is the only one of the object.
  [[nodiscard]] auto only_member(std::string_view key) const -> Value;
  /// Puts the members whose keys are wanted into `found`, as many as are wanted; of those that
  /// stand there twice the last. None of what is no object.
  void pick(const WantedFields& wanted, std::span<Value> found) const;

private:
  friend class JsonOutline;
  friend class Siblings;
  Value(const JsonOutline* outline, std::size_t at) : outline_{outline}, at_{at} {}
  [[nodiscard]] auto unescaped_text(std::string& storage) const -> std::string_view;
  [[nodiscard]] auto entry() const -> const Entry& { return outline_->entries_.get()[at_]; }

  const JsonOutline* outline_ = nullptr;
  std::size_t at_ = 0;
};

/// Values that stand beside each other.
class JsonOutline::Siblings {
public:
  class Iterator {
  public:
    explicit Iterator(Value at) : value_{at} {}
    auto operator*() const -> Value { return value_; }
    auto operator++() -> Iterator& {
      value_.at_ = value_.entry().next;
      return *this;
    }
    auto operator==(const Iterator& other) const -> bool { return value_.at_ == other.value_.at_; }

  private:
    Value value_;
  };

  Siblings(Value first, Value end) : first_{first}, end_{end} {}
  [[nodiscard]] auto begin() const -> Iterator { return Iterator{first_}; }
  [[nodiscard]] auto end() const -> Iterator { return Iterator{end_}; }

private:
  Value first_;
  Value end_;
};

inline auto JsonOutline::operator[](std::size_t at) const -> Value {
  return {this, at};
}

} // namespace sluice::record
