// SPDX-License-Identifier: Apache-2.0
#include "record/json_outline.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>
#include <system_error>

#include "record/byte_block.hpp"

namespace sluice::record {
namespace {

constexpr std::size_t max_depth = 1024;
constexpr std::size_t hex_digits = 4;

/// What stands behind a text: its end, another one for whoever takes the first for the last byte of
/// an escape, and as many bytes as anybody reads without asking.
const auto behind_text = std::string{"\\\0\\", 3} + std::string(ByteBlock::size, '\0');

auto is_blank(char c) -> bool {
  return c <= ' ' && (c == ' ' || c == '\t' || c == '\n' || c == '\r');
}

/// Whether a whole `text` is a number that fits its type.
template <class Number>
auto fits(std::string_view text) -> bool {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

} // namespace

/// Goes through the text once. While a container is open, its `next` is where its parent is.
///
/// Behind the text stands a backslash that escapes nothing, at which every string ends and nothing
/// else begins, so that nobody needs to ask at each character whether there is another one.
template <JsonOutline::Form form>
class JsonOutline::Reader {
public:
  Reader(std::string_view text, Entry* entries)
      : begin_{text.data()},
        at_{begin_},
        end_{begin_ + text.size()},
        entries_{entries} {}

  /// How many values there are; 0 when it is no JSON, or none for this form.
  auto read() -> std::size_t {
    do {
      if (!begin_value()) {
        return 0;
      }
    } while (goes_on() && (in_array() || key()));
    return open_ == none && at_ == end_ ? count_ : 0;
  }

private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  static constexpr std::ptrdiff_t quote_bytes = form == Form::plain ? 1 : 2;

  [[nodiscard]] auto place(const char* at) const -> std::uint32_t {
    return static_cast<std::uint32_t>(at - begin_);
  }
  [[nodiscard]] auto in_array() const -> bool { return closing_ == ']'; }

  void skip_blanks() {
    while (is_blank(*at_)) {
      ++at_;
    }
  }

  /// A scalar, an empty container, or containers up to the first scalar in them.
  auto begin_value() -> bool {
    for (;;) {
      skip_blanks();
      if (is_quote(at_)) {
        return string();
      }
      if (*at_ != '{' && *at_ != '[') {
        return scalar();
      }
      open(*at_);
      skip_blanks();
      if (*at_ == closing_) {
        return true;
      }
      if (depth_ > max_depth || (!in_array() && !key())) {
        return false;
      }
    }
  }

  void open(char bracket) {
    const bool is_array = bracket == '[';
    closing_ = is_array ? ']' : '}';
    entries_[count_] = {
        .begin = place(at_), .next = open_, .kind = is_array ? JsonKind::array : JsonKind::object};
    open_ = static_cast<std::uint32_t>(count_++);
    ++depth_;
    ++at_;
  }

  void close() {
    auto& closed = entries_[open_];
    open_ = closed.next;
    closing_ = open_ != none && entries_[open_].kind == JsonKind::array ? ']' : '}';
    closed.size = place(at_) - closed.begin;
    closed.next = static_cast<std::uint32_t>(count_);
    --depth_;
  }

  /// Closes what ends here. True when a comma follows, and so another value.
  auto goes_on() -> bool {
    for (;;) {
      skip_blanks();
      if (open_ == none || (*at_ != ',' && *at_ != closing_)) {
        return false;
      }
      if (*at_++ == ',') {
        return true;
      }
      close();
    }
  }

  /// A key and its colon.
  auto key() -> bool {
    skip_blanks();
    // A key with escapes in a string that has its own is left to the plain form.
    if (!is_quote(at_) || !string() ||
        (form == Form::in_string && entries_[count_ - 1].has_escapes)) {
      return false;
    }
    skip_blanks();
    return *at_++ == ':';
  }

  /// What is neither a string nor a container.
  auto scalar() -> bool {
    switch (*at_) {
    case 't':
      return word("true", JsonKind::boolean);
    case 'f':
      return word("false", JsonKind::boolean);
    case 'n':
      return word("null", JsonKind::null);
    default:
      return number();
    }
  }

