// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "archive/archive.hpp"
#include "archive/object_name.hpp"
#include "base/check.hpp"
#include "base/failpoint.hpp"

/// Private to this library: what all archives have in common.
namespace sluice::archive {

/// An archive in which an object begins with its name.
class ObjectArchive : public Archive {
public:
  auto begin_raw(const Content& content, Encoding encoding)
      -> Result<std::unique_ptr<ObjectWriter>> final {
    TRY(auto name, raw_name(content, encoding));
    return begin(std::move(name));
  }

  auto begin_staged(const Content& content, std::uint32_t generation)
      -> Result<std::unique_ptr<ObjectWriter>> final {
    TRY(auto name, staged_name(content, generation));
    return begin(std::move(name));
  }

private:
  virtual auto begin(std::string name) -> Result<std::unique_ptr<ObjectWriter>> = 0;
};

/// Commits writers that an archive made as `Writer`: closes them, lets `place` make their objects
/// appear for good, and lets them go.
/// Errors: those of `Writer::close` and of `place`.
template <class Writer, class Place>
[[nodiscard]] auto commit_with(std::span<std::unique_ptr<ObjectWriter>> writers, const Place& place)
    -> Result<> {
  std::vector<Writer*> group;
  for (const auto& writer : writers) {
    auto* ours = dynamic_cast<Writer*>(writer.get());
    CHECK(ours != nullptr);
    TRY_DO(ours->close());
    group.push_back(ours);
  }
  FAILPOINT("archive.before_sync");
  TRY_DO(place(std::span<Writer* const>{group}));
  FAILPOINT("archive.after_commit");
  for (auto& writer : writers) {
    writer.reset();
  }
  return {};
}

/// Whether an object is as long as what was written.
/// Errors: corrupt.
[[nodiscard]] auto check_bytes(const StoredObject& expected, std::uint64_t bytes) -> Result<>;

} // namespace sluice::archive
