// SPDX-License-Identifier: Apache-2.0
#include "kql/signature.hpp"

#include <algorithm>
#include <cstddef>

#include "base/check.hpp"
#include "kql/open_type.hpp"

namespace sluice::kql {
namespace {

using Tokens = std::vector<std::string_view>;

auto trimmed(std::string_view text) -> std::string_view {
  const auto begin = text.find_first_not_of(' ');
  return begin == std::string_view::npos
             ? std::string_view{}
             : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// Splits at commas outside brackets.
auto split_parameters(std::string_view text) -> Tokens {
  Tokens parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ',';
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c == ',' && depth == 0) {
      if (const auto part = trimmed(text.substr(begin, i - begin)); !part.empty()) {
        parts.push_back(part);
      }
      begin = i + 1;
    }
  }
  return parts;
}

auto is_required(std::string_view part) -> bool {
  return !part.starts_with('[');
}

/// One token for each of `count` arguments; nothing when so many do not fit.
auto expand(const Tokens& parts, std::size_t count) -> std::optional<Tokens> {
  Tokens tokens;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto part = parts[i];
    const auto after = static_cast<std::size_t>(std::count_if(
        parts.begin() + static_cast<std::ptrdiff_t>(i) + 1, parts.end(), is_required));
    if (part.ends_with("...")) {
      part.remove_suffix(3);
      const auto group =
          part.starts_with('(') ? split_parameters(part.substr(1, part.size() - 2)) : Tokens{part};
      do {
        tokens.insert(tokens.end(), group.begin(), group.end());
      } while (tokens.size() + group.size() + after <= count);
    } else if (part.starts_with('[')) {
      if (tokens.size() + after < count) {
        tokens.push_back(part.substr(1, part.size() - 2));
      }
    } else {
      tokens.push_back(part);
    }
  }
  return tokens.size() == count ? std::optional{std::move(tokens)} : std::nullopt;
}

/// What it costs to pass `type` for `token`; nothing when it cannot be.
auto cost_of(std::string_view token, Type type, DynamicArguments dynamic) -> std::optional<int> {
  constexpr int conversion = 10;
  if (token == "any" || token == "same" || type == unknown_type) {
    return 0;
  }
  const bool from_dynamic = type == Type::dynamic && dynamic == DynamicArguments::converted;
  if (token == "number" && type == Type::decimal) {
    return 3; // As a real, where there is no form of its own.
  }
  if (token == "number" || token == "integer") {
    const bool fits = token == "number" ? is_number(type) : is_integer(type);
    return fits ? std::optional{0} : from_dynamic ? std::optional{conversion} : std::nullopt;
  }
  const auto wanted = parse_type(token);
  CHECK(wanted.has_value());
  if (*wanted == type) {
    return 0;
  }
  const bool widens = (*wanted == Type::int64 && type == Type::int32) ||
                      (*wanted == Type::real && is_integer(type)) ||
                      (*wanted == Type::decimal && is_number(type));
  if (widens) {
    return 1;
  }
  if (*wanted == Type::real && type == Type::decimal) {
    return 3;
  }
  const bool converts = from_dynamic && *wanted != Type::boolean && *wanted != Type::guid;
  return converts ? std::optional{conversion} : std::nullopt;
}

auto widest_number(const Tokens& tokens, std::span<const Type> arguments) -> Type {
  auto widest = Type::int32;
  bool any = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i] == "number" && is_number(arguments[i])) {
      const auto type = arguments[i] == Type::decimal ? Type::real : arguments[i];
      widest = any ? common_type(widest, type) : type;
      any = true;
    }
  }
  return any ? widest : Type::int64;
}

