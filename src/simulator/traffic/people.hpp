// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::simulator {

/// Somebody who works at the tenant. All texts can stand inside a JSON string as they are.
struct Person {
  std::string upn;          ///< `ana.silva17@contoso.example`
  std::string folder;       ///< `ana_silva17_contoso_example`, the name of a OneDrive.
  std::string display_name; ///< Has letters beyond ASCII now and then.
  std::string object_id;    ///< A GUID, the user in the directory.
  std::string puid;         ///< 16 hexadecimal digits, the user in Exchange and SharePoint.
  std::string sid;
  std::string mailbox_guid;
};

/// `count` people, at least 1, the same ones for the same seed.
[[nodiscard]] auto make_people(std::uint64_t seed, std::uint32_t count) -> std::vector<Person>;

/// Texts that many records share, to be chosen from by a random number.
[[nodiscard]] auto subject_line(std::uint64_t choice) -> std::string_view;
/// A mail address outside of the tenant.
[[nodiscard]] auto outside_address(std::uint64_t choice) -> std::string_view;

/// Appends an address of the documentation ranges (RFC 5737, RFC 3849): mostly IPv4.
void append_ip(std::string& out, std::uint64_t choice);

} // namespace sluice::simulator
