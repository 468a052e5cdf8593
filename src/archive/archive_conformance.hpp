// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "archive/archive.hpp"

/// What every `Archive` must do. An implementation adds itself in its own test:
///
///     INSTANTIATE_TEST_SUITE_P(Directory, ArchiveConformance, testing::Values(ArchiveMaker{...}));
namespace sluice::archive {

/// A place for one archive that is emptied afterwards.
class ArchivePlace {
public:
  ArchivePlace() = default;
  ArchivePlace(const ArchivePlace&) = delete;
  auto operator=(const ArchivePlace&) -> ArchivePlace& = delete;
  virtual ~ArchivePlace() = default;

  /// Opens the archive; every call opens the same one. The one before was closed.
  [[nodiscard]] virtual auto open() -> std::unique_ptr<Archive> = 0;
  /// Changes one byte in the middle of an object, behind the archive's back.
  virtual void damage(std::string_view name) = 0;
};

using ArchiveMaker = std::function<auto()->std::unique_ptr<ArchivePlace>>;

inline const std::string tenant_one = "11111111-2222-3333-4444-555555555555";
inline const std::string tenant_two = "22222222-2222-3333-4444-555555555555";

inline auto content(std::string id,
                    std::string_view created = "2026-07-13T16:40:00.123Z",
                    std::string tenant = tenant_one,
                    std::string type = "Audit.General") -> Content {
  return {std::move(tenant), std::move(type), std::move(id), parse_iso8601(created).value()};
}

class ArchiveConformance : public testing::TestWithParam<ArchiveMaker> {
protected:
  ArchiveConformance() : place_{GetParam()()}, archive_{place_->open()} {}

  void reopen() {
    archive_.reset();
    archive_ = place_->open();
  }

  static auto bytes_of(std::string_view text) -> std::span<const std::byte> {
    return std::as_bytes(std::span{text});
  }

  /// Writes and commits one raw object.
  auto put(const Content& what, std::string_view text, Encoding encoding = Encoding::gzip)
      -> StoredObject {
    std::vector<std::unique_ptr<ObjectWriter>> group;
    group.push_back(archive_->begin_raw(what, encoding).value());
    EXPECT_TRUE(group[0]->append(bytes_of(text)));
    auto object = group[0]->finish().value();
    EXPECT_TRUE(archive_->commit(group));
    return object;
  }

  auto names() -> std::vector<std::string> {
    std::vector<std::string> all;
    EXPECT_TRUE(archive_->list_raw([&](const RawObject& object) -> Result<> {
      all.push_back(object.content.content_id);
      return {};
    }));
    return all;
  }

  auto whole(const StoredObject& object) { return read_whole(*archive_, object, 1U << 30U); }

  std::unique_ptr<ArchivePlace> place_;
  std::unique_ptr<Archive> archive_;
};

} // namespace sluice::archive
