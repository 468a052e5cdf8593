// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "kql/dynamic.hpp"
#include "kql/function_table.hpp"

/// Calls a function of places, lines and areas with arguments made of any bytes. The geometry
/// library ends the process when it is given what it does not expect, so the places are those where
/// that might be: poles, the date line, the same again, lines that cross themselves. Every answer
/// is a value or null.
namespace {

namespace kql = sluice::kql;
using kql::Type;
using kql::Value;

/// Choices, a byte each; zeros when there are no more.
class Choices {
public:
  explicit Choices(std::span<const std::uint8_t> bytes) : bytes_{bytes} {}

  auto below(std::size_t count) -> std::size_t { return next() % count; }
  auto once_in(std::size_t count) -> bool { return below(count) == 1; }

private:
  auto next() -> std::uint8_t {
    if (bytes_.empty()) {
      return 0;
    }
    const auto byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return byte;
  }

  std::span<const std::uint8_t> bytes_;
};

auto degrees(Choices& choices) -> double {
  constexpr std::array odd{0.0, 1.0, -1.0, 90.0, -90.0, 180.0, -180.0, 179.999'999, 1e-9, 361.0};
  const auto kind = choices.below(4);
  return kind == 0 ? odd.at(choices.below(odd.size()))
                   : static_cast<double>(choices.below(256)) * static_cast<double>(kind) / 2 - 90;
}

auto place(Choices& choices) -> std::string {
  const auto longitude = degrees(choices);
  return fmt::format("[{},{}]", longitude, degrees(choices));
}

auto path(Choices& choices, bool is_ring) -> std::string {
  std::vector<std::string> places;
  for (auto left = choices.below(7); left > 0; --left) {
    places.push_back(places.empty() || !choices.once_in(8) ? place(choices) : places.back());
  }
  if (is_ring && !places.empty() && !choices.once_in(8)) {
    places.push_back(places.front());
  }
  return fmt::format("[{}]", fmt::join(places, ","));
}

auto area(Choices& choices) -> std::string {
  const auto outline = path(choices, true);
  return choices.once_in(4) ? fmt::format("[{},{}]", outline, path(choices, true))
                            : fmt::format("[{}]", outline);
}

auto shape(Choices& choices) -> std::string {
  switch (choices.below(6)) {
  case 0:
    return fmt::format(R"({{"type":"LineString","coordinates":{}}})", path(choices, false));
  case 1:
    return fmt::format(R"({{"type":"MultiLineString","coordinates":[{},{}]}})",
                       path(choices, false),
                       path(choices, false));
  case 2:
    return fmt::format(
        R"({{"type":"MultiPolygon","coordinates":[{},{}]}})", area(choices), area(choices));
  case 3:
    return fmt::format(R"({{"type":"Point","coordinates":{}}})", place(choices));
  default:
    return fmt::format(R"({{"type":"Polygon","coordinates":{}}})", area(choices));
  }
}

auto text(Choices& choices) -> std::string {
  constexpr std::array<std::string_view, 5> odd{
      "", "s", "u0z", "1234567", "POLYGON ((0 0, 1 0, 1 1, 0 0))"};
  return choices.once_in(2) ? std::string{odd.at(choices.below(odd.size()))}
                            : fmt::format("{:x}", choices.below(256) * choices.below(256));
}

/// `parameter` as in a signature.
auto argument(std::string_view parameter, std::string_view function, Choices& choices) -> Value {
  if (parameter == "number") {
    return Value::real(degrees(choices) * (choices.once_in(4) ? 1e4 : 1.0));
  }
  if (parameter == "integer") {
    return Value::int64(static_cast<std::int64_t>(choices.below(40)) - 2);
  }
  if (parameter == "string") {
    return Value::string(text(choices));
  }
  const bool wants_several = function.ends_with("_array");
  auto json = shape(choices);
  if (wants_several) {
    json = fmt::format("[{},{}]", json, shape(choices));
  }
  return Value::dynamic(kql::canonical_json(json).value_or("null"));
}

/// Arguments that the function's signature allows.
auto arguments_of(const kql::Function& function, Choices& choices) -> std::vector<Value> {
  auto parameters = function.signature.substr(0, function.signature.find(" ->"));
  std::vector<Value> arguments;
  while (!parameters.empty()) {
    auto parameter = parameters.substr(0, parameters.find(','));
    parameters.remove_prefix(std::min(parameter.size() + 2, parameters.size()));
    if (parameter.starts_with('[')) {
      if (choices.once_in(2)) {
        break;
      }
      parameter = parameter.substr(1, parameter.size() - 2);
    }
    arguments.push_back(argument(parameter, function.name, choices));
  }
  return arguments;
}

auto geo_functions() -> const std::vector<const kql::Function*>& {
  static const auto found = [] {
    std::vector<const kql::Function*> all;
    for (const auto& function : kql::functions()) {
      if (function.family == kql::Family::geo) {
        all.push_back(&function);
      }
    }
    return all;
  }();
  return found;
}

} // namespace

extern "C" auto LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) -> int {
  Choices choices{{data, size}};
  const auto& functions = geo_functions();
  const auto& function = *functions.at(choices.below(functions.size()));
  kql::EvaluationContext context;
  const auto answer = function.evaluate(arguments_of(function, choices), context);
  if (answer.type() == Type::dynamic && !answer.is_null() && !kql::canonical_json(answer.text())) {
    fmt::print(stderr, "{} gave what is no JSON: {}\n", function.name, answer.text());
    std::abort();
  }
  return 0;
}
