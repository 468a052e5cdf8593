// SPDX-License-Identifier: Apache-2.0
#include "kql/text_match.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include <re2/re2.h>

#include "kql/case_fold.hpp"
#include "kql/regex_pattern.hpp"

namespace sluice::kql {
namespace {

auto lower_ascii(char c) -> char {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Without a way out of the loop, so that it becomes vector instructions.
auto is_ascii(std::string_view text) -> bool {
  unsigned char all = 0;
  for (const char c : text) {
    all = static_cast<unsigned char>(all | static_cast<unsigned char>(c));
  }
  return all < 0x80;
}

auto equal_ascii(std::string_view a, std::string_view b) -> bool {
  return std::ranges::equal(a, b, {}, lower_ascii, lower_ascii);
}

/// Length in bytes of `wanted` at the front of `text`, folded; nothing when it is not there.
auto folded_prefix(std::string_view text, std::string_view wanted) -> std::optional<std::size_t> {
  const auto before = text.size();
  if (const auto front = text.substr(0, wanted.size()); is_ascii(front) && is_ascii(wanted)) {
    return equal_ascii(front, wanted) ? std::optional{wanted.size()} : std::nullopt;
  }
  while (!wanted.empty()) {
    if (text.empty()) {
      return std::nullopt;
    }
    const auto x = decode(text);
    const auto y = decode(wanted);
    if (x.value != y.value && fold(x.value) != fold(y.value)) {
      return std::nullopt;
    }
    text.remove_prefix(x.bytes);
    wanted.remove_prefix(y.bytes);
  }
  return before - text.size();
}

/// Goes through the places where `wanted` occurs, overlapping ones too.
class Occurrences {
public:
  Occurrences(std::string_view text, std::string_view wanted, Case letters)
      : text_{text},
        wanted_{wanted},
        letters_{letters},
        is_ascii_{letters == Case::folded && is_ascii(text) && is_ascii(wanted)} {}

  auto next() -> bool {
    if (letters_ == Case::matters) {
      begin_ = text_.find(wanted_, from_);
      end_ = begin_ + wanted_.size();
      from_ = begin_ + 1;
      return begin_ != std::string_view::npos;
    }
    return is_ascii_ ? next_ascii() : next_folded();
  }
  [[nodiscard]] auto before() const -> std::string_view { return text_.substr(0, begin_); }
  [[nodiscard]] auto after() const -> std::string_view { return text_.substr(end_); }

private:
  auto next_ascii() -> bool {
    const auto first = lower_ascii(wanted_.front());
    for (auto at = from_; at + wanted_.size() <= text_.size(); ++at) {
      if (lower_ascii(text_[at]) == first &&
          equal_ascii(text_.substr(at + 1, wanted_.size() - 1), wanted_.substr(1))) {
        begin_ = at;
        end_ = at + wanted_.size();
        from_ = at + 1;
        return true;
      }
    }
    return false;
  }

  auto next_folded() -> bool {
    while (from_ < text_.size()) {
      const auto rest = text_.substr(from_);
      const auto length = folded_prefix(rest, wanted_);
      begin_ = from_;
      from_ += decode(rest).bytes;
      if (length) {
        end_ = begin_ + *length;
        return true;
      }
    }
    return false;
  }

  std::string_view text_;
  std::string_view wanted_;
  Case letters_;
  bool is_ascii_;
  std::size_t from_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

} // namespace

auto contains(std::string_view text, std::string_view wanted, Case letters) -> bool {
  return wanted.empty() || Occurrences{text, wanted, letters}.next();
}

auto starts_with(std::string_view text, std::string_view wanted, Case letters) -> bool {
  return letters == Case::matters ? text.starts_with(wanted)
                                  : folded_prefix(text, wanted).has_value();
}

auto ends_with(std::string_view text, std::string_view wanted, Case letters) -> bool {
  if (letters == Case::matters) {
    return text.ends_with(wanted);
  }
  while (!wanted.empty()) {
    if (text.empty()) {
      return false;
    }
    const auto x = decode_last(text);
    const auto y = decode_last(wanted);
    if (x.value != y.value && fold(x.value) != fold(y.value)) {
      return false;
    }
    text.remove_suffix(x.bytes);
    wanted.remove_suffix(y.bytes);
  }
  return true;
}

auto has(std::string_view text, std::string_view wanted, Case letters, Edges edges) -> bool {
  if (wanted.empty()) {
    return true;
  }
  const bool guards_left = edges.left && is_letter_or_digit(decode(wanted).value);
  const bool guards_right = edges.right && is_letter_or_digit(decode_last(wanted).value);
  for (Occurrences place{text, wanted, letters}; place.next();) {
    const auto before = place.before();
    const auto after = place.after();
    const bool touches_left =
        guards_left && !before.empty() && is_letter_or_digit(decode_last(before).value);
    const bool touches_right =
        guards_right && !after.empty() && is_letter_or_digit(decode(after).value);
    if (!touches_left && !touches_right) {
      return true;
    }
  }
  return false;
}

auto regular_expression(std::string_view pattern) -> std::shared_ptr<const re2::RE2> {
  constexpr std::size_t kept = 64;
  // Per thread: no lock, and compiled once for a column of a million rows.
  thread_local std::map<std::string, std::shared_ptr<const re2::RE2>, std::less<>> compiled;
  if (const auto found = compiled.find(pattern); found != compiled.end()) {
    return found->second;
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto expression = std::make_shared<const re2::RE2>(to_re2(pattern), options);
  if (compiled.size() >= kept) {
    compiled.clear();
  }
  auto& place = compiled[std::string{pattern}];
  place = expression->ok() ? std::move(expression) : nullptr;
  return place;
}

} // namespace sluice::kql