  void add(const char* begin, const char* end, JsonKind kind, bool has_escapes = false) {
    entries_[count_] = {.begin = place(begin),
                        .size = static_cast<std::uint32_t>(end - begin),
                        .next = static_cast<std::uint32_t>(count_ + 1),
                        .kind = kind,
                        .has_escapes = has_escapes};
    ++count_;
  }

  auto word(std::string_view expected, JsonKind kind) -> bool {
    const auto* const begin = at_;
    const bool is_there = std::memcmp(begin, expected.data(), expected.size()) == 0;
    if (is_there) {
      at_ += expected.size();
      add(begin, at_, kind);
    }
    return is_there;
  }

  auto number() -> bool {
    constexpr std::ptrdiff_t always_fits = 18;
    const auto* const begin = at_;
    at_ += *at_ == '-' ? 1 : 0;
    const auto* const digits = at_;
    if (!skip_digits() || (*digits == '0' && at_ - digits > 1)) {
      return false;
    }
    bool is_held = at_ - digits <= always_fits || fits<std::int64_t>({begin, at_}) ||
                   fits<std::uint64_t>({begin, at_});
    if (*at_ == '.' || *at_ == 'e' || *at_ == 'E') {
      is_held = fraction() && fits<double>({begin, at_});
    }
    if (is_held) {
      add(begin, at_, JsonKind::number);
    }
    return is_held;
  }

  /// What follows the digits before the point.
  auto fraction() -> bool {
    if (*at_ == '.') {
      ++at_;
      if (!skip_digits()) {
        return false;
      }
    }
    if (*at_ == 'e' || *at_ == 'E') {
      ++at_;
      at_ += *at_ == '+' || *at_ == '-' ? 1 : 0;
      return skip_digits();
    }
    return true;
  }

  /// False when there are none.
  auto skip_digits() -> bool {
    const auto* const begin = at_;
    while (*at_ >= '0' && *at_ <= '9') {
      ++at_;
    }
    return at_ != begin;
  }

  /// From its quote on, which is there.
  auto string() -> bool {
    const auto* const begin = at_ + quote_bytes;
    const auto* const end = plain_end(begin);
    if (!is_quote(end)) {
      return string_with_escapes(begin, end);
    }
    add(begin, end, JsonKind::string);
    at_ = end + quote_bytes;
    return true;
  }

  /// The rest of it, from its first escape on.
  [[gnu::noinline]] auto string_with_escapes(const char* begin, const char* at) -> bool {
    while (!is_quote(at)) {
      at = behind_escape(at);
      if (at == nullptr) {
        return false;
      }
      at = plain_end(at);
    }
    add(begin, at, JsonKind::string, true);
    at_ = at + quote_bytes;
    return true;
  }

  static auto is_quote(const char* at) -> bool {
    return form == Form::plain ? *at == '"' : *at == '\\' && at[1] == '"';
  }

  /// Where something stands that may be a quote, an escape, or what no string has.
  static auto plain_end(const char* at) -> const char* {
    for (;; at += ByteBlock::size) {
      const ByteBlock block{at};
      auto found = block.that_are('\\');
      if constexpr (form == Form::plain) {
        found |= block.that_are('"') | block.that_are_controls();
      }
      if (found != 0) {
        return at + std::countr_zero(found);
      }
    }
  }

  /// Where the escape ends that may begin here; null when there is no good one.
  static auto behind_escape(const char* at) -> const char* {
    if (*at != '\\') {
      return nullptr;
    }
    if constexpr (form == Form::plain) {
      return behind_escaped(at + 1);
    }
    // In a string it is a stroke, or a backslash, which makes an escape of the text within. What
    // that one is about may have a backslash of the string's before it, too.
    if (at[1] != '\\' || at[2] != '\\') {
      return at[1] == '/' ? at + 2 : at[1] == '\\' ? behind_escaped(at + 2) : nullptr;
    }
    return at[3] == '"' || at[3] == '\\' || at[3] == '/' ? at + 4 : nullptr;
  }

