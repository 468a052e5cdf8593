// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "archive/archive_conformance.hpp"
#include "archive/blob_archive.hpp"
#include "azure/azurite.hpp"

namespace sluice::archive {
namespace {

auto container_named(std::string_view name) -> azure::BlobContainer {
  return azure::BlobContainer{azure::Azurite::shared().resource(
      azure::StorageService::blob, name, azure::Azurite::key_authorization())};
}

class BlobPlace final : public ArchivePlace {
public:
  explicit BlobPlace(BlobArchiveOptions options) : options_{options} {}

  auto open() -> std::unique_ptr<Archive> override {
    return open_blob_archive(container_, {}, options_).value();
  }
  void damage(std::string_view name) override {
    auto bytes = container_.read(name, 0, 1U << 24U, {}, {}).value().bytes;
    bytes[bytes.size() / 2] = '!';
    EXPECT_TRUE(container_.put(name, std::move(bytes), {}, {}));
  }

private:
  const BlobArchiveOptions options_;
  const azure::BlobContainer container_ = container_named(azure::Azurite::fresh_name());
};

INSTANTIATE_TEST_SUITE_P(
    Blob,
    ArchiveConformance,
    testing::Values(ArchiveMaker{[] { return std::make_unique<BlobPlace>(BlobArchiveOptions{}); }},
                    ArchiveMaker{[] {
                      return std::make_unique<BlobPlace>(
                          BlobArchiveOptions{.block_bytes = 65'536, .parallel_commits = 1});
                    }}),
    [](const auto& maker) { return maker.index == 0 ? "blob" : "blob_of_small_blocks"; });

auto bytes_of(std::string_view text) -> std::span<const std::byte> {
  return std::as_bytes(std::span{text});
}

TEST(BlobArchive, two_machines_write_one_archive) {
  const auto name = azure::Azurite::fresh_name();
  const auto one = open_blob_archive(container_named(name), {}).value();
  const auto two = open_blob_archive(container_named(name), {}).value();
  const std::string text(200'000, 'x');
  std::vector<std::unique_ptr<ObjectWriter>> of_one;
  std::vector<std::unique_ptr<ObjectWriter>> of_two;
  of_one.push_back(one->begin_raw(content("a"), Encoding::identity).value());
  of_two.push_back(two->begin_raw(content("b"), Encoding::identity).value());
  ASSERT_TRUE(of_one[0]->append(bytes_of(text)));
  ASSERT_TRUE(of_two[0]->append(bytes_of(text)));
  const auto written = of_one[0]->finish().value();
  ASSERT_TRUE(one->commit(of_one));
  ASSERT_TRUE(two->commit(of_two));
  EXPECT_EQ(read_whole(*two, written, 1U << 20U).value(), text);
  EXPECT_EQ(one->list_raw([](const RawObject&) { return Result<>{}; })->objects, 2U);
}

TEST(BlobArchive, an_object_of_two_writers_is_that_of_one_of_them) {
  const auto archive = open_blob_archive(container_named(azure::Azurite::fresh_name()), {}).value();
  std::vector<std::unique_ptr<ObjectWriter>> first;
  std::vector<std::unique_ptr<ObjectWriter>> second;
  first.push_back(archive->begin_raw(content("a"), Encoding::identity).value());
  second.push_back(archive->begin_raw(content("a"), Encoding::identity).value());
  ASSERT_TRUE(first[0]->append(bytes_of(std::string(200'000, '1'))));
  ASSERT_TRUE(second[0]->append(bytes_of(std::string(200'000, '2'))));
  ASSERT_TRUE(second[0]->finish());
  const auto written = first[0]->finish().value();
  ASSERT_TRUE(archive->commit(first));
  const auto late = archive->commit(second);
  if (!late) {
    EXPECT_EQ(late.error().kind(), ErrorKind::storage) << late.error().message();
    EXPECT_EQ(read_whole(*archive, written, 1U << 20U).value(), std::string(200'000, '1'));
  }
}

TEST(BlobArchive, who_was_overtaken_by_a_writer_of_the_same_bytes_is_done_too) {
  const auto archive = open_blob_archive(container_named(azure::Azurite::fresh_name()), {}).value();
  const std::string text(200'000, '1');
  std::vector<std::unique_ptr<ObjectWriter>> first;
  std::vector<std::unique_ptr<ObjectWriter>> second;
  for (auto* writers : {&first, &second}) {
    writers->push_back(archive->begin_raw(content("a"), Encoding::identity).value());
    ASSERT_TRUE(writers->front()->append(bytes_of(text)));
    ASSERT_TRUE(writers->front()->finish()); // All blocks are with the service.
  }
  const auto written = second[0]->finish().value();
  ASSERT_TRUE(archive->commit(first));
  const auto late = archive->commit(second);
  ASSERT_TRUE(late) << late.error().message();
  EXPECT_EQ(read_whole(*archive, written, 1U << 20U).value(), text);
}

TEST(BlobArchive, a_container_that_went_is_no_lost_content) {
  const auto name = azure::Azurite::fresh_name();
  const auto archive = open_blob_archive(container_named(name), {}).value();
  ASSERT_TRUE(container_named(name).resource().send(
      {.method = http::Method::del, .query = "restype=container"}, {}));
  const auto object = raw_name(content("a"), Encoding::identity).value();
  const auto missing = archive->open(object);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind(), ErrorKind::storage) << missing.error().message();
  std::vector<std::unique_ptr<ObjectWriter>> group;
  group.push_back(archive->begin_raw(content("a"), Encoding::identity).value());
  ASSERT_TRUE(group[0]->append(bytes_of("x")));
  const auto committed = archive->commit(group);
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().kind(), ErrorKind::storage) << committed.error().message();
}

TEST(BlobArchive, strangers_in_the_container_are_counted_and_left_alone) {
  const auto name = azure::Azurite::fresh_name();
  const auto archive = open_blob_archive(container_named(name), {}).value();
  ASSERT_TRUE(container_named(name).put("raw/README", "x", {}, {}));
  const auto summary = archive->list_raw([](const RawObject&) { return Result<>{}; }).value();
  EXPECT_EQ(summary.objects, 0U);
  EXPECT_EQ(summary.strangers, 1U);
}

} // namespace
} // namespace sluice::archive
