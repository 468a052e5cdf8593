// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::azure {

/// How a body is proven to have arrived as it was sent.
enum class ContentHash : std::uint8_t {
  md5,   ///< `Content-MD5`; the service keeps it with a blob that is put whole.
  crc64, ///< `x-ms-content-crc64`; cheaper on both sides. Azurite refuses it.
};

/// Base64 of the MD5, the value of `Content-MD5`. It finds damage, it proves nothing to an enemy.
[[nodiscard]] auto md5_base64(std::string_view bytes) -> std::string;

/// The CRC-64 of Azure Storage: polynomial 0xAD93D23594C93659, reflected, all ones in and out
/// (observed in the service's clients; catalogued as CRC-64/NVME).
[[nodiscard]] auto crc64(std::string_view bytes) noexcept -> std::uint64_t;
/// Base64 of its eight bytes, least first: the value of `x-ms-content-crc64`.
[[nodiscard]] auto crc64_base64(std::string_view bytes) -> std::string;

} // namespace sluice::azure
