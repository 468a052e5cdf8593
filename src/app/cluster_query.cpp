// SPDX-License-Identifier: Apache-2.0
#include "app/cluster_query.hpp"

#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "app/terminal.hpp"
#include "base/check.hpp"
#include "base/clock.hpp"
#include "http/curl_client.hpp"
#include "identity/azure_cli.hpp"
#include "identity/cached_token_source.hpp"
#include "identity/secret_reference.hpp"
#include "kusto/cluster.hpp"
#include "kusto/paging.hpp"

namespace sluice::app {
namespace {

/// One token that somebody else got.
class GivenToken final : public identity::TokenSource {
public:
  explicit GivenToken(http::Bearer bearer) : bearer_{std::move(bearer)} {}
  auto token(const std::stop_token&) -> Result<http::Bearer> override { return bearer_; }
  void invalidate(const http::Bearer&) override {}

private:
  http::Bearer bearer_;
};

/// Null for a cluster that asks for no token.
auto token_source(const ClusterAddress& address, Clock& clock)
    -> Result<std::unique_ptr<identity::TokenSource>> {
  TRY(const auto url, http::Url::parse(address.url).while_doing("reading the cluster's address"));
  if (!address.token.empty()) {
    TRY(auto token, identity::resolve_secret(address.token));
    return std::unique_ptr<identity::TokenSource>{
        std::make_unique<GivenToken>(http::Bearer{url.origin(), std::move(token)})};
  }
  if (url.origin().is_loopback()) {
    return std::unique_ptr<identity::TokenSource>{};
  }
  auto person = std::make_unique<identity::AzureCli>(
      clock, identity::AzureCli::Options{.audience = url.origin().text(), .tenant = {}});
  return std::unique_ptr<identity::TokenSource>{
      std::make_unique<identity::CachedTokenSource>(std::move(person), url.origin(), clock)};
}

auto parameters_of(const std::vector<std::string>& texts)
    -> Result<std::vector<std::pair<std::string, std::string>>> {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const auto& text : texts) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error{ErrorKind::invalid_input, fmt::format("`{}` is not NAME=LITERAL", text)};
    }
    parameters.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return parameters;
}

/// Of a page whose rows are of usual size.
constexpr std::uint64_t usual_page_rows = 100'000;

auto ask_somehow(kusto::Cluster& cluster,
                 const kusto::Question& question,
                 std::uint64_t page_rows,
                 kusto::AnswerSink& answer,
                 const std::stop_token& stop) -> Result<> {
  if (page_rows > 0) {
    return kusto::ask_in_pages(cluster, question, page_rows, answer, stop);
  }
  auto asked = cluster.ask(question, answer, stop);
  const bool is_too_large = !asked && asked.error().code() == kusto::Cluster::too_large;
  if (!is_too_large || question.text.starts_with('.')) {
    return asked;
  }
  fmt::print(stderr, "the result is too large for one answer; it comes in pages\n");
  return kusto::ask_in_pages(cluster, question, usual_page_rows, answer, stop);
}

auto ask(const ClusterAddress& address,
         const std::string& text,
         const QueryRunOptions& options,
         const std::stop_token& stop) -> Result<> {
  SystemClock clock;
  TRY(const auto tokens, token_source(address, clock));
  TRY(const auto client, http::CurlClient::create({.authorities_file = address.authorities_file}));
  TRY(auto cluster, kusto::Cluster::create(address.url, *client, tokens.get(), {}));
  TRY(auto parameters, parameters_of(address.parameters));
  const TableLayout layout{.width = terminal_width(), .widest_cell = options.wide ? 0U : 48U};
  const auto printer = make_result_printer(options.format, stdout, layout);
  CHECK(printer != nullptr); // The command line let no other format in.
  const bool all = options.max_rows == 0;
  PrintedRows<kusto::AnswerSink> answer{
      *printer, all ? std::numeric_limits<std::uint64_t>::max() : options.max_rows};
  // One row more than is shown, so that none is left out unsaid.
  const kusto::Question question{.database = address.database,
                                 .text = query_text(text),
                                 .parameters = std::move(parameters),
                                 .max_rows = all ? 0 : options.max_rows + 1,
                                 .no_truncation = true};
  TRY_DO(ask_somehow(cluster, question, address.page_rows, answer, stop));
  printer->end();
  if (answer.left_some_out()) {
    tell_limit(options.max_rows);
  }
  return {};
}

} // namespace

auto run_cluster_query(const ClusterAddress& address,
                       const std::string& text,
                       const QueryRunOptions& options,
                       const std::stop_token& stop) -> ExitCode {
  const auto asked = ask(address, text, options, stop);
  if (asked) {
    return ExitCode::ok;
  }
  const auto code = report(asked.error());
  const bool is_mistake = asked.error().message().find("Semantic error") != std::string::npos ||
                          asked.error().message().find("Syntax error") != std::string::npos;
  return is_mistake ? ExitCode::usage : code;
}

} // namespace sluice::app
