// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "http/client.hpp"
#include "http/url.hpp"
#include "identity/token_source.hpp"
#include "kusto/answer.hpp"
#include "kusto/ingestion.hpp"

namespace sluice::kusto {

/// One question to a cluster.
struct Question {
  std::string database;
  /// KQL; with a dot in front a management command.
  std::string text;
  /// Values of declared parameters, as literals of the language.
  std::vector<std::pair<std::string, std::string>> parameters{};
  std::chrono::milliseconds timeout = std::chrono::minutes{4};
  /// Rows beyond are left out by the cluster; 0 for its own bound, which fails the query.
  std::uint64_t max_rows = 0;
  /// No bound of the cluster on rows and bytes; ours on bytes stays.
  bool no_truncation = false;
  /// The cluster refuses whatever would change something.
  bool read_only = true;
};

/// One request to an operation of the service's own, in JSON.
struct Operation {
  std::string path;  ///< Percent-encoded: `/v1/rest/ingestion/configuration`.
  std::string query; ///< Percent-encoded.
  std::string body;  ///< Empty: it is a GET.
};

/// A cluster of Azure Data Explorer, or what speaks its protocol (documented).
///
/// Threads: any.
class Cluster {
public:
  /// The code of the error that an answer is longer than `max_answer_bytes`, or than the cluster's
  /// own bound.
  static constexpr std::string_view too_large = "LimitsExceeded";

  struct Options {
    /// A longer answer is an error, counted after inflating. Bytes.
    std::size_t max_answer_bytes = std::size_t{256} * 1024 * 1024;
  };

  /// `url` is the root of the cluster. `tokens` may be null for one that asks for none; both it and
  /// `client` must outlive the object.
  /// Errors: invalid_input for a URL with a path, and for plain http to another machine.
  [[nodiscard]] static auto create(std::string_view url,
                                   http::HttpClient& client,
                                   identity::TokenSource* tokens,
                                   Options options) -> Result<Cluster>;

  /// Gives the rows to `sink`, all of a complete answer or none. A token that is refused is renewed
  /// once. When `stop` is requested the cluster is told to give the query up.
  /// Errors: those of `to_error`; of the token source; unavailable; malformed, an answer over
  /// `max_answer_bytes` too, with how to ask for less; cancelled; the sink's.
  [[nodiscard]] auto ask(const Question& question, AnswerSink& sink, const std::stop_token& stop)
      -> Result<>;

  /// Streams rows into their table; they can be queried when it returns. The cluster keeps no tag
  /// of them: when the answer is lost nobody can tell whether they are there. Errors: as `ask`;
  /// gone where streaming ingestion is off; code `BadRequest_RequestTooLarge`.
  [[nodiscard]] auto
  stream(std::string_view database, const Rows& rows, const std::stop_token& stop) -> Result<>;

  /// The body of the answer. Errors: those of `to_error`, gone where there is no such operation; of
  /// the token source; unavailable; cancelled.
  [[nodiscard]] auto call(const Operation& operation, const std::stop_token& stop)
      -> Result<std::string>;

private:
  Cluster(http::Url url, http::HttpClient& client, identity::TokenSource* tokens, Options options)
      : url_{std::move(url)},
        client_{&client},
        tokens_{tokens},
        options_{options} {}
  [[nodiscard]] auto send(http::Request request, const std::stop_token& stop)
      -> Result<http::Response>;
  [[nodiscard]] auto request_for(const Question& question, const std::string& id) const
      -> Result<http::Request>;
  void give_up(const Question& question, const std::string& id);

  http::Url url_;
  http::HttpClient* client_;
  identity::TokenSource* tokens_;
  Options options_;
};

} // namespace sluice::kusto
