// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/json_text.hpp"
#include "kql/dynamic.hpp"
#include "kql/literal_text.hpp"
#include "kql/string_literal.hpp"

namespace sluice::kql {
namespace {

constexpr int max_depth = 100;

/// Reads one JSON value and writes it canonically as it goes.
class JsonReader {
public:
  JsonReader(std::string_view text, bool is_literal) : rest_{text}, is_literal_{is_literal} {}

  auto run() -> std::optional<std::string> {
    if (!value(0)) {
      return std::nullopt;
    }
    skip_blanks();
    return rest_.empty() ? std::optional{std::move(out_)} : std::nullopt;
  }

private:
  /// Where a member stands in `out_`.
  struct Member {
    std::size_t begin, colon, end;
  };

  void skip_blanks() {
    const auto at = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
    while (is_literal_ && rest_.starts_with("//")) {
      rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
      const auto next = rest_.find_first_not_of(" \t\r\n");
      rest_.remove_prefix(next == std::string_view::npos ? rest_.size() : next);
    }
  }

  auto accept(std::string_view token) -> bool {
    skip_blanks();
    if (!rest_.starts_with(token)) {
      return false;
    }
    rest_.remove_prefix(token.size());
    return true;
  }

  auto value(int depth) -> bool {
    if (depth > max_depth) {
      return false;
    }
    if (accept("{")) {
      return members(depth);
    }
    if (accept("[")) {
      return items(depth);
    }
    for (const std::string_view word : {"true", "false", "null"}) {
      if (accept(word)) {
        out_ += word;
        return true;
      }
    }
    return string() || number() || (is_literal_ && typed());
  }

  auto items(int depth) -> bool {
    out_ += '[';
    if (!accept("]")) {
      do {
        if (is_literal_ && out_.back() == ',' && accept("]")) {
          out_.back() = ']';
          return true;
        }
        if (!value(depth + 1)) {
          return false;
        }
        out_ += ',';
      } while (accept(","));
      if (!accept("]")) {
        return false;
      }
      out_.pop_back();
    }
    out_ += ']';
    return true;
  }

  auto members(int depth) -> bool {
    const auto open = out_.size();
    out_ += '{';
    if (accept("}")) {
      out_ += '}';
      return true;
    }
    std::vector<Member> found;
    do {
      Member member{out_.size(), 0, 0};
      if (!string() || !accept(":")) {
        return false;
      }
      member.colon = out_.size();
      out_ += ':';
      if (!value(depth + 1)) {
        return false;
      }
      member.end = out_.size();
      out_ += ',';
      found.push_back(member);
    } while (accept(","));
    if (!accept("}")) {
      return false;
    }
    out_.back() = '}';
    if (has_duplicates(found)) {
      drop_duplicates(open, found);
    }
    return true;
  }

  [[nodiscard]] auto key(const Member& member) const -> std::string_view {
    return std::string_view{out_}.substr(member.begin, member.colon - member.begin);
  }

  void drop_duplicates(std::size_t open, const std::vector<Member>& found) {
    std::unordered_map<std::string_view, std::size_t> places;
    std::vector<const Member*> kept;
    for (const auto& member : found) {
      const auto [place, is_new] = places.try_emplace(key(member), kept.size());
      if (is_new) {
        kept.push_back(&member);
      } else {
        kept[place->second] = &member;
      }
    }
    std::string text = "{";
    for (const auto* member : kept) {
      text += text.size() > 1 ? "," : "";
      text.append(out_, member->begin, member->end - member->begin);
    }
    out_.replace(open, std::string::npos, text + "}");
  }

  [[nodiscard]] auto has_duplicates(const std::vector<Member>& found) const -> bool {
    std::vector<std::string_view> keys;
    keys.reserve(found.size());
    for (const auto& member : found) {
      keys.push_back(key(member));
    }
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
  }

  [[nodiscard]] auto begins_string() const -> bool {
    return !rest_.empty() && (rest_.front() == '"' ||
                              (is_literal_ && (rest_.front() == '\'' || rest_.front() == '@')));
  }

  auto string() -> bool {
    std::string text;
    if (!one_string(text)) {
      return false;
    }
    // Neighbours in a literal become one string.
    for (skip_blanks(); is_literal_ && begins_string(); skip_blanks()) {
      if (!one_string(text)) {
        return false;
      }
    }
    append_json_quoted(out_, text);
    return true;
  }

  auto one_string(std::string& text) -> bool {
    skip_blanks();
    const auto literal = begins_string() ? read_string_literal(rest_) : std::nullopt;
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    if (!literal || !literal->closed ||
        std::any_of(rest_.begin(),
                    rest_.begin() + static_cast<std::ptrdiff_t>(literal->length),
                    is_control)) {
      return false;
    }
    text += literal->text;
    rest_.remove_prefix(literal->length);
    return true;
  }

  auto number() -> bool {
    const auto length = std::min(rest_.find_first_not_of("+-.0123456789eE"), rest_.size());
    const auto text = rest_.substr(0, length);
    if (text.empty() || (text.front() != '-' && (text.front() < '0' || text.front() > '9'))) {
      return false;
    }
    const auto* end = text.data() + text.size();
    std::int64_t integer = 0;
    double real = 0;
    if (const auto [stop, error] = std::from_chars(text.data(), end, integer);
        error == std::errc{} && stop == end) {
      out_ += std::to_string(integer);
    } else if (const auto [stop2, error2] = std::from_chars(text.data(), end, real);
               error2 == std::errc{} && stop2 == end && std::isfinite(real)) {
      out_ += real_to_text(real);
    } else {
      return false;
    }
    rest_.remove_prefix(length);
    return true;
  }

  /// `datetime(2026-01-01)` and the like inside `dynamic(...)`.
  auto typed() -> bool {
    const auto open = rest_.find('(');
    if (open == std::string_view::npos) {
      return false;
    }
    const auto type = parse_type(rest_.substr(0, open));
    const auto length = typed_literal_length(rest_.substr(open + 1));
    if (!type || *type == Type::dynamic || !length) {
      return false;
    }
    const auto literal = read_typed_literal(*type, rest_.substr(open + 1, *length));
    if (!literal) {
      return false;
    }
    out_ += to_json(*literal);
    rest_.remove_prefix(open + *length + 2);
    return true;
  }

  std::string_view rest_;
  bool is_literal_;
  std::string out_;
};

} // namespace

auto canonical_json(std::string_view text) -> std::optional<std::string> {
  return JsonReader{text, false}.run();
}

auto read_dynamic_literal(std::string_view text) -> std::optional<std::string> {
  return JsonReader{text, true}.run();
}

} // namespace sluice::kql
