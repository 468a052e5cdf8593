// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/command.hpp"
#include "app/components.hpp"
#include "app/configuration.hpp"
#include "app/result_printer.hpp"
#include "app/terminal.hpp"
#include "base/json_text.hpp"

namespace sluice::app {
namespace {

/// Troubles and findings that are shown at most.
constexpr std::size_t shown_troubles = 20;

auto time_or_never(const std::optional<DateTime>& time) -> std::string {
  return time ? to_iso8601(*time, 0) : "never";
}

void print_feeds(const ledger::Account& account) {
  const auto printer =
      make_result_printer("table", stdout, {.width = terminal_width(), .widest_cell = 0});
  kql::Schema schema;
  for (const auto* name : {"tenant", "content type", "listed until"}) {
    schema.columns.push_back({name, kql::Type::string});
  }
  for (const auto* name : {"listed",
                           "in flight",
                           "delivered",
                           "expired",
                           "quarantined",
                           "records",
                           "kept",
                           "dropped",
                           "duplicate"}) {
    schema.columns.push_back({name, kql::Type::int64});
  }
  printer->begin(schema);
  const auto number = [](std::uint64_t value) {
    return kql::Value::int64(static_cast<std::int64_t>(value));
  };
  for (const auto& feed : account.feeds) {
    const std::array row{kql::Value::string(feed.feed.tenant),
                         kql::Value::string(feed.feed.content_type),
                         kql::Value::string(time_or_never(feed.watermark)),
                         number(feed.entered),
                         number(feed.in_flight()),
                         number(feed.delivered),
                         number(feed.expired),
                         number(feed.quarantined),
                         number(feed.records.records),
                         number(feed.records.kept),
                         number(feed.records.dropped),
                         number(feed.records.duplicate)};
    printer->row(row);
  }
  printer->end();
}

auto print_people_part(ledger::Ledger& ledger, const ledger::Account& account) -> Result<> {
  for (const auto& rule : account.rules) {
    fmt::print("rule {}: {} records matched\n", rule.rule, rule.matched);
  }
  TRY(const auto troubles, ledger.troubles(shown_troubles));
  for (const auto& trouble : troubles) {
    fmt::print("{} {} {}: {}{}\n",
               trouble.state == ledger::State::quarantined ? "quarantined" : "waiting",
               trouble.key.feed.content_type,
               trouble.key.content_id,
               escape_control(trouble.reason),
               trouble.state == ledger::State::quarantined
                   ? ""
                   : fmt::format(" (next attempt {})", to_iso8601(trouble.next_attempt, 0)));
  }
  TRY(const auto findings, ledger.findings(shown_troubles));
  for (const auto& finding : findings) {
    fmt::print("refused {} {}: {} ({} times)\n",
               finding.feed.content_type,
               escape_control(finding.entry),
               escape_control(finding.why),
               finding.times);
  }
  return {};
}

auto feed_json(const ledger::FeedAccount& feed) -> std::string {
  const auto time = [](const std::optional<DateTime>& t) {
    return t ? json_quoted(to_iso8601(*t, 3)) : "null";
  };
  return fmt::format(
      R"({{"tenant":{},"content_type":{},"watermark":{},"oldest_in_flight":{},"listed":{},)"
      R"("in_flight":{},"delivered":{},"expired":{},"quarantined":{},"late":{},"records":{},)"
      R"("kept":{},"dropped":{},"duplicate":{},"records_quarantined":{}}})",
      json_quoted(feed.feed.tenant),
      json_quoted(feed.feed.content_type),
      time(feed.watermark),
      time(feed.oldest_in_flight),
      feed.entered,
      feed.in_flight(),
      feed.delivered,
      feed.expired,
      feed.quarantined,
      feed.late,
      feed.records.records,
      feed.records.kept,
      feed.records.dropped,
      feed.records.duplicate,
      feed.records.quarantined);
}

void print_json(const ledger::Account& account) {
  std::string text = R"({"feeds":[)";
  for (const auto& feed : account.feeds) {
    text += (&feed == &account.feeds.front() ? "" : ",") + feed_json(feed);
  }
  text += R"(],"rules":[)";
  for (const auto& rule : account.rules) {
    text += fmt::format(R"({}{{"tenant":{},"rule":{},"matched":{}}})",
                        &rule == &account.rules.front() ? "" : ",",
                        json_quoted(rule.tenant),
                        json_quoted(rule.rule),
                        rule.matched);
  }
  fmt::print("{}],\"refused_entries\":{}}}\n", text, account.untrusted);
}

auto show_status(const config::Config& config, bool json) -> Result<> {
  TRY(const auto reading, read_ledger(config));
  auto& ledger = *reading->ledger;
  TRY(const auto account, ledger.account(std::nullopt));
  if (json) {
    print_json(account);
    return {};
  }
  print_feeds(account);
  return print_people_part(ledger, account);
}

} // namespace

auto declare_status(CLI::App& parser) -> CommandBody {
  struct Options {
    std::filesystem::path config = "sluice.yaml";
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  declare_config_option(parser, options->config);
  parser.add_flag("--json", options->json, "As JSON");
  return [options] {
    const auto config = load_configuration(options->config);
    if (!config) {
      return ExitCode::config;
    }
    const auto shown = show_status(*config, options->json);
    return shown ? ExitCode::ok : report(shown.error());
  };
}

} // namespace sluice::app
