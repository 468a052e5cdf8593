// SPDX-License-Identifier: Apache-2.0
#include "http/curl_client.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <fstream>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <curl/curl.h>

#include "base/check.hpp"
#include "http/curl_transfer.hpp"

namespace sluice::http {
namespace {

constexpr int longest_poll_milliseconds = 1'000;

auto start_libcurl() -> bool {
  static const bool started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return started;
}

struct CloseMulti {
  void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
};

} // namespace

/// Owns the multi handle and its thread. Other threads leave orders in `orders_`; all else belongs
/// to the thread.
class CurlClient::Engine final : public TransferOrders {
public:
  Engine(CURLM* multi, Options options) : multi_{multi}, options_{std::move(options)} {
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, options_.connections_per_host);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, options_.connections_per_host * 2);
    // Of transfers that share an HTTP/2 connection one may never hear that its body has ended,
    // until another one begins: when its last bytes find no room, the end of the stream waits for
    // the next frame (observed, 7.88).
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
    thread_ = std::jthread{[this](const std::stop_token& stop) { work(stop); }};
  }
  Engine(const Engine&) = delete;
  auto operator=(const Engine&) -> Engine& = delete;

  ~Engine() override {
    thread_.request_stop();
    curl_multi_wakeup(multi_.get());
    thread_.join();
    {
      std::unique_lock lock{mutex_};
      left_.wait(lock, [this] { return visits_ == 0; });
    }
    for (auto* easy : idle_) {
      curl_easy_cleanup(easy);
    }
  }

  /// A thread in `stream`: the engine stays until it has left.
  class Visit {
  public:
    explicit Visit(Engine& engine) : engine_{engine} {
      const std::lock_guard lock{engine_.mutex_};
      ++engine_.visits_;
    }
    Visit(const Visit&) = delete;
    auto operator=(const Visit&) -> Visit& = delete;
    ~Visit() {
      const std::lock_guard lock{engine_.mutex_};
      --engine_.visits_;
      engine_.left_.notify_one(); // Under the lock: the engine goes as soon as it can have it.
    }

  private:
    Engine& engine_;
  };

  void submit(CurlTransfer& transfer) {
    order([&](Orders& orders) { orders.submitted.push_back(&transfer); });
  }
  void resume(const CurlTransfer& transfer) override {
    order([&](Orders& orders) { orders.resumed.push_back(transfer.serial()); });
  }
  void cancel(const CurlTransfer& transfer) override {
    order([&](Orders& orders) { orders.cancelled.push_back(transfer.serial()); });
  }

private:
  /// A transfer that may have ended meanwhile goes by its serial number.
  struct Orders {
    std::vector<CurlTransfer*> submitted;
    std::vector<std::uint64_t> resumed;
    std::vector<std::uint64_t> cancelled;

    [[nodiscard]] auto empty() const noexcept -> bool {
      return submitted.empty() && resumed.empty() && cancelled.empty();
    }
  };

  template <class Write>
  void order(const Write& write) {
    bool first = false;
    {
      const std::lock_guard lock{mutex_};
      first = orders_.empty();
      write(orders_);
    }
    if (first) { // Else the thread was woken already, and has not looked yet.
      curl_multi_wakeup(multi_.get());
    }
  }

  void work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      take_orders();
      int running = 0;
      curl_multi_perform(multi_.get(), &running);
      finish_completed();
      curl_multi_poll(multi_.get(), nullptr, 0, longest_poll_milliseconds, nullptr);
    }
    take_orders();
    while (!active_.empty()) {
      abandon(*active_.back());
    }
  }

  void take_orders() {
    Orders orders;
    {
      const std::lock_guard lock{mutex_};
      std::swap(orders, orders_);
    }
    for (auto* transfer : orders.submitted) {
      start(*transfer);
    }
    for (const auto serial : orders.cancelled) {
      if (auto* transfer = find(serial)) {
        abandon(*transfer);
      }
    }
    for (const auto serial : orders.resumed) {
      if (auto* transfer = find(serial)) {
        if (const auto code = transfer->resume(); code != CURLE_OK) {
          complete(*transfer, code);
        }
      }
    }
  }

  /// Null when it has ended.
  auto find(std::uint64_t serial) -> CurlTransfer* {
    const auto found = std::ranges::find(active_, serial, &CurlTransfer::serial);
    return found == active_.end() ? nullptr : *found;
  }

  void start(CurlTransfer& transfer) {
    EasyHandle easy = nullptr;
    if (idle_.empty()) {
      easy = curl_easy_init();
    } else {
      easy = idle_.back();
      idle_.pop_back();
    }
    CHECK(easy != nullptr);
    transfer.configure(easy, options_);
    active_.push_back(&transfer);
    CHECK(curl_multi_add_handle(multi_.get(), easy) == CURLM_OK);
  }

  void finish_completed() {
    int left = 0;
    while (const auto* message = curl_multi_info_read(multi_.get(), &left)) {
      const auto code = message->data.result;
      void* transfer = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
      complete(*static_cast<CurlTransfer*>(transfer), code);
    }
  }

  void complete(CurlTransfer& transfer, int code) {
    auto* easy = detach(transfer);
    transfer.finish(code);
    recycle(easy);
  }

  void abandon(CurlTransfer& transfer) {
    auto* easy = detach(transfer);
    transfer.fail({ErrorKind::cancelled, "the request was cancelled"});
    recycle(easy);
  }

  auto detach(CurlTransfer& transfer) -> EasyHandle {
    std::erase(active_, &transfer);
    curl_multi_remove_handle(multi_.get(), transfer.easy());
    return transfer.easy();
  }

  void recycle(EasyHandle easy) {
    curl_easy_reset(easy);
    idle_.push_back(easy);
  }

  const std::unique_ptr<CURLM, CloseMulti> multi_;
  const Options options_;
  std::vector<EasyHandle> idle_;
  std::vector<CurlTransfer*> active_;
  std::mutex mutex_;
  std::condition_variable left_;
  int visits_ = 0;
  Orders orders_;
  std::jthread thread_;
};

auto CurlClient::create(Options options) -> Result<std::unique_ptr<CurlClient>> {
  if (!options.authorities_file.empty() && !std::ifstream{options.authorities_file}) {
    return Error{ErrorKind::invalid_input,
                 "cannot read the CA file " + options.authorities_file.string()};
  }
  if (options.connections_per_host < 1 || options.connections_per_host > 1'000) {
    return Error{ErrorKind::invalid_input, "connections to one host must be 1 to 1,000"};
  }
  auto* multi = start_libcurl() ? curl_multi_init() : nullptr;
  if (multi == nullptr) {
    return Error{ErrorKind::unavailable, "libcurl does not start"};
  }
  return std::unique_ptr<CurlClient>{
      new CurlClient{std::make_unique<Engine>(multi, std::move(options))}};
}

CurlClient::CurlClient(std::unique_ptr<Engine> engine) : engine_{std::move(engine)} {}

CurlClient::~CurlClient() = default;

auto CurlClient::stream(const Request& request, BodySink& sink, const std::stop_token& stop)
    -> Result<ResponseHead> {
  if (stop.stop_requested()) {
    return Error{ErrorKind::cancelled, "the request was cancelled"};
  }
  const Engine::Visit visit{*engine_};
  CurlTransfer transfer{request};
  TRY_DO(transfer.prepare());
  engine_->submit(transfer);
  const std::stop_callback on_stop{stop, [&] { engine_->cancel(transfer); }};
  return transfer.wait(sink, *engine_);
}

} // namespace sluice::http
