// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <set>

#include <gmock/gmock.h>

#include "identity/renewing_sign_in.hpp"

namespace sluice::identity {
namespace {

using namespace std::chrono_literals;

/// A place that holds a password, and a service that believes some.
class RenewingSignInTest : public testing::Test {
protected:
  class Service final : public TokenIssuer {
  public:
    Service(RenewingSignInTest& test, std::string password)
        : test_{test},
          password_{std::move(password)} {}
    auto issue(const std::stop_token&) -> Result<IssuedToken> override {
      test_.shown.push_back(password_);
      if (test_.outage) {
        return *test_.outage;
      }
      if (!test_.believed.contains(password_)) {
        return Error{ErrorKind::unauthorized, "refused"}.with_code("AADSTS7000222");
      }
      return IssuedToken{Secret{"token of " + password_}, 1h};
    }

  private:
    RenewingSignInTest& test_;
    const std::string password_;
  };

  auto read() -> Result<SignIn> {
    ++reads;
    if (!held) {
      return Error{ErrorKind::invalid_input, "the secret file does not exist"};
    }
    SignIn sign_in;
    sign_in.way = SignIn::Way::client_secret;
    sign_in.secret = Secret{std::string{*held}};
    return sign_in;
  }
  auto sign_in() -> std::unique_ptr<RenewingSignIn> {
    auto renewed =
        Renewed<SignIn>::create([this](const std::stop_token&) { return read(); }, clock);
    return RenewingSignIn::create(
               *std::move(renewed),
               [this](const SignIn& made) -> Result<std::unique_ptr<TokenIssuer>> {
                 if (made.secret.reveal() == "half") {
                   return Error{ErrorKind::invalid_input, "no whole key"};
                 }
                 return std::make_unique<Service>(*this, std::string{made.secret.reveal()});
               })
        .value();
  }
  static auto text(const Result<IssuedToken>& token) -> std::string {
    return token ? std::string{token->token.reveal()} : token.error().message();
  }

  ManualClock clock{*parse_iso8601("2026-07-13T10:00:00Z")};
  std::optional<std::string> held = "old";
  std::set<std::string> believed{"old"};
  std::optional<Error> outage;
  std::vector<std::string> shown;
  int reads = 0;
};

TEST_F(RenewingSignInTest, what_is_believed_is_read_once_an_hour) {
  const auto issuer = sign_in();
  EXPECT_EQ(text(issuer->issue({})), "token of old");
  clock.advance(59min);
  EXPECT_EQ(text(issuer->issue({})), "token of old");
  EXPECT_EQ(reads, 1);
  clock.advance(1min);
  held = "new";
  believed = {"old", "new"};
  EXPECT_EQ(text(issuer->issue({})), "token of new");
  EXPECT_EQ(reads, 2);
  EXPECT_EQ(issuer->used(), "client_secret");
}

TEST_F(RenewingSignInTest, what_is_refused_is_read_anew_and_tried_at_once) {
  const auto issuer = sign_in();
  held = "new";
  believed = {"new"};
  EXPECT_EQ(text(issuer->issue({})), "token of new");
  EXPECT_THAT(shown, testing::ElementsAre("old", "new"));
}

TEST_F(RenewingSignInTest, what_is_refused_and_has_not_changed_is_shown_once) {
  const auto issuer = sign_in();
  believed.clear();
  EXPECT_EQ(text(issuer->issue({})), "refused");
  EXPECT_EQ(text(issuer->issue({})), "refused");
  EXPECT_THAT(shown, testing::ElementsAre("old", "old"));
  EXPECT_EQ(reads, 2) << "the second refusal came within ten seconds";
  clock.advance(10s);
  held = "new";
  believed = {"new"};
  EXPECT_EQ(text(issuer->issue({})), "token of new");
}

TEST_F(RenewingSignInTest, an_outage_is_no_refusal) {
  const auto issuer = sign_in();
  held = "new";
  outage = Error{ErrorKind::unavailable, "down"};
  EXPECT_EQ(text(issuer->issue({})), "down");
  EXPECT_EQ(reads, 1);
}

TEST_F(RenewingSignInTest, what_cannot_be_read_anew_stays) {
  const auto issuer = sign_in();
  held.reset();
  clock.advance(1h);
  EXPECT_EQ(text(issuer->issue({})), "token of old");
  EXPECT_EQ(reads, 2);
  EXPECT_EQ(text(issuer->issue({})), "token of old");
  EXPECT_EQ(reads, 2) << "not at each sign-in";
}

TEST_F(RenewingSignInTest, a_new_one_that_is_not_believed_yet_leaves_the_old_in_use) {
  const auto issuer = sign_in();
  held = "new";
  clock.advance(1h);
  EXPECT_EQ(text(issuer->issue({})), "token of old");
  believed = {"new"};
  EXPECT_EQ(text(issuer->issue({})), "token of new");
  believed.clear();
  shown.clear();
  EXPECT_EQ(text(issuer->issue({})), "refused");
  EXPECT_THAT(shown, testing::ElementsAre("new")) << "the old one is forgotten by now";
}

TEST_F(RenewingSignInTest, a_new_one_that_makes_no_sense_leaves_the_old_in_use) {
  const auto issuer = sign_in();
  held = "half";
  clock.advance(1h);
  EXPECT_EQ(text(issuer->issue({})), "token of old");
  believed = {"new"};
  EXPECT_EQ(text(issuer->issue({})), "no whole key") << "which is what has to be mended";
  clock.advance(10s);
  held = "new";
  EXPECT_EQ(text(issuer->issue({})), "token of new");
}

TEST_F(RenewingSignInTest, a_place_that_holds_nothing_at_the_start_is_an_error) {
  held.reset();
  EXPECT_EQ(Renewed<SignIn>::create([this](const std::stop_token&) { return read(); }, clock)
                .error()
                .message(),
            "the secret file does not exist");
}

} // namespace
} // namespace sluice::identity
