// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "relevance/cases/reused.hpp"

/// Values as bytes and back: whole numbers in as few bytes as they need, texts with their length
/// before them, and structures as their members in the order in which `each` visits them.
namespace sluice::relevance {

/// Use: `writer(value, value, ...)`, then `written()`.
class StateWriter {
public:
  /// Writes over what is in `buffer`, which grows and never shrinks.
  explicit StateWriter(std::string& buffer) : buffer_{buffer} {}
  auto operator()(const auto&... values) -> void { (put(values), ...); }
  [[nodiscard]] auto written() const -> std::string_view {
    return std::string_view{buffer_}.substr(0, size_);
  }

private:
  static constexpr std::size_t longest_number = 10;

  void make_room(std::size_t bytes) {
    if (buffer_.size() - size_ < bytes) {
      buffer_.resize(2 * buffer_.size() + bytes);
    }
  }
  /// There is room for it.
  void write_number(std::uint64_t number) {
    auto* at = buffer_.data() + size_;
    for (; number >= 0x80U; number >>= 7U) {
      *at++ = static_cast<char>(number | 0x80U);
    }
    *at++ = static_cast<char>(number);
    size_ = static_cast<std::size_t>(at - buffer_.data());
  }
  void put(std::integral auto number) {
    make_room(longest_number);
    write_number(static_cast<std::uint64_t>(number));
  }
  void put(const std::string& text) {
    make_room(longest_number + text.size());
    write_number(text.size());
    std::copy_n(text.data(), text.size(), buffer_.data() + size_);
    size_ += text.size();
  }
  template <class T>
    requires requires(const T& t) { t.begin(), t.size(); }
  void put(const T& many) {
    put(many.size());
    for (const auto& each : many) {
      put(each);
    }
  }
  template <class T>
    requires requires(const T& t, StateWriter& w) { T::each(t, w); }
  void put(const T& value) {
    T::each(value, *this);
  }

  std::string& buffer_;
  std::size_t size_ = 0;
};

/// Use: `reader(value, value, ...)` in the order of the writer, then ask `good()`.
class StateReader {
public:
  explicit StateReader(std::string_view bytes) : at_{bytes.data()}, end_{at_ + bytes.size()} {}

  auto operator()(auto&... values) -> void { (take(values), ...); }
  /// Whether there was everything that was asked for, and nothing more.
  [[nodiscard]] auto good() const -> bool { return good_ && at_ == end_; }

private:
  auto number() -> std::uint64_t {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at_ == end_) {
        good_ = false;
        return 0;
      }
      const auto byte = static_cast<unsigned char>(*at_++);
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
    good_ = good_ && found <= static_cast<std::uint64_t>(end_ - at_);
    return good_ ? static_cast<std::size_t>(found) : 0;
  }
  template <std::integral T>
  void take(T& value) {
    value = static_cast<T>(number());
  }
  void take(std::string& text) {
    const auto size = length();
    if (size == 0) {
      text.clear();
      return;
    }
    text.assign(at_, size);
    at_ += size;
  }
  template <class T>
  void take(ReusedList<T>& many) {
    many.clear();
    for (auto left = length(); left > 0 && good_; --left) {
      take(many.add_unread());
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

  const char* at_;
  const char* end_;
  bool good_ = true;
};

} // namespace sluice::relevance
