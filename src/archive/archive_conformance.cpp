// SPDX-License-Identifier: Apache-2.0
#include "archive/archive_conformance.hpp"

namespace sluice::archive {

TEST_P(ArchiveConformance, a_committed_object_reads_back_byte_for_byte_after_reopening) {
  using namespace std::string_literals;
  const auto text = "\x1f\x8b\0\xff\n[]"s;
  const auto object = put(content("a$b"), text);
  EXPECT_EQ(object.bytes, text.size());
  EXPECT_EQ(object.sha256, sha256(text));
  reopen();
  EXPECT_EQ(whole(object).value(), text);
}

TEST_P(ArchiveConformance, objects_of_every_size_and_cut_read_back) {
  for (const std::size_t size : {0U, 1U, 65'535U, 65'536U, 65'537U, 300'000U}) {
    for (const std::size_t cut : {1'000U, 70'000U}) {
      const std::string text(size, 'x');
      std::vector<std::unique_ptr<ObjectWriter>> group;
      group.push_back(archive_->begin_staged(content("s"), 0).value());
      for (std::size_t at = 0; at < size; at += cut) {
        ASSERT_TRUE(group[0]->append(bytes_of(text).subspan(at, std::min(cut, size - at))));
      }
      const auto object = group[0]->finish().value();
      ASSERT_TRUE(archive_->commit(group));
      EXPECT_EQ(whole(object).value(), text) << size << " by " << cut;
    }
  }
}

TEST_P(ArchiveConformance, nothing_is_visible_before_the_commit) {
  auto writer = archive_->begin_raw(content("a"), Encoding::identity).value();
  ASSERT_TRUE(writer->append(bytes_of("[]")));
  const auto object = writer->finish().value();
  EXPECT_EQ(archive_->open(object.name).error().kind(), ErrorKind::gone);
  EXPECT_TRUE(names().empty());
  writer.reset();
  reopen();
  EXPECT_EQ(archive_->open(object.name).error().kind(), ErrorKind::gone);
}

TEST_P(ArchiveConformance, a_group_becomes_visible_as_a_whole) {
  std::vector<std::unique_ptr<ObjectWriter>> group;
  std::vector<StoredObject> objects;
  for (int i = 0; i < 70; ++i) {
    const auto id = "id" + std::to_string(i);
    group.push_back(archive_->begin_raw(content(id), Encoding::gzip).value());
    group.push_back(archive_->begin_staged(content(id), 0).value());
  }
  for (auto& writer : group) {
    ASSERT_TRUE(writer->append(bytes_of("some bytes")));
    objects.push_back(writer->finish().value());
  }
  ASSERT_TRUE(archive_->commit(group));
  for (const auto& writer : group) {
    EXPECT_EQ(writer, nullptr);
  }
  reopen();
  for (const auto& object : objects) {
    EXPECT_EQ(whole(object).value(), "some bytes");
  }
  EXPECT_EQ(names().size(), 70U);
}

TEST_P(ArchiveConformance, an_empty_group_is_no_error) {
  EXPECT_TRUE(archive_->commit({}));
}

TEST_P(ArchiveConformance, an_object_that_is_written_again_is_replaced) {
  const auto first = put(content("a"), "first");
  const auto second = put(content("a"), "the second");
  EXPECT_EQ(first.name, second.name);
  EXPECT_EQ(whole(second).value(), "the second");
  EXPECT_EQ(whole(first).error().kind(), ErrorKind::corrupt);
  EXPECT_EQ(names().size(), 1U);
}

TEST_P(ArchiveConformance, generations_of_a_staged_object_stand_side_by_side) {
  std::vector<std::unique_ptr<ObjectWriter>> group;
  group.push_back(archive_->begin_staged(content("a"), 0).value());
  group.push_back(archive_->begin_staged(content("a"), 1).value());
  ASSERT_TRUE(group[1]->append(bytes_of("new")));
  const auto former = group[0]->finish().value();
  const auto current = group[1]->finish().value();
  ASSERT_TRUE(archive_->commit(group));
  ASSERT_TRUE(archive_->remove(former.name));
  EXPECT_TRUE(archive_->remove(former.name)) << "removing twice is no error";
  EXPECT_EQ(archive_->open(former.name).error().kind(), ErrorKind::gone);
  EXPECT_EQ(whole(current).value(), "new");
}

TEST_P(ArchiveConformance, a_changed_byte_is_found_when_the_object_is_read) {
  const auto object = put(content("a"), std::string(1'000, 'x'));
  place_->damage(object.name);
  const auto read = whole(object);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind(), ErrorKind::corrupt);
}

TEST_P(ArchiveConformance, a_damaged_object_that_is_set_aside_is_out_of_the_way) {
  const auto object = put(content("a"), "x");
  ASSERT_TRUE(archive_->set_aside(object.name));
  EXPECT_EQ(archive_->open(object.name).error().kind(), ErrorKind::gone);
  EXPECT_TRUE(names().empty());
  EXPECT_EQ(archive_->set_aside(object.name).error().kind(), ErrorKind::gone);
  EXPECT_EQ(whole(put(content("a"), "y")).value(), "y");
}

TEST_P(ArchiveConformance, raw_objects_are_listed_by_tenant_type_and_time_with_their_content) {
  const std::vector<Content> in_order = {
      content("zz", "2026-07-12T23:59:59.9999999Z"),
      content("a$1", "2026-07-13T00:00:00Z"),
      content("b/../../$", "2026-07-13T00:00:00Z"),
      content("a", "2026-11-01T00:00:00Z"),
      content("x", "2025-01-01T00:00:00Z", tenant_one, "DLP.All"),
      content("x", "2024-01-01T00:00:00Z", tenant_two)};
  for (const auto position : {4U, 2U, 0U, 5U, 1U, 3U}) {
    put(in_order[position], "12345", Encoding::identity);
  }
  std::vector<Content> listed;
  const auto summary = archive_->list_raw([&](const RawObject& object) -> Result<> {
    listed.push_back(object.content);
    EXPECT_EQ(object.bytes, 5U);
    EXPECT_EQ(object.encoding, Encoding::identity);
    EXPECT_TRUE(archive_->open(object.name));
    return {};
  });
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->objects, in_order.size());
  EXPECT_EQ(summary->strangers, 0U);
  EXPECT_EQ(listed, in_order);
}

TEST_P(ArchiveConformance, a_walk_ends_with_the_visitors_error) {
  put(content("a"), "x");
  put(content("b"), "x");
  int visits = 0;
  const auto walked = archive_->list_raw([&](const RawObject&) -> Result<> {
    ++visits;
    return Error{ErrorKind::cancelled, "enough"};
  });
  EXPECT_EQ(walked.error().kind(), ErrorKind::cancelled);
  EXPECT_EQ(visits, 1);
}

TEST_P(ArchiveConformance, impossible_names_are_refused) {
  for (const std::string_view name : {"",
                                      "raw",
                                      "raw/",
                                      "raw/../tmp/x",
                                      "../x",
                                      "/etc/passwd",
                                      "tmp/0.part",
                                      "raw//x",
                                      "raw/./x"}) {
    EXPECT_EQ(archive_->open(name).error().kind(), ErrorKind::invalid_input) << name;
    EXPECT_EQ(archive_->set_aside(name).error().kind(), ErrorKind::invalid_input) << name;
    EXPECT_EQ(archive_->remove(name).error().kind(), ErrorKind::invalid_input) << name;
  }
  EXPECT_EQ(archive_->begin_raw(content(""), Encoding::gzip).error().kind(),
            ErrorKind::invalid_input);
}

TEST_P(ArchiveConformance, a_read_into_memory_keeps_to_its_limit) {
  const auto object = put(content("a"), "12345");
  EXPECT_EQ(read_whole(*archive_, object, 4).error().kind(), ErrorKind::invalid_input);
  EXPECT_EQ(read_whole(*archive_, object, 5).value(), "12345");
}

} // namespace sluice::archive