  /// The same for what stands behind the backslash of the text.
  static auto behind_escaped(const char* at) -> const char* {
    switch (*at) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      return at + 1;
    case 'u':
      return behind_unicode(at + 1);
    default:
      return nullptr;
    }
  }

  /// The digits of `\u`, and the second half of a pair. In a string nobody looks for that one.
  static auto behind_unicode(const char* at) -> const char* {
    const auto first = hex4({at, hex_digits}, 0);
    if (!first || *first < 0xD800 || *first > 0xDFFF) {
      return first ? at + hex_digits : nullptr;
    }
    if (form == Form::in_string || *first > 0xDBFF || at[4] != '\\' || at[5] != 'u') {
      return nullptr;
    }
    const auto second = hex4({at + 6, hex_digits}, 0);
    return second && *second >= 0xDC00 && *second <= 0xDFFF ? at + 6 + hex_digits : nullptr;
  }

  const char* const begin_;
  const char* at_;
  const char* const end_;
  Entry* const entries_;
  std::size_t count_ = 0;
  std::size_t depth_ = 0;
  std::uint32_t open_ = none; ///< The innermost container.
  char closing_ = '\0';       ///< What ends it.
};

auto JsonOutline::read(std::string_view text, Form form) -> bool {
  // Everything takes two bytes, with what is between or behind, but for what is not closed yet.
  const auto most = text.size() / 2 + max_depth + 2;
  if (capacity_ < most) {
    entries_ = std::make_unique<Entry[]>(most);
    capacity_ = most;
  }
  text_.assign(text).append(behind_text);
  form_ = form;
  const auto kept = std::string_view{text_}.substr(0, text.size());
  count_ = form == Form::plain ? Reader<Form::plain>{kept, entries_.get()}.read()
                               : Reader<Form::in_string>{kept, entries_.get()}.read();
  return count_ != 0;
}

auto JsonOutline::Value::unescaped_text(std::string& storage) const -> std::string_view {
  // All escapes are good ones, or there would be no outline.
  auto said = unescaped(raw(), storage).value_or("");
  if (form() == Form::in_string && said.find('\\') != std::string_view::npos) {
    const std::string once{said};
    said = unescaped(once, storage).value_or("");
  }
  return said;
}

auto JsonOutline::Value::items() const -> Siblings {
  return kind() == JsonKind::array ? Siblings{{outline_, at_ + 1}, {outline_, entry().next}}
                                   : Siblings{{}, {}};
}

auto JsonOutline::Value::member(std::string_view key) const -> Value {
  Value found;
  std::string storage;
  each_member([&](Value name, Value value) {
    if (name.text(storage) == key) {
      found = value;
    }
  });
  return found;
}

auto JsonOutline::Value::only_member(std::string_view key) const -> Value {
  const bool is_alone = kind() == JsonKind::object && entry().next != at_ + 1 &&
                        outline_->entries_[at_ + 2].next == entry().next;
  return is_alone ? member(key) : Value{};
}

void JsonOutline::Value::pick(const WantedFields& wanted, std::span<Value> found) const {
  const auto object = *this; // Which may be one of `found`.
  std::ranges::fill(found, Value{});
  if (object.kind() != JsonKind::object) {
    return;
  }
  std::string storage;
  const auto* const entries = object.outline_->entries_.get();
  const auto* const text = object.outline_->text_.data();
  const auto end = entries[object.at_].next;
  for (auto at = object.at_ + 1; at != end; at = entries[at + 1].next) {
    const auto& key = entries[at];
    const auto place = key.has_escapes ? wanted.find_plain(Value{object.outline_, at}.text(storage))
                                       : wanted.find_plain({text + key.begin, key.size});
    if (place) {
      found[*place] = Value{object.outline_, at + 1};
    }
  }
}

} // namespace sluice::record