auto common_of_same(const Tokens& tokens, std::span<const Type> arguments) -> std::optional<Type> {
  std::optional<Type> common;
  bool any = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    any = any || tokens[i] == "same";
    const bool gives_way = arguments[i] == Type::dynamic || arguments[i] == unknown_type;
    if (tokens[i] == "same" && !gives_way) {
      common = common ? common_type(*common, arguments[i]) : arguments[i];
    }
  }
  return any ? std::optional{common.value_or(Type::dynamic)} : std::nullopt;
}

auto bind(const Tokens& tokens, std::string_view result, std::span<const Type> arguments)
    -> SignatureMatch {
  const auto number = widest_number(tokens, arguments);
  const auto common = common_of_same(tokens, arguments);
  SignatureMatch match;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto type = arguments[i];
    if (tokens[i] == "any" || type == unknown_type) {
      match.parameters.push_back(type);
    } else if (tokens[i] == "same") {
      match.parameters.push_back(*common);
    } else if (tokens[i] == "number") {
      match.parameters.push_back(type == Type::dynamic   ? number
                                 : type == Type::decimal ? Type::real
                                                         : type);
    } else if (tokens[i] == "integer") {
      match.parameters.push_back(type == Type::dynamic ? Type::int64 : type);
    } else {
      match.parameters.push_back(*parse_type(tokens[i]));
    }
  }
  if (result == "wider") {
    match.result = number == Type::int32 ? Type::int64 : number;
  } else if (result == "same") {
    match.result = common.value_or(number);
  } else if (result == "first") {
    match.result = arguments.empty() ? Type::dynamic : arguments.front();
  } else {
    match.result = parse_type(result).value_or(Type::dynamic);
  }
  return match;
}

/// Whether a form of the signature has so many parameters.
auto takes(std::string_view signature, std::size_t arguments) -> bool {
  bool any = false;
  while (!signature.empty()) {
    const auto end = std::min(signature.find(';'), signature.size());
    const auto parts = split_parameters(signature.substr(0, signature.find("->")));
    any = any || expand(parts, arguments).has_value();
    signature.remove_prefix(std::min(end + 1, signature.size()));
  }
  return any;
}

} // namespace

auto common_type(Type a, Type b) noexcept -> Type {
  if (a == b || b == unknown_type) {
    return a;
  }
  if (a == unknown_type) {
    return b;
  }
  if (!is_number(a) || !is_number(b)) {
    return Type::dynamic;
  }
  return std::max(a, b); // In the order of widening.
}

auto mismatch_code(bool is_operator, std::string_view signature, std::size_t arguments) -> Code {
  if (is_operator) {
    return Code::wrong_operands;
  }
  constexpr std::size_t most = 64;
  std::size_t fitting = 0;
  for (std::size_t count = 0; count <= most; ++count) {
    fitting += takes(signature, count) ? 1 : 0;
  }
  return takes(signature, arguments) ? Code::wrong_type
         : fitting == 1              ? Code::argument_count
                                     : Code::argument_range;
}

auto match_signature(std::string_view signature,
                     std::span<const Type> arguments,
                     DynamicArguments dynamic) -> std::optional<SignatureMatch> {
  std::optional<SignatureMatch> best;
  int least = 0;
  while (!signature.empty() && !(best && least == 0)) {
    const auto end = std::min(signature.find(';'), signature.size());
    const auto form = signature.substr(0, end);
    signature.remove_prefix(std::min(end + 1, signature.size()));
    const auto arrow = form.find("->");
    const auto tokens = expand(split_parameters(form.substr(0, arrow)), arguments.size());
    std::optional<int> cost = tokens ? std::optional{0} : std::nullopt;
    for (std::size_t i = 0; cost && i < arguments.size(); ++i) {
      const auto one = cost_of((*tokens)[i], arguments[i], dynamic);
      cost = one ? std::optional{*cost + *one} : std::nullopt;
    }
    if (cost && (!best || *cost < least)) {
      best = bind(*tokens, trimmed(form.substr(arrow + 2)), arguments);
      least = *cost;
    }
  }
  return best;
}

} // namespace sluice::kql
