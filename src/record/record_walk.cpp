// SPDX-License-Identifier: Apache-2.0
#include "record/record_walk.hpp"

#include <algorithm>
#include <array>

#include "record/json_text.hpp"

namespace sluice::record {
namespace {

using Outcome = Walk::Outcome;

constexpr auto index_of(char c) -> std::size_t {
  return static_cast<unsigned char>(c);
}

/// What a structural character does to the depth. The NUL behind the window ends any walk.
constexpr auto nesting = [] {
  std::array<std::int32_t, 256> table{};
  table[index_of('{')] = table[index_of('[')] = 1;
  table[index_of('}')] = table[index_of(']')] = -1;
  table[0] = -(1 << 30);
  return table;
}();

enum class Start : std::uint8_t { nothing, scalar, container };

/// What a value that starts with a character is.
constexpr auto starts = [] {
  std::array<Start, 256> table{};
  for (const char c : std::string_view{"\"-0123456789tfn"}) {
    table[index_of(c)] = Start::scalar;
  }
  table[index_of('{')] = table[index_of('[')] = Start::container;
  return table;
}();

/// A walk that met something it did not expect at `index`: the end of the window, or nonsense.
auto stopped(const Window& window, std::size_t index, std::string_view reason) -> Walk {
  const bool at_end = window.positions[index] == window.size;
  return {at_end ? Outcome::incomplete : Outcome::bad, index, reason};
}

/// The index of the bracket that closes the one at `index`, or 0 with `failure` set.
auto closing_index(const Window& window, std::size_t index, std::size_t max_depth, Walk& failure)
    -> std::size_t {
  const char open = window.at(index);
  std::int32_t depth = 1;
  std::int32_t deepest = 1;
  while (depth > 0) {
    depth += nesting[index_of(window.at(++index))];
    deepest = std::max(deepest, depth);
  }
  if (depth < 0) {
    failure = stopped(window, index, "a NUL character");
    return 0;
  }
  if (static_cast<std::size_t>(deepest) > max_depth) {
    failure = {Outcome::bad, index, "nested too deeply"};
    return 0;
  }
  if (window.at(index) != open + 2) { // '{' + 2 is '}', '[' + 2 is ']'.
    failure = {Outcome::bad, index, "brackets that do not match"};
    return 0;
  }
  return index;
}

/// The key between its quotes, which open at `key` and close before the colon at `colon`.
auto key_between(const Window& window, std::uint32_t key, std::uint32_t colon) -> std::string_view {
  while (window.text[colon - 1] != '"') {
    --colon; // Only white space can stand between a string and what follows it.
  }
  return {window.text + key + 1, colon - key - 2};
}

auto value_between(const Window& window, std::uint32_t begin, std::uint32_t end)
    -> std::string_view {
  return trimmed({window.text + begin, end - begin});
}

} // namespace

auto walk_record(const Window& window,
                 std::size_t index,
                 const WantedFields& wanted,
                 std::size_t max_depth,
                 std::span<std::string_view> fields) -> Walk {
  std::ranges::fill(fields, std::string_view{});
  if (window.at(++index) == '}') {
    return {Outcome::complete, index, {}};
  }
  for (Walk failure;; ++index) {
    if (window.at(index) != '"') {
      return stopped(window, index, "no field name where one should be");
    }
    if (window.at(index + 1) != ':') {
      return stopped(window, index + 1, "no colon after a field name");
    }
    const auto key = window.positions[index];
    const auto colon = window.positions[index + 1];
    const auto value = window.positions[index + 2];
    index += 2;
    switch (starts[index_of(window.text[value])]) {
    case Start::nothing:
      return stopped(window, index, "no value after a field name");
    case Start::container:
      index = closing_index(window, index, max_depth - 1, failure);
      if (index == 0) {
        return failure;
      }
      break;
    case Start::scalar:
      break;
    }
    ++index;
    const std::size_t compact_length = colon - key - 2;
    const char first = window.text[key + 1];
    if (wanted.may_be(compact_length, first) || window.text[colon - 1] != '"') {
      const auto name = key_between(window, key, colon);
      if (const auto field = wanted.may_be(name.size(), first) ? wanted.find(name) : std::nullopt) {
        fields[*field] = value_between(window, value, window.positions[index]);
      }
    }
    const char separator = window.at(index);
    if (separator == '}') {
      return {Outcome::complete, index, {}};
    }
    if (separator != ',') {
      return stopped(window, index, "no comma after a value");
    }
  }
}

auto walk_container(const Window& window, std::size_t index, std::size_t max_depth) -> Walk {
  Walk failure;
  const auto last = closing_index(window, index, max_depth, failure);
  return last == 0 ? failure : Walk{Outcome::complete, last, {}};
}

} // namespace sluice::record
