// SPDX-License-Identifier: Apache-2.0
#include "archive/archive.hpp"

#include <fmt/format.h>

#include "archive/object_archive.hpp"

namespace sluice::archive {

auto check_bytes(const StoredObject& expected, std::uint64_t bytes) -> Result<> {
  if (bytes != expected.bytes) {
    return Error{
        ErrorKind::corrupt,
        fmt::format("{} has {} bytes, but {} were written", expected.name, bytes, expected.bytes)};
  }
  return {};
}

auto read_whole(Archive& archive, const StoredObject& object, std::size_t max_bytes)
    -> Result<std::string> {
  if (object.bytes > max_bytes) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("{} is larger than {} bytes", object.name, max_bytes)};
  }
  TRY(const auto reader, archive.open(object));
  std::string text;
  // One byte more, so that the end, where the proof happens, is met.
  text.resize(static_cast<std::size_t>(object.bytes) + 1);
  std::size_t filled = 0;
  while (true) {
    const auto rest = std::span{text}.subspan(filled);
    if (rest.empty()) {
      return Error{ErrorKind::corrupt, fmt::format("{} grew while it was read", object.name)};
    }
    TRY(const auto taken, reader->read(std::as_writable_bytes(rest)));
    if (taken == 0) {
      text.resize(filled);
      return text;
    }
    filled += taken;
  }
}

} // namespace sluice::archive
