// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/client.hpp"

namespace sluice {

/// A client whose requests meet what the tests want them to.
///
/// Threads: any; `faults` and `watcher` are set up before.
class FaultyClient final : public http::HttpClient {
public:
  struct Fault {
    std::string part; ///< Of method, path and body; `PUT /sluiceaccount/tempstorage`.
    /// The request is carried out and its reply lost when there is no status.
    std::optional<int> status = {};
    std::string body = {};
    int times = 1;
  };

  explicit FaultyClient(http::HttpClient& inner) : inner_{inner} {}

  std::vector<Fault> faults;
  /// Told of each request before it goes out, when there is one.
  std::function<void(const std::string& line)> watcher;

  auto stream(const http::Request& request, http::BodySink& sink, const std::stop_token& stop)
      -> Result<http::ResponseHead> override {
    const auto line =
        std::string{http::name_of(request.method)} + " " + request.url.path() + " " + request.body;
    if (watcher) {
      watcher(line);
    }
    const auto fault = fault_for(line);
    const InFlight here{*this, line};
    if (fault && fault->status) {
      const http::ResponseHead head{*fault->status, {}};
      TRY_DO(sink.begin(head));
      TRY_DO(sink.write(std::as_bytes(std::span{fault->body})));
      return head;
    }
    auto head = inner_.stream(request, sink, stop);
    if (fault) {
      return Error{ErrorKind::unavailable, "the reply was lost"};
    }
    return head;
  }

  /// How many requests so far had `part`.
  [[nodiscard]] auto count(std::string_view part) -> int {
    const std::lock_guard lock{mutex_};
    int found = 0;
    for (const auto& line : lines_) {
      found += line.find(part) != std::string::npos ? 1 : 0;
    }
    return found;
  }

  /// The most requests with `counted` that were under way at once, when that is not empty.
  std::string counted;
  [[nodiscard]] auto most_at_once() -> int {
    const std::lock_guard lock{mutex_};
    return most_;
  }

private:
  /// Counts a request while it is under way.
  class InFlight {
  public:
    InFlight(FaultyClient& owner, const std::string& line)
        : owner_{owner},
          counts_{!owner.counted.empty() && line.find(owner.counted) != std::string::npos} {
      const std::lock_guard lock{owner_.mutex_};
      owner_.under_way_ += counts_ ? 1 : 0;
      owner_.most_ = std::max(owner_.most_, owner_.under_way_);
    }
    InFlight(const InFlight&) = delete;
    auto operator=(const InFlight&) -> InFlight& = delete;
    ~InFlight() {
      const std::lock_guard lock{owner_.mutex_};
      owner_.under_way_ -= counts_ ? 1 : 0;
    }

  private:
    FaultyClient& owner_;
    const bool counts_;
  };

  auto fault_for(const std::string& line) -> std::optional<Fault> {
    const std::lock_guard lock{mutex_};
    lines_.push_back(line);
    for (auto& fault : faults) {
      if (fault.times > 0 && line.find(fault.part) != std::string::npos) {
        --fault.times;
        return fault;
      }
    }
    return std::nullopt;
  }

  http::HttpClient& inner_;
  std::mutex mutex_;
  std::vector<std::string> lines_;
  int under_way_ = 0;
  int most_ = 0;
};

} // namespace sluice
