// SPDX-License-Identifier: Apache-2.0
#include "simulator/traffic/shapes.hpp"

#include "base/check.hpp"

namespace sluice::simulator {

auto shapes_of(ContentType type) -> std::span<const ShapeText> {
  switch (type) {
  case ContentType::azure_active_directory:
    return azure_active_directory_shapes();
  case ContentType::exchange:
    return exchange_shapes();
  case ContentType::sharepoint:
    return sharepoint_shapes();
  case ContentType::general:
    return general_shapes();
  case ContentType::dlp:
    return dlp_shapes();
  }
  check_failed("a content type outside of its enumeration");
}

} // namespace sluice::simulator
