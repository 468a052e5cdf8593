// SPDX-License-Identifier: Apache-2.0
// How fast alert and investigation records become cases, and what the open ones need: stories of a
// simulated tenant in contents of a hundred records, through simulated weeks.
//
//   cases_bench [RECORDS [STORIES_A_DAY]]
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <queue>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>

#include "arrivals.hpp"
#include "base/check.hpp"
#include "relevance/cases/case_intake.hpp"

namespace {

using namespace sluice;

constexpr std::size_t records_in_content = 100;
constexpr double target_per_second = 50'000.0;

/// Bytes of the process that are in memory now.
auto resident_bytes() -> std::size_t {
  std::ifstream file{"/proc/self/statm"};
  std::size_t total = 0;
  std::size_t resident = 0;
  file >> total >> resident;
  return resident * 4096;
}

class Bench {
public:
  Bench(std::uint64_t records, std::uint64_t stories_per_day)
      : stories_{5, stories_per_day},
        per_day_{stories_per_day},
        wanted_{records} {}

  void run() {
    const auto before = resident_bytes();
    while (records_ < wanted_) {
      make_content();
      parse_content();
      take_content();
    }
    most_bytes_ = std::max(most_bytes_, resident_bytes()) - before;
  }

  void print() const {
    const auto rate = static_cast<double>(records_) / seconds_;
    std::cout << fmt::format(
        "{} records, {} MB, in {:.2f} s of processor time: {} versions of cases\n",
        records_,
        bytes_ >> 20U,
        seconds_,
        told_);
    std::cout << fmt::format(
        "{} alerts and investigations held at most, {} at the end; {} bytes of "
        "memory for each\n",
        most_open_,
        correlator_.open(),
        most_bytes_ / std::max<std::size_t>(most_open_, 1));
    std::cout << fmt::format(
        "simdjson alone reads the same text into documents in {:.2f} s; cases take {:.1f} times as "
        "long\n",
        parse_seconds_,
        seconds_ / parse_seconds_);
    std::cout << fmt::format("{:<58} {:9.0f}/s    target at least {:.0f}/s: {}\n",
                             "alert and investigation records, one core",
                             rate,
                             target_per_second,
                             rate >= target_per_second ? "met" : "NOT met");
  }

private:
  /// The next records in the order in which the service makes them available.
  void make_content() {
    text_.clear();
    for (std::size_t i = 0; i < records_in_content; ++i) {
      while (waiting_.empty() || begun_ / per_day_ <= day_of(waiting_.top().available)) {
        for (const auto& arrival : stories_.arrivals(begun_, cases::Order::as_ingested)) {
          waiting_.push(arrival);
        }
        ++begun_;
      }
      available_ = waiting_.top().available;
      text_ += stories_.record(waiting_.top());
      text_ += '\n';
      waiting_.pop();
    }
  }

  [[nodiscard]] auto day_of(DateTime time) const -> std::uint64_t {
    return static_cast<std::uint64_t>((time - start_) / Ticks{std::chrono::days{1}});
  }

  /// What the machine can do at this moment: others may be at work on it.
  void parse_content() {
    const auto began = std::clock();
    simdjson::dom::document_stream documents;
    CHECK(parser_.parse_many(text_, text_.size()).get(documents) == simdjson::SUCCESS);
    for (auto document : documents) {
      CHECK(document.error() == simdjson::SUCCESS);
    }
    parse_seconds_ += static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
  }

  void take_content() {
    const auto began = std::clock();
    intake_.begin(correlator_, {std::string{cases::tenant}, available_});
    CHECK(intake_.feed(text_));
    CHECK(intake_.finish());
    auto changes = correlator_.settle(available_).value();
    told_ += changes.cases.size();
    if (available_ >= next_advance_) {
      told_ += correlator_.advance(available_).value().cases.size();
      next_advance_ = available_ + std::chrono::hours{1};
    }
    seconds_ += static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
    records_ += records_in_content;
    bytes_ += text_.size();
    most_open_ = std::max(most_open_, correlator_.open());
  }

  cases::Stories stories_;
  std::uint64_t per_day_;
  std::uint64_t wanted_;
  DateTime start_ = *parse_iso8601("2026-01-01T00:00:00Z");
  std::priority_queue<cases::Arrival, std::vector<cases::Arrival>, std::greater<>> waiting_;
  std::uint64_t begun_ = 0;
  std::string text_;
  DateTime available_{};
  DateTime next_advance_{};
  relevance::Correlator correlator_{relevance::CaseRules{}};
  relevance::CaseIntake intake_;
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t told_ = 0;
  double seconds_ = 0.0;
  simdjson::dom::parser parser_;
  double parse_seconds_ = 0.0;
  std::size_t most_open_ = 0;
  std::size_t most_bytes_ = 0;
};

} // namespace

auto main(int argc, char** argv) -> int {
  const auto number = [&](int at, std::uint64_t fallback) {
    return argc > at ? std::strtoull(argv[at], nullptr, 10) : fallback;
  };
  Bench bench{number(1, 1'000'000), number(2, 500)};
  bench.run();
  bench.print();
  return EXIT_SUCCESS;
}
