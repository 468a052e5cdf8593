// SPDX-License-Identifier: Apache-2.0
#include "kql/function/arguments.hpp"
#include "kql/function/families.hpp"
#include "kql/units.hpp"

/// What is measured in one unit, measured in another.
namespace sluice::kql {
namespace {

template <Quantity quantity>
auto convert(Arguments a, EvaluationContext&) -> Value {
  const auto from = find_unit(quantity, a[1].text());
  const auto to = find_unit(quantity, a[2].text());
  if (a[0].is_null() || !from || !to) {
    return Value::null(Type::real);
  }
  return Value::real((a[0].as_real() * from->factor + from->offset - to->offset) / to->factor);
}

auto row(std::string_view name,
         std::string_view about,
         std::string_view example,
         decltype(Function::evaluate) evaluate) -> Function {
  return {name, {}, Family::arithmetic, "number, string, string -> real", about, example, evaluate};
}

} // namespace

auto unit_functions() -> std::vector<Function> {
  return {
      row("convert_angle",
          "An angle in another unit; units are constants.",
          "convert_angle(1.5, \"Degree\", \"Arcminute\") => 90.0",
          convert<Quantity::angle>),
      row("convert_energy",
          "An energy in another unit.",
          "convert_energy(2, \"WattHour\", \"Kilojoule\") => 7.2",
          convert<Quantity::energy>),
      row("convert_force",
          "A force in another unit.",
          "convert_force(5, \"Newton\", \"Decanewton\") => 0.5",
          convert<Quantity::force>),
      row("convert_length",
          "A length in another unit.",
          "convert_length(2, \"Meter\", \"Centimeter\") => 200.0",
          convert<Quantity::length>),
      row("convert_mass",
          "A mass in another unit.",
          "convert_mass(2, \"Tonne\", \"Kilogram\") => 2000.0",
          convert<Quantity::mass>),
      row("convert_speed",
          "A speed in another unit.",
          "convert_speed(2, \"KilometerPerSecond\", \"MeterPerSecond\") => 2000.0",
          convert<Quantity::speed>),
      row("convert_temperature",
          "A temperature in another unit.",
          "convert_temperature(0, \"DegreeCelsius\", \"Kelvin\") => 273.15",
          convert<Quantity::temperature>),
      row("convert_volume",
          "A volume in another unit.",
          "convert_volume(2, \"CubicMeter\", \"Liter\") => 2000.0",
          convert<Quantity::volume>),
  };
}

} // namespace sluice::kql
