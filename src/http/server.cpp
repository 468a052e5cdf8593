// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>
#include <tuple>

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/server_protocol.hpp"
#include "http/server_socket.hpp"

namespace sluice::http {
namespace {

// accept() fails at once, again and again, while the process has no descriptor left.
constexpr auto pause_after_failure = std::chrono::milliseconds{20};

} // namespace

struct Server::State {
  State(ServerOptions server_options, std::vector<ServerRoute> routes, TlsContext tls_context)
      : options{std::move(server_options)},
        tls{std::move(tls_context)},
        protocol{std::move(routes), options.max_body_bytes} {}

  void accept_all();
  void hand_over(int descriptor);
  void work();

  const ServerOptions options;
  const TlsContext tls;
  ServerProtocol protocol;
  int listener = -1;
  std::uint16_t port = 0;
  std::atomic<std::uint64_t> accepted{0};

  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  std::size_t idle = 0;
  std::deque<int> waiting;
  std::set<ServerSocket*> open;
  std::vector<std::jthread> workers;
  std::jthread acceptor;
};

void Server::State::accept_all() {
  for (;;) {
    const int descriptor = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor >= 0) {
      ++accepted;
      hand_over(descriptor);
      continue;
    }
    {
      const std::lock_guard lock{mutex};
      if (stopping) {
        return;
      }
    }
    std::this_thread::sleep_for(pause_after_failure);
  }
}

void Server::State::hand_over(int descriptor) {
  const std::lock_guard lock{mutex};
  if (stopping) {
    ::close(descriptor);
    return;
  }
  waiting.push_back(descriptor);
  if (waiting.size() > idle && workers.size() < options.connections) {
    workers.emplace_back([this] { work(); });
  }
  changed.notify_one();
}

void Server::State::work() {
  std::unique_lock lock{mutex};
  for (;;) {
    ++idle;
    changed.wait(lock, [this] { return stopping || !waiting.empty(); });
    --idle;
    if (stopping) {
      return;
    }
    auto socket = ServerSocket{waiting.front(), options.idle_timeout};
    waiting.pop_front();
    open.insert(&socket);
    lock.unlock();
    if (socket.secure(tls)) {
      protocol.serve(socket);
    }
    lock.lock();
    open.erase(&socket);
  }
}

Server::Server(std::unique_ptr<State> state) : state_{std::move(state)} {}

Server::~Server() {
  stop();
}

auto Server::start(ServerOptions options, std::vector<ServerRoute> routes)
    -> Result<std::unique_ptr<Server>> {
  TRY(auto tls, TlsContext::load(options.certificate_file, options.key_file));
  TRY(const auto listening, listen_on(options.host, options.port));
  auto state = std::make_unique<State>(std::move(options), std::move(routes), std::move(tls));
  std::tie(state->listener, state->port) = listening;
  auto& running = *state;
  running.acceptor = std::jthread{[&running] { running.accept_all(); }};
  return std::unique_ptr<Server>{new Server{std::move(state)}};
}

auto Server::port() const noexcept -> std::uint16_t {
  return state_->port;
}

auto Server::url() const -> std::string {
  const auto* scheme = state_->tls.native() == nullptr ? "http" : "https";
  return fmt::format("{}://{}:{}", scheme, state_->options.host, state_->port);
}

auto Server::accepted() const noexcept -> std::uint64_t {
  return state_->accepted;
}

void Server::stop() {
  {
    const std::lock_guard lock{state_->mutex};
    if (std::exchange(state_->stopping, true)) {
      return;
    }
    ::shutdown(state_->listener, SHUT_RDWR);
    for (auto* socket : state_->open) {
      socket->hang_up();
    }
    for (const int descriptor : state_->waiting) {
      ::close(descriptor);
    }
    state_->changed.notify_all();
  }
  state_->acceptor.join();
  state_->workers.clear();
  ::close(state_->listener);
}

} // namespace sluice::http
