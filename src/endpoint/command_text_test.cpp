// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "endpoint/command_text.hpp"

namespace sluice::endpoint {
namespace {

TEST(CommandText, joins_words_with_hyphens_and_reads_names_of_all_kinds) {
  auto command = CommandText::parse(R"(.create-merge table ['my table'] (a: string))");
  ASSERT_TRUE(command);
  EXPECT_TRUE(command->accept("CREATE-MERGE table"));
  EXPECT_EQ(*command->name(), "my table");
  EXPECT_TRUE(command->accept("( a"));
  EXPECT_FALSE(command->accept("string"));
}

TEST(CommandText, keeps_apart_what_follows_a_pipe_and_what_is_data) {
  const auto piped = CommandText::parse(".show tables | where x == 'a|b'");
  ASSERT_TRUE(piped);
  EXPECT_EQ(piped->query(), " where x == 'a|b'");
  const auto data = CommandText::parse(".ingest inline into table T <| 1,|2\n3");
  ASSERT_TRUE(data);
  EXPECT_EQ(data->data(), " 1,|2\n3");
}

TEST(CommandText, a_pipe_in_a_body_is_the_bodys) {
  const auto view = CommandText::parse(".create view V on table T { T | take 1 } | count");
  ASSERT_TRUE(view);
  EXPECT_EQ(view->query(), " count");
}

TEST(CommandText, neighbouring_texts_are_words_of_their_own) {
  auto command = CommandText::parse(R"(.x "m" '[{"Path":"$.a"}]' "n")");
  ASSERT_TRUE(command && command->accept("x"));
  EXPECT_EQ(*command->text(), "m");
  EXPECT_EQ(*command->text(), R"([{"Path":"$.a"}])");
  EXPECT_EQ(*command->text(), "n");
}

TEST(CommandText, says_what_it_expected) {
  auto command = CommandText::parse(".show table");
  ASSERT_TRUE(command && command->accept("show table"));
  EXPECT_FALSE(command->name());
  EXPECT_NE(command->expect("x").error().message().find("the end"), std::string::npos);
}

TEST(CommandText, an_open_text_is_refused) {
  EXPECT_FALSE(CommandText::parse(".show table 'T"));
}

} // namespace
} // namespace sluice::endpoint
