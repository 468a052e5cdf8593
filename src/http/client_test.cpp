// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/gzip.hpp"
#include "http/client.hpp"

namespace sluice::http {
namespace {

/// Answers every request with one response, its body in pieces of three bytes.
class OneResponse final : public HttpClient {
public:
  explicit OneResponse(Response response) : response_{std::move(response)} {}

  auto stream(const Request&, BodySink& sink, const std::stop_token&)
      -> Result<ResponseHead> override {
    TRY_DO(sink.begin(response_.head));
    for (std::size_t at = 0; at < response_.body.size(); at += 3) {
      const auto piece = std::string_view{response_.body}.substr(at, 3);
      TRY_DO(sink.write(std::as_bytes(std::span{piece.data(), piece.size()})));
    }
    return response_.head;
  }

private:
  const Response response_;
};

auto request(std::size_t max_body_bytes = 1'000) -> Request {
  return {.url = *Url::parse("https://h.example/"),
          .headers = {},
          .body = {},
          .bearer = std::nullopt,
          .max_body_bytes = max_body_bytes};
}

TEST(HeadersTest, are_found_in_any_case_and_trimmed) {
  const Headers headers{{"nextpageuri", " x "}, {"NextPageUri", "second"}};
  EXPECT_EQ(headers.find("NextPageUri"), "x");
  EXPECT_EQ(headers.find("Next"), std::nullopt);
}

TEST(SendTest, gives_the_whole_body) {
  OneResponse client{{{200, {}}, "0123456789"}};
  EXPECT_EQ(client.send(request(), {})->body, "0123456789");
}

TEST(SendTest, inflates_gzip) {
  OneResponse client{{{200, {{"content-encoding", "GZIP"}}}, deflate_gzip("[1,2,3]")}};
  EXPECT_EQ(client.send(request(), {})->body, "[1,2,3]");
}

TEST(SendTest, refuses_gzip_that_was_cut) {
  auto body = deflate_gzip("[1,2,3]");
  body.resize(body.size() - 4);
  OneResponse client{{{200, {{"Content-Encoding", "gzip"}}}, body}};
  EXPECT_EQ(client.send(request(), {}).error().kind(), ErrorKind::malformed);
}

TEST(SendTest, an_empty_body_needs_no_gzip) {
  OneResponse client{{{204, {{"Content-Encoding", "gzip"}}}, ""}};
  EXPECT_EQ(client.send(request(), {})->body, "");
}

TEST(SendTest, counts_bytes_after_inflating) {
  OneResponse client{
      {{200, {{"Content-Encoding", "gzip"}}}, deflate_gzip(std::string(1'001, 'a'))}};
  EXPECT_EQ(client.send(request(1'000), {}).error().kind(), ErrorKind::malformed);
  EXPECT_EQ(client.send(request(1'001), {})->body.size(), 1'001U);
}

TEST(SendTest, refuses_a_body_over_the_cap) {
  OneResponse client{{{200, {}}, std::string(1'001, 'a')}};
  EXPECT_EQ(client.send(request(1'000), {}).error().kind(), ErrorKind::malformed);
}

TEST(SendTest, refuses_an_encoding_it_did_not_ask_for) {
  OneResponse client{{{200, {{"Content-Encoding", "br"}}}, "x"}};
  EXPECT_EQ(client.send(request(), {}).error().kind(), ErrorKind::malformed);
}

TEST(BearerTest, shows_itself_to_its_origin_alone) {
  const auto origin = [](std::string_view text) { return Url::parse(text)->origin(); };
  const Bearer bearer{origin("https://manage.office.com"), Secret{std::string{"token"}}};
  EXPECT_EQ(bearer.reveal_to(origin("https://manage.office.com:443/x"))->reveal(), "token");
  for (const auto* other : {"http://manage.office.com",
                            "https://manage.office.com:8443",
                            "https://manage.office.com.evil.example",
                            "https://manage-gcc.office.com"}) {
    EXPECT_EQ(bearer.reveal_to(origin(other)).error().kind(), ErrorKind::untrusted) << other;
  }
}

} // namespace
} // namespace sluice::http
