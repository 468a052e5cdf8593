// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "archive/archive.hpp"
#include "archive/object_name.hpp"
#include "base/check.hpp"

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

/// The writers, which an archive made as `Writer`, all closed.
/// Errors: those of `Writer::close`.
template <class Writer>
[[nodiscard]] auto closed(std::span<std::unique_ptr<ObjectWriter>> writers)
    -> Result<std::vector<Writer*>> {
  std::vector<Writer*> group;
  for (const auto& writer : writers) {
    auto* ours = dynamic_cast<Writer*>(writer.get());
    CHECK(ours != nullptr);
    TRY_DO(ours->close());
    group.push_back(ours);
  }
  return group;
}

} // namespace sluice::archive
