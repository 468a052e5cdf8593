// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/date_time.hpp"
#include "base/json_text.hpp"

namespace sluice::relevance {

/// The name of a member as it is written, `,"Name":`, made while compiling.
class MemberName {
public:
  template <std::size_t size>
  consteval MemberName(const char (&name)[size]) : size_{size + 3} {
    static_assert(size > 1 && size + 3 <= longest);
    bytes_[0] = ',';
    bytes_[1] = '"';
    std::copy_n(name, size - 1, bytes_.begin() + 2);
    bytes_[size + 1] = '"';
    bytes_[size + 2] = ':';
  }

  [[nodiscard]] auto after_another() const -> std::string_view { return {bytes_.data(), size_}; }
  [[nodiscard]] auto as_first() const -> std::string_view { return after_another().substr(1); }

private:
  static constexpr std::size_t longest = 32;

  std::array<char, longest> bytes_{};
  std::size_t size_;
};

/// Writes the members of one JSON object. What is not known is left out.
class Members {
public:
  explicit Members(std::string& out) : out_{out} { out_ += '{'; }
  Members(const Members&) = delete;
  auto operator=(const Members&) -> Members& = delete;
  ~Members() { out_ += '}'; }

  void text(const MemberName& name, std::string_view value) {
    if (!value.empty()) {
      append_json_quoted(key(name), value);
    }
  }
  void boolean(const MemberName& name, bool value) { key(name) += value ? "true" : "false"; }
  void number(const MemberName& name, std::int64_t value) { key(name) += std::to_string(value); }
  /// `ticks` since the year 1; 0 is not known.
  void time(const MemberName& name, std::int64_t ticks) {
    if (ticks != 0) {
      key(name).append("\"").append(to_iso8601(DateTime{Ticks{ticks}}, 7)).append("\"");
    }
  }
  template <class Many>
  void texts(const MemberName& name, const Many& many) {
    list(name, many, [&](const auto& each) { append_json_quoted(out_, each); });
  }
  template <class Many, class Write>
  void list(const MemberName& name, const Many& many, const Write& write) {
    if (many.empty()) {
      return;
    }
    key(name) += '[';
    bool first = true;
    for (const auto& each : many) {
      out_ += first ? "" : ",";
      first = false;
      write(each);
    }
    out_ += ']';
  }

private:
  auto key(const MemberName& name) -> std::string& {
    return out_.append(out_.back() == '{' ? name.as_first() : name.after_another());
  }

  std::string& out_;
};

} // namespace sluice::relevance
