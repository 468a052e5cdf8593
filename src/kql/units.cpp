// SPDX-License-Identifier: Apache-2.0
#include "kql/units.hpp"

#include <algorithm>
#include <array>
#include <numbers>
#include <span>

namespace sluice::kql {
namespace {

struct NamedUnit {
  std::string_view name;
  Unit unit;
};

constexpr auto degrees_of_radian = 180 / std::numbers::pi;

constexpr auto angles = std::to_array<NamedUnit>({
    {"Degree", {}},
    {"Millidegree", {1e-3}},
    {"Microdegree", {1e-6}},
    {"Nanodegree", {1e-9}},
    {"Arcminute", {1.0 / 60}},
    {"Arcsecond", {1.0 / 3600}},
    {"Gradian", {0.9}},
    {"Revolution", {360}},
    {"Radian", {degrees_of_radian}},
    {"Deciradian", {degrees_of_radian * 1e-1}},
    {"Centiradian", {degrees_of_radian * 1e-2}},
    {"Milliradian", {degrees_of_radian * 1e-3}},
    {"Microradian", {degrees_of_radian * 1e-6}},
    {"Nanoradian", {degrees_of_radian * 1e-9}},
});
constexpr auto energies = std::to_array<NamedUnit>({
    {"Joule", {}},
    {"Millijoule", {1e-3}},
    {"Kilojoule", {1e3}},
    {"Megajoule", {1e6}},
    {"Gigajoule", {1e9}},
    {"Terajoule", {1e12}},
    {"Erg", {1e-7}},
    {"Calorie", {4.184}},
    {"Kilocalorie", {4184}},
    {"WattHour", {3600}},
    {"KilowattHour", {3.6e6}},
    {"MegawattHour", {3.6e9}},
    {"GigawattHour", {3.6e12}},
    {"BritishThermalUnit", {1055.05585262}},
});
constexpr auto forces = std::to_array<NamedUnit>({
    {"Newton", {}},
    {"Micronewton", {1e-6}},
    {"Millinewton", {1e-3}},
    {"Decanewton", {10}},
    {"Kilonewton", {1e3}},
    {"Meganewton", {1e6}},
    {"Dyn", {1e-5}},
    {"KilogramForce", {9.80665}},
    {"TonneForce", {9806.65}},
    {"PoundForce", {4.4482216152605}},
});
constexpr auto lengths = std::to_array<NamedUnit>({
    {"Meter", {}},
    {"Nanometer", {1e-9}},
    {"Micrometer", {1e-6}},
    {"Millimeter", {1e-3}},
    {"Centimeter", {1e-2}},
    {"Decimeter", {1e-1}},
    {"Hectometer", {100}},
    {"Kilometer", {1e3}},
    {"Inch", {0.0254}},
    {"Foot", {0.3048}},
    {"Yard", {0.9144}},
    {"Fathom", {1.8288}},
    {"NauticalMile", {1852}},
});
constexpr auto masses = std::to_array<NamedUnit>({
    {"Kilogram", {}},
    {"Nanogram", {1e-12}},
    {"Microgram", {1e-9}},
    {"Milligram", {1e-6}},
    {"Centigram", {1e-5}},
    {"Decigram", {1e-4}},
    {"Gram", {1e-3}},
    {"Decagram", {1e-2}},
    {"Hectogram", {1e-1}},
    {"Tonne", {1e3}},
    {"Kilotonne", {1e6}},
    {"Megatonne", {1e9}},
    {"Pound", {0.45359237}},
});
constexpr auto speeds = std::to_array<NamedUnit>({
    {"MeterPerSecond", {}},
    {"NanometerPerSecond", {1e-9}},
    {"MicrometerPerSecond", {1e-6}},
    {"MillimeterPerSecond", {1e-3}},
    {"CentimeterPerSecond", {1e-2}},
    {"DecimeterPerSecond", {1e-1}},
    {"KilometerPerSecond", {1e3}},
    {"MeterPerMinute", {1.0 / 60}},
    {"MillimeterPerMinute", {1e-3 / 60}},
    {"CentimeterPerMinute", {1e-2 / 60}},
    {"KilometerPerMinute", {1e3 / 60}},
    {"MeterPerHour", {1.0 / 3600}},
    {"MillimeterPerHour", {1e-3 / 3600}},
    {"CentimeterPerHour", {1e-2 / 3600}},
    {"KilometerPerHour", {1e3 / 3600}},
    {"MilePerHour", {0.44704}},
    {"InchPerSecond", {0.0254}},
    {"FootPerSecond", {0.3048}},
    {"YardPerSecond", {0.9144}},
});
constexpr auto temperatures = std::to_array<NamedUnit>({
    {"Kelvin", {}},
    {"DegreeCelsius", {1, 273.15}},
    {"DegreeFahrenheit", {5.0 / 9, 459.67 * 5 / 9}},
    {"DegreeRankine", {5.0 / 9}},
});
constexpr auto volumes = std::to_array<NamedUnit>({
    {"CubicMeter", {}},
    {"CubicKilometer", {1e9}},
    {"CubicDecimeter", {1e-3}},
    {"CubicCentimeter", {1e-6}},
    {"CubicMillimeter", {1e-9}},
    {"Microliter", {1e-9}},
    {"Milliliter", {1e-6}},
    {"Centiliter", {1e-5}},
    {"Deciliter", {1e-4}},
    {"Liter", {1e-3}},
    {"Hectoliter", {1e-1}},
    {"Kiloliter", {1}},
    {"AcreFoot", {1 / 0.000810714}},
});

auto units_of(Quantity quantity) -> std::span<const NamedUnit> {
  switch (quantity) {
  case Quantity::angle:
    return angles;
  case Quantity::energy:
    return energies;
  case Quantity::force:
    return forces;
  case Quantity::length:
    return lengths;
  case Quantity::mass:
    return masses;
  case Quantity::speed:
    return speeds;
  case Quantity::temperature:
    return temperatures;
  case Quantity::volume:
    return volumes;
  }
  return {};
}

constexpr auto functions = std::to_array<std::pair<std::string_view, Quantity>>({
    {"convert_angle", Quantity::angle},
    {"convert_energy", Quantity::energy},
    {"convert_force", Quantity::force},
    {"convert_length", Quantity::length},
    {"convert_mass", Quantity::mass},
    {"convert_speed", Quantity::speed},
    {"convert_temperature", Quantity::temperature},
    {"convert_volume", Quantity::volume},
});

} // namespace

auto find_unit(Quantity quantity, std::string_view name) -> std::optional<Unit> {
  const auto units = units_of(quantity);
  const auto found = std::ranges::find(units, name, &NamedUnit::name);
  return found == units.end() ? std::nullopt : std::optional{found->unit};
}

auto converted_quantity(std::string_view function) -> std::optional<Quantity> {
  for (const auto& [name, quantity] : functions) {
    if (name == function) {
      return quantity;
    }
  }
  return std::nullopt;
}

} // namespace sluice::kql
