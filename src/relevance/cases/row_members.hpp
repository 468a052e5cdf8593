// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/date_time.hpp"
#include "base/json_text.hpp"

namespace sluice::relevance {

/// Writes the members of one JSON object. What is not known is left out.
class Members {
public:
  explicit Members(std::string& out) : out_{out} { out_ += '{'; }
  Members(const Members&) = delete;
  auto operator=(const Members&) -> Members& = delete;
  ~Members() { out_ += '}'; }

  void text(std::string_view name, std::string_view value) {
    if (!value.empty()) {
      append_json_quoted(key(name), value);
    }
  }
  void boolean(std::string_view name, bool value) { key(name) += value ? "true" : "false"; }
  void number(std::string_view name, std::int64_t value) { key(name) += std::to_string(value); }
  /// `ticks` since the year 1; 0 is not known.
  void time(std::string_view name, std::int64_t ticks) {
    if (ticks != 0) {
      key(name).append("\"").append(to_iso8601(DateTime{Ticks{ticks}}, 7)).append("\"");
    }
  }
  template <class Many>
  void texts(std::string_view name, const Many& many) {
    list(name, many, [&](const auto& each) { append_json_quoted(out_, each); });
  }
  template <class Many, class Write>
  void list(std::string_view name, const Many& many, const Write& write) {
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
  auto key(std::string_view name) -> std::string& {
    out_.append(out_.back() == '{' ? "\"" : ",\"").append(name).append("\":");
    return out_;
  }

  std::string& out_;
};

} // namespace sluice::relevance
