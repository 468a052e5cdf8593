// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <latch>
#include <thread>

#include <gmock/gmock.h>

#include "identity/base64url.hpp"
#include "identity/cached_token_source.hpp"

namespace sluice::identity {
namespace {

using namespace std::chrono_literals;

/// Issues `token-1`, `token-2`, ... of a settable lifetime.
class CountingIssuer final : public TokenIssuer {
public:
  auto issue(const std::stop_token&) -> Result<IssuedToken> override {
    const auto number = ++issued;
    if (before_reply) {
      before_reply();
    }
    if (failure) {
      return *failure;
    }
    return IssuedToken{Secret{text.value_or("token-" + std::to_string(number))}, lifetime};
  }

  std::atomic<int> issued{0};
  std::chrono::seconds lifetime{3'600};
  std::optional<Error> failure;
  std::optional<std::string> text;
  std::function<void()> before_reply;
};

class CachedTokenSourceTest : public testing::Test {
protected:
  auto token() -> std::string {
    auto bearer = tokens_.token({});
    return bearer ? std::string{bearer->reveal_to(origin_)->reveal()} : bearer.error().message();
  }

  ManualClock clock_{*parse_iso8601("2026-07-13T10:00:00Z")};
  http::Origin origin_{"https", "manage.office.com", 443};
  CountingIssuer* issuer_ = new CountingIssuer; // Owned by the source.
  CachedTokenSource tokens_{std::unique_ptr<TokenIssuer>{issuer_}, origin_, clock_};
};

TEST_F(CachedTokenSourceTest, keeps_a_token_until_five_minutes_before_its_end) {
  EXPECT_EQ(token(), "token-1");
  clock_.advance(54min + 59s);
  EXPECT_EQ(token(), "token-1");
  clock_.advance(1s);
  EXPECT_EQ(token(), "token-2");
}

TEST_F(CachedTokenSourceTest, warns_once_of_a_token_without_roles) {
  issuer_->lifetime = 60s;
  const auto warnings_of = [&](std::string_view claims) {
    issuer_->text = "e30." + base64url_encoded(claims) + ".c2ln";
    testing::internal::CaptureStderr();
    static_cast<void>(token());
    clock_.advance(60s);
    return testing::internal::GetCapturedStderr();
  };
  EXPECT_EQ(warnings_of(R"({"appid":"an-app","roles":["ActivityFeed.Read"]})"), "");
  EXPECT_THAT(warnings_of(R"({"appid":"an-app"})"),
              testing::AllOf(testing::HasSubstr("an-app"), testing::HasSubstr("admin consent")));
  EXPECT_EQ(warnings_of(R"({"appid":"an-app"})"), "");
}

TEST_F(CachedTokenSourceTest, renews_a_short_lived_token_after_three_quarters) {
  issuer_->lifetime = 60s;
  EXPECT_EQ(token(), "token-1");
  clock_.advance(44s);
  EXPECT_EQ(token(), "token-1");
  clock_.advance(1s);
  EXPECT_EQ(token(), "token-2");
}

TEST_F(CachedTokenSourceTest, a_refused_token_is_not_given_again) {
  const auto first = tokens_.token({});
  tokens_.invalidate(*first);
  EXPECT_EQ(token(), "token-2");
  tokens_.invalidate(*first);
  EXPECT_EQ(token(), "token-2") << "the newer token was not refused";
}

TEST_F(CachedTokenSourceTest, a_failed_early_renewal_keeps_the_old_token_while_it_lasts) {
  EXPECT_EQ(token(), "token-1");
  issuer_->failure = Error{ErrorKind::unavailable, "down"};
  clock_.advance(56min);
  EXPECT_EQ(token(), "token-1");
  EXPECT_EQ(token(), "token-1");
  EXPECT_EQ(issuer_->issued, 2) << "it waits before the next early attempt";
  clock_.advance(5min);
  EXPECT_EQ(token(), "down");
}

TEST_F(CachedTokenSourceTest, a_failure_is_not_remembered) {
  issuer_->failure = Error{ErrorKind::unavailable, "down"};
  EXPECT_EQ(token(), "down");
  issuer_->failure.reset();
  EXPECT_EQ(token(), "token-2");
}

TEST_F(CachedTokenSourceTest, many_threads_sign_in_once) {
  constexpr int threads = 16;
  std::latch all_here{threads};
  issuer_->before_reply = [&] { all_here.wait(); };
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> askers;
    for (int i = 0; i < threads; ++i) {
      askers.emplace_back([&] {
        all_here.count_down();
        right += token() == "token-1" ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(right, threads);
  EXPECT_EQ(issuer_->issued, 1);
}

TEST_F(CachedTokenSourceTest, facts_are_absent_for_an_opaque_token) {
  EXPECT_EQ(token(), "token-1");
  EXPECT_FALSE(tokens_.facts());
}

} // namespace
} // namespace sluice::identity
