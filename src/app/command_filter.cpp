// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <memory>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/command.hpp"
#include "base/clock.hpp"
#include "relevance/filter.hpp"

namespace sluice::app {
namespace {

struct FilterOptions {
  std::string where;
  std::vector<std::string> ready;
  std::vector<std::filesystem::path> files;
  bool count = false;
};

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) {
      std::fclose(file);
    }
  }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

auto open_input(const std::filesystem::path& path) -> Result<File> {
  if (path == "-") {
    return File{stdin};
  }
  File file{std::fopen(path.c_str(), "rbe")};
  if (file == nullptr) {
    return Error{ErrorKind::storage, fmt::format("{} cannot be opened", path.string())};
  }
  return file;
}

auto compile_rules(const FilterOptions& options) -> Result<relevance::RuleSet> {
  std::vector<relevance::Rule> rules;
  if (!options.where.empty()) {
    rules.push_back({.name = "where", .where = options.where});
  }
  for (const auto& name : options.ready) {
    const auto* ready = relevance::find_ready_rules(name);
    if (ready == nullptr) {
      return Error{ErrorKind::invalid_input, fmt::format("there is no ready rule set `{}`", name)}
          .with_hint(fmt::format("the ready ones are {}", relevance::ready_rule_names()));
    }
    rules.insert(rules.end(), ready->rules.begin(), ready->rules.end());
  }
  if (rules.empty()) {
    return Error{ErrorKind::invalid_input, "nothing says which records to keep"}.with_hint(
        "give --where 'PREDICATE' or --rule NAME");
  }
  return relevance::RuleSet::compile(std::move(rules), SystemClock{}.now());
}

auto filter_file(const std::filesystem::path& path, relevance::Filter& filter) -> Result<> {
  TRY(const auto file, open_input(path));
  std::vector<char> buffer(std::size_t{256} * 1024);
  for (;;) {
    const auto count = std::fread(buffer.data(), 1, buffer.size(), file.get());
    if (count == 0) {
      break;
    }
    TRY_DO(filter.feed({buffer.data(), count}));
  }
  if (std::ferror(file.get()) != 0) {
    return Error{ErrorKind::storage, "reading failed"};
  }
  return filter.finish();
}

auto run_filter(const FilterOptions& options) -> Result<ExitCode> {
  TRY(const auto rules, compile_rules(options));
  relevance::FilterCounts total;
  for (const auto& path : options.files) {
    const auto write = [&](std::string_view lines) -> Result<> {
      if (options.count || std::fwrite(lines.data(), 1, lines.size(), stdout) == lines.size()) {
        return {};
      }
      return Error{ErrorKind::storage, "standard output was closed or is full"};
    };
    const auto warn = [&](const record::BadRecord& record) {
      fmt::print(stderr,
                 "{}: a record at byte {} was left out: {}\n",
                 path.string(),
                 record.offset,
                 record.reason);
    };
    relevance::Filter filter{rules, write, warn};
    TRY_DO(filter_file(path, filter).while_doing(path.string()));
    total.records += filter.counts().records;
    total.kept += filter.counts().kept;
    total.dropped += filter.counts().dropped;
    total.malformed += filter.counts().malformed;
  }
  if (options.count) {
    fmt::print(R"({{"records":{},"kept":{},"dropped":{},"malformed":{}}})"
               "\n",
               total.records,
               total.kept,
               total.dropped,
               total.malformed);
  }
  if (std::fflush(stdout) != 0) {
    return Error{ErrorKind::storage, "standard output was closed or is full"};
  }
  return total.malformed > 0 ? ExitCode::bad_data : ExitCode::ok;
}

} // namespace

auto declare_filter(CLI::App& parser) -> CommandBody {
  auto options = std::make_shared<FilterOptions>();
  parser.add_option("--where", options->where, "A KQL predicate over the columns of AuditRecords");
  parser.add_option("--rule", options->ready, "A ready rule set; may be repeated");
  parser.add_flag("--count", options->count, "Print counts as JSON instead of the records");
  parser.add_option("files", options->files, "JSON arrays or NDJSON, plain or gzip; `-` for stdin")
      ->default_val(std::vector<std::string>{"-"});
  return [options] {
    const auto filtered = run_filter(*options);
    if (filtered) {
      return *filtered;
    }
    const auto code = report(filtered.error());
    return filtered.error().kind() == ErrorKind::malformed ? ExitCode::bad_data : code;
  };
}

} // namespace sluice::app
