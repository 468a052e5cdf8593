// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "relevance/cases/reused.hpp"

/// Values as bytes and back: whole numbers in as few bytes as they need, texts with their length
/// before them, and structures as their members in the order in which `each` visits them.
namespace sluice::relevance {

/// Use: `writer(value, value, ...)`.
class StateWriter {
public:
  /// Writes over what is in `bytes`.
  explicit StateWriter(std::string& bytes) : bytes_{bytes} { bytes_.clear(); }
  auto operator()(const auto&... values) -> void { (put(values), ...); }

private:
  void put_number(std::uint64_t number) {
    while (number >= 0x80U) {
      bytes_.push_back(static_cast<char>(number | 0x80U));
      number >>= 7U;
    }
    bytes_.push_back(static_cast<char>(number));
  }
  void put(std::integral auto number) { put_number(static_cast<std::uint64_t>(number)); }
  void put(const std::string& text) {
    put_number(text.size());
    bytes_ += text;
  }
  template <class T>
    requires requires(const T& t) { t.begin(), t.size(); }
  void put(const T& many) {
    put_number(many.size());
    for (const auto& each : many) {
      put(each);
    }
  }
  template <class T>
    requires requires(const T& t, StateWriter& w) { T::each(t, w); }
  void put(const T& value) {
    T::each(value, *this);
  }

  std::string& bytes_;
};

/// Use: `reader(value, value, ...)` in the order of the writer, then ask `good()`.
class StateReader {
public:
  explicit StateReader(std::string_view bytes) : rest_{bytes} {}

  auto operator()(auto&... values) -> void { (take(values), ...); }
  /// Whether there was everything that was asked for, and nothing more.
  [[nodiscard]] auto good() const -> bool { return good_ && rest_.empty(); }

private:
  auto number() -> std::uint64_t {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) {
        good_ = false;
        return 0;
      }
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80U) {
        return value;
      }
    }
    good_ = false;
    return 0;
  }
  /// Of what follows; every element takes at least a byte.
  auto length() -> std::size_t {
    const auto found = number();
    good_ = good_ && found <= rest_.size();
    return good_ ? static_cast<std::size_t>(found) : 0;
  }
  template <std::integral T>
  void take(T& value) {
    value = static_cast<T>(number());
  }
  void take(std::string& text) {
    const auto size = length();
    text = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }
  template <class T>
  void take(ReusedList<T>& many) {
    many.clear();
    for (auto left = length(); left > 0 && good_; --left) {
      take(many.add());
    }
  }
  /// Sets and maps.
  template <class T>
    requires requires(T& t) { t.items(), t.is_sound(); }
  void take(T& many) {
    take(many.items());
    good_ = good_ && many.is_sound();
  }
  template <class T>
    requires requires(T& t, StateReader& r) { T::each(t, r); }
  void take(T& value) {
    T::each(value, *this);
  }

  std::string_view rest_;
  bool good_ = true;
};

} // namespace sluice::relevance
