// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "activity/content.hpp"
#include "activity/feed_connection.hpp"
#include "archive/directory_archive.hpp"
#include "base/clock.hpp"
#include "http/client.hpp"
#include "http/rate_limiter.hpp"
#include "identity/token_source.hpp"
#include "ledger/sqlite_ledger.hpp"
#include "pipeline/progress.hpp"
#include "pipeline/tenant_feed.hpp"
#include "relevance/rule_set.hpp"

namespace sluice::pipeline {

/// For tests: the service, in memory. Answers what the stages ask, in the service's forms.
///
/// Threads: `stream` from any; the members are set up before.
class FeedInMemory final : public http::HttpClient {
public:
  struct Content {
    std::string id;
    DateTime created;
    std::string body = "[]";
    std::string type = "Audit.General";
    /// Where the listing says that it is; empty for the right place.
    std::string uri = {};
  };

  static constexpr auto root =
      "https://manage.office.com/api/v1.0/11111111-2222-3333-4444-555555555555/activity/feed/";

  std::vector<Content> contents;
  std::set<std::string> subscribed{"Audit.General"};
  std::size_t rows_per_page = 2;
  bool comes_fast = false; ///< Faster than it is worked on.
  /// Sees each request first; what it returns is the answer.
  std::function<auto(const std::string& url)->std::optional<http::Response>> interfere;

  auto stream(const http::Request& request, http::BodySink& sink, const std::stop_token& /*stop*/)
      -> Result<http::ResponseHead> override {
    const std::lock_guard lock{mutex_};
    const auto url = request.url.text();
    requests_.push_back(url);
    const auto disturbed = interfere ? interfere(url) : std::nullopt;
    const auto response = disturbed ? *disturbed : answer(request.url);
    TRY_DO(sink.begin(response.head));
    TRY_DO(sink.write(std::as_bytes(std::span{response.body})));
    if (comes_fast) {
      sink.fell_behind();
    }
    return response.head;
  }

  /// How many requests so far had `part` in their URL.
  [[nodiscard]] auto count(std::string_view part) const -> std::ptrdiff_t {
    const std::lock_guard lock{mutex_};
    return std::ranges::count_if(requests_,
                                 [&](const auto& url) { return url.find(part) != url.npos; });
  }

private:
  static auto value(const http::Parameters& query, std::string_view name) -> std::string {
    for (const auto& [key, text] : query) {
      if (http::equal_ignoring_case(key, name)) {
        return text;
      }
    }
    return {};
  }

  auto answer(const http::Url& url) -> http::Response {
    const auto query = http::decoded_query(url.query()).value();
    const auto type = value(query, "contentType");
    const auto rest = url.text().substr(std::string_view{root}.size());
    if (url.path().ends_with("/subscriptions/list")) {
      std::vector<std::string> rows;
      for (const auto& name : subscribed) {
        rows.push_back(
            fmt::format(R"({{"contentType":"{}","status":"enabled","webhook":null}})", name));
      }
      return {{200, {}}, fmt::format("[{}]", fmt::join(rows, ","))};
    }
    if (url.path().ends_with("/subscriptions/start")) {
      subscribed.insert(type);
      return {{200, {}}, fmt::format(R"({{"contentType":"{}","status":"enabled"}})", type)};
    }
    return url.path().ends_with("/subscriptions/content") ? page(query, type) : body_of(rest);
  }

  auto page(const http::Parameters& query, const std::string& type) -> http::Response {
    const auto start = parse_iso8601(value(query, "startTime")).value();
    const auto end = parse_iso8601(value(query, "endTime")).value();
    const auto number = value(query, "nextPage");
    std::vector<std::string> rows;
    for (const auto& content : contents) {
      if (content.type == type && start <= content.created && content.created < end) {
        rows.push_back(row(content));
      }
    }
    const auto first = std::min(number.empty() ? 0 : std::stoul(number), rows.size());
    const auto last = std::min(first + rows_per_page, rows.size());
    const auto shown = std::span{rows}.subspan(first, last - first);
    http::Response response{{200, {}}, fmt::format("[{}]", fmt::join(shown, ","))};
    if (last < rows.size()) {
      response.head.headers.add(
          "NextPageUri",
          fmt::format("{}subscriptions/content?contentType={}&startTime={}&endTime={}&nextPage={}",
                      root,
                      type,
                      value(query, "startTime"),
                      value(query, "endTime"),
                      last));
    }
    return response;
  }

