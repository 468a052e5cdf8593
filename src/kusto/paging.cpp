// SPDX-License-Identifier: Apache-2.0
#include "kusto/paging.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/guid.hpp"
#include "base/log.hpp"
#include "kql/lexer.hpp"
#include "kusto/parameter_values.hpp"

namespace sluice::kusto {
namespace {

/// A name that no query has by chance.
constexpr std::string_view number = "SluiceRowNumber";
constexpr auto time_to_forget = std::chrono::seconds{10};

class NoRows final : public AnswerSink {
public:
  auto begin(const kql::Schema&) -> Result<> override { return {}; }
  auto row(std::span<const kql::Value>) -> Result<> override { return {}; }
};

/// The one number that a query gives.
class Count final : public AnswerSink {
public:
  auto begin(const kql::Schema&) -> Result<> override { return {}; }
  auto row(std::span<const kql::Value> values) -> Result<> override {
    if (values.size() == 1 && values[0].type() == kql::Type::int64 && !values[0].is_null()) {
      rows = static_cast<std::uint64_t>(std::max<std::int64_t>(values[0].as_integer(), 0));
    }
    return {};
  }

  std::uint64_t rows = 0;
};

/// Passes pages on as one result.
class Pages final : public AnswerSink {
public:
  explicit Pages(AnswerSink& inner) : inner_{inner} {}

  auto begin(const kql::Schema& schema) -> Result<> override {
    return std::exchange(has_begun_, true) ? Result<>{} : inner_.begin(schema);
  }
  auto row(std::span<const kql::Value> values) -> Result<> override {
    ++rows;
    return inner_.row(values);
  }

  std::uint64_t rows = 0;

private:
  AnswerSink& inner_;
  bool has_begun_ = false;
};

/// A result that the cluster stores.
struct Stored {
  Cluster& cluster;
  const Question& question;
  std::string name;

  [[nodiscard]] auto ask(std::string text, AnswerSink& sink, const std::stop_token& stop) const
      -> Result<> {
    return cluster.ask({.database = question.database,
                        .text = std::move(text),
                        .timeout = question.timeout,
                        .no_truncation = true},
                       sink,
                       stop);
  }
  [[nodiscard]] auto make(std::string_view query, const std::stop_token& stop) const -> Result<> {
    NoRows preview;
    return ask(fmt::format(".set stored_query_result {} with (previewCount = 1, expiresAfter = "
                           "1h) <| {}",
                           name,
                           numbered_query(query)),
               preview,
               stop);
  }
  [[nodiscard]] auto count(const std::stop_token& stop) const -> Result<std::uint64_t> {
    Count counted;
    TRY_DO(ask(fmt::format(R"(stored_query_result("{}") | count)", name), counted, stop));
    return counted.rows;
  }
  [[nodiscard]] auto
  page(std::uint64_t first, std::uint64_t last, AnswerSink& sink, const std::stop_token& stop) const
      -> Result<> {
    return ask(fmt::format(R"(stored_query_result("{0}") | where {1} between ({2} .. {3}) )"
                           R"(| sort by {1} asc | project-away {1})",
                           name,
                           number,
                           first,
                           last),
               sink,
               stop);
  }
  void forget() const {
    NoRows ignored;
    const auto forgotten = cluster.ask({.database = question.database,
                                        .text = fmt::format(".drop stored_query_result {}", name),
                                        .timeout = time_to_forget},
                                       ignored,
                                       {});
    if (!forgotten && forgotten.error().kind() != ErrorKind::gone) {
      log(LogLevel::info, "stored_result_left", forgotten.error().message(), {{"name", name}});
    }
  }
};

auto give(const Stored& stored,
          std::uint64_t page_rows,
          AnswerSink& sink,
          const std::stop_token& stop) -> Result<> {
  TRY(const auto all, stored.count(stop));
  const auto wanted = stored.question.max_rows;
  const auto last = wanted == 0 ? all : std::min(all, wanted);
  Pages pages{sink};
  // Once for an empty result too, whose columns are wanted.
  for (std::uint64_t first = 1; first <= std::max<std::uint64_t>(last, 1);) {
    const auto end = std::min(first + page_rows - 1, last);
    const auto given = stored.page(first, end, pages, stop);
    if (!given && given.error().code() == Cluster::too_large && page_rows > 1 &&
        pages.rows == first - 1) {
      page_rows /= 2;
      continue;
    }
    TRY_DO(given);
    first += page_rows;
  }
  if (pages.rows != last) {
    return Error{ErrorKind::malformed,
                 fmt::format("the cluster gave {} rows of {}", pages.rows, last)};
  }
  return {};
}

/// Whether the cluster may have stored a result all the same: its answer got lost.
auto may_be_there(const Error& error) -> bool {
  return error.kind() == ErrorKind::cancelled || error.kind() == ErrorKind::unavailable ||
         error.kind() == ErrorKind::malformed;
}

} // namespace

auto numbered_query(std::string_view text) -> std::string {
  kql::Diagnostics mistakes; // The cluster will tell of them.
  const auto tokens = kql::tokenize(text, mistakes);
  std::size_t end = 0;
  int depth = 0;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const auto& token = tokens[i];
    const bool is_symbol = token.kind == kql::TokenKind::symbol;
    const auto opens = is_symbol && (token.text == "(" || token.text == "{" || token.text == "[");
    const auto closes = is_symbol && (token.text == ")" || token.text == "}" || token.text == "]");
    depth += opens ? 1 : closes ? -1 : 0;
    if (depth == 0 && is_symbol && token.text == "|" && tokens[i + 1].text == "render") {
      break;
    }
    end = is_symbol && token.text == ";" ? end : token.span.end;
  }
  // On a line of its own: the query may end with a comment.
  return fmt::format("{}\n| serialize {} = row_number()", text.substr(0, end), number);
}

auto ask_in_pages(Cluster& cluster,
                  const Question& question,
                  std::uint64_t page_rows,
                  AnswerSink& sink,
                  const std::stop_token& stop) -> Result<> {
  const auto first = question.text.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && question.text[first] == '.') {
    return Error{ErrorKind::invalid_input, "what a command gives comes without pages"};
  }
  TRY(const auto query, with_values(question.text, question.parameters));
  auto name = random_guid();
  std::erase(name, '-');
  const Stored stored{cluster, question, "sluice_" + name};
  const auto made = stored.make(query, stop);
  const auto given = made ? give(stored, std::max<std::uint64_t>(page_rows, 1), sink, stop) : made;
  if (made || may_be_there(made.error())) {
    stored.forget();
  }
  return given;
}

} // namespace sluice::kusto
