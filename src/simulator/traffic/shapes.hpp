// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "simulator/traffic/record_shape.hpp"

/// One table per feed, each in its own file. All shapes were written for this project after
/// published field lists; people, hosts and addresses are of the documentation ranges.
namespace sluice::simulator {

[[nodiscard]] auto azure_active_directory_shapes() -> std::span<const ShapeText>;
[[nodiscard]] auto exchange_shapes() -> std::span<const ShapeText>;
[[nodiscard]] auto sharepoint_shapes() -> std::span<const ShapeText>;
[[nodiscard]] auto general_shapes() -> std::span<const ShapeText>;
[[nodiscard]] auto dlp_shapes() -> std::span<const ShapeText>;

} // namespace sluice::simulator