  static auto row(const Content& content) -> std::string {
    return fmt::format(
        R"({{"contentUri":"{}","contentId":"{}","contentType":"{}","contentCreated":"{}",)"
        R"("contentExpiration":"{}"}})",
        content.uri.empty() ? fmt::format("{}audit/{}", root, content.id) : content.uri,
        content.id,
        content.type,
        to_iso8601(content.created, 3),
        to_iso8601(content.created + Ticks{std::chrono::hours{24 * 7}}, 3));
  }

  auto body_of(std::string_view rest) -> http::Response {
    for (const auto& content : contents) {
      if (rest.starts_with(fmt::format("audit/{}?", content.id))) {
        return {{200, {}}, content.body};
      }
    }
    return {{404, {}}, R"({"error":{"code":"AF20050","message":"no such content"}})"};
  }

  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
};

/// For tests: a token that is always good.
class OneToken final : public identity::TokenSource {
public:
  explicit OneToken(http::Origin origin) : origin_{std::move(origin)} {}
  auto token(const std::stop_token& /*stop*/) -> Result<http::Bearer> override {
    return http::Bearer{origin_, Secret{"token"}};
  }
  void invalidate(const http::Bearer& /*refused*/) override {}

private:
  const http::Origin origin_;
};

/// For tests: a directory that is removed afterwards.
class TemporaryDirectory {
public:
  TemporaryDirectory() {
    auto pattern = (std::filesystem::temp_directory_path() / "sluice-pipeline-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  auto operator=(const TemporaryDirectory&) -> TemporaryDirectory& = delete;
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  [[nodiscard]] auto path() const -> const std::filesystem::path& { return path_; }

private:
  std::filesystem::path path_;
};

/// For tests: one tenant, a real archive and a real ledger, and a rule that keeps alerts
/// (`RecordType == 40`). `clock` must outlive it.
class SmallInstallation {
public:
  explicit SmallInstallation(
      Clock& clock, std::vector<activity::ContentType> types = {activity::ContentType::general})
      : limiter_{{.most_per_minute = 1e6, .burst = 1e6}, clock},
        connection_{
            activity::FeedAddress::create(management_, activity::TenantId{tenant}, tenant).value(),
            service,
            tokens_,
            limiter_,
            clock} {
    tenants.push_back(
        std::make_unique<TenantFeed>("contoso", std::move(types), connection_, /*parallel=*/4));
  }

  [[nodiscard]] auto feed() const -> TenantFeed& { return *tenants.front(); }
  [[nodiscard]] auto account() const -> ledger::FeedAccount {
    return ledger->account(std::nullopt).value().feeds.at(0);
  }

  static constexpr auto tenant = "11111111-2222-3333-4444-555555555555";
  inline static const ledger::Feed general{tenant, "Audit.General"};

  FeedInMemory service;

private:
  TemporaryDirectory directory_;
  http::Url management_ = http::Url::parse("https://manage.office.com").value();
  OneToken tokens_{management_.origin()};
  http::RateLimiter limiter_;
  activity::FeedConnection connection_;

public:
  std::vector<std::unique_ptr<TenantFeed>> tenants;
  std::unique_ptr<archive::Archive> archive =
      archive::open_directory_archive(directory_.path() / "archive").value();
  std::unique_ptr<ledger::Ledger> ledger =
      ledger::open_sqlite_ledger({.path = directory_.path() / "ledger.sqlite"}).value();
  relevance::RuleSet rules =
      relevance::RuleSet::compile({{.name = "alerts", .where = "RecordType == 40"}}).value();
  Progress progress;
};

/// A record that the rule of `SmallInstallation` keeps.
inline auto alert(std::string_view id) -> std::string {
  return fmt::format(R"({{"Id":"{}","RecordType":40,"Operation":"AlertTriggered"}})", id);
}
/// One that it drops.
inline auto noise(std::string_view id) -> std::string {
  return fmt::format(R"({{"Id":"{}","RecordType":6,"Operation":"FileAccessed"}})", id);
}

} // namespace sluice::pipeline
