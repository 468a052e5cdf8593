// SPDX-License-Identifier: Apache-2.0
#include "http/server_protocol.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <functional>
#include <string>
#include <utility>

#include <httplib.h>

#include "base/log.hpp"
#include "http/server_request.hpp"

namespace sluice::http {
namespace {

/// Lets httplib read a request from our socket and write the reply to it.
class SocketStream final : public httplib::Stream {
public:
  explicit SocketStream(ServerSocket& socket) : socket_{socket} {}

  using httplib::Stream::write;
  auto is_readable() const -> bool override { return socket_.wait_readable(); }
  auto is_writable() const -> bool override { return true; }
  auto read(char* into, std::size_t size) -> ssize_t override { return socket_.read(into, size); }
  auto write(const char* bytes, std::size_t size) -> ssize_t override {
    return socket_.write({bytes, size}) ? static_cast<ssize_t>(size) : -1;
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  auto socket() const -> socket_t override { return socket_.descriptor(); }

private:
  ServerSocket& socket_;
};

auto to_server_request(const httplib::Request& from, bool length_stated) -> ServerRequest {
  ServerRequest request{.method = from.method,
                        .target = from.target,
                        .path = {},
                        .query = {},
                        .headers = {from.headers.begin(), from.headers.end()},
                        .body = from.body,
                        .length_stated = length_stated};
  const auto question = std::min(request.target.find('?'), request.target.size());
  request.path = decode_percent(std::string_view{request.target}.substr(0, question), false);
  if (question < request.target.size()) {
    request.query = parse_form(std::string_view{request.target}.substr(question + 1));
  }
  return request;
}

/// Gives `bytes` to httplib; `owner` keeps them alive until they are sent.
template <class Owner>
void send_whole(httplib::Response& to,
                const std::string& type,
                std::string_view bytes,
                Owner owner) {
  to.set_content_provider(bytes.size(),
                          type,
                          [bytes, owner = std::move(owner)](
                              std::size_t offset, std::size_t size, httplib::DataSink& sink) {
                            return sink.write(bytes.data() + offset, size);
                          });
}

auto next_piece(const BodySource& source, ServerSocket& socket, httplib::DataSink& sink, bool& done)
    -> bool {
  std::string piece;
  const auto step = source(piece);
  if (!piece.empty() && !sink.write(piece.data(), piece.size())) {
    return false;
  }
  done = step == BodyStep::done;
  if (step == BodyStep::drop) {
    socket.reset_at_end();
    return false;
  }
  return true;
}

void send_source(httplib::Response& to,
                 const std::string& type,
                 const ServerReply& reply,
                 ServerSocket& socket) {
  if (reply.source_length) {
    // A source that ends short of what it announced is dropped: the other side must notice.
    to.set_content_provider(*reply.source_length,
                            type,
                            [source = reply.source, &socket, done = false](
                                std::size_t, std::size_t, httplib::DataSink& sink) mutable {
                              return !done && next_piece(source, socket, sink, done);
                            });
    return;
  }
  to.set_chunked_content_provider(
      type, [source = reply.source, &socket](std::size_t, httplib::DataSink& sink) {
        bool done = false;
        const bool sent = next_piece(source, socket, sink, done);
        if (sent && done) {
          sink.done();
        }
        return sent;
      });
}

void to_httplib(ServerReply reply, ServerSocket& socket, httplib::Response& to) {
  to.status = reply.status;
  std::string type = "text/plain";
  for (auto& [name, value] : reply.headers) {
    if (same_name(name, "Content-Type")) {
      type = value;
    } else {
      to.headers.emplace(std::move(name), std::move(value));
    }
  }
  if (reply.source) {
    send_source(to, type, reply, socket);
  } else if (reply.shared_body && !reply.shared_body->empty()) {
    send_whole(to, type, *reply.shared_body, reply.shared_body);
  } else {
    to.body = std::move(reply.body);
    if (!to.body.empty()) {
      to.headers.emplace("Content-Type", std::move(type));
    }
  }
}

/// What a handler needs to know of the connection that its request came over.
struct Exchange {
  ServerSocket* socket = nullptr;
  bool length_stated = true;
};
thread_local Exchange exchange; // httplib hands nothing of ours through to a handler.

} // namespace

/// httplib's reading of requests and writing of replies, without its sockets and threads.
class ServerProtocol::Routing final : public httplib::Server {
public:
  Routing(std::vector<ServerRoute> routes, std::size_t max_body_bytes)
      : routes_{std::move(routes)} {
    std::ranges::stable_sort(routes_, std::ranges::greater{}, [](const ServerRoute& route) {
      return route.prefix.size();
    });
    const auto handle = [this](const httplib::Request& from, httplib::Response& to) {
      answer(from, to);
    };
    Get(".*", handle).Post(".*", handle).Put(".*", handle).Patch(".*", handle);
    Delete(".*", handle).Options(".*", handle);
    set_payload_max_length(max_body_bytes);
    set_keep_alive_max_count(1'000'000);
    svr_sock_ = 0; // It stops sending bodies while this is "no socket".
  }

  void serve(ServerSocket& socket) {
    SocketStream stream{socket};
    bool closed = false;
    while (!closed && socket.wait_readable()) {
      exchange = {.socket = &socket, .length_stated = true};
      const auto prepare = [](httplib::Request& request) { prepare_request(request); };
      if (!process_request(stream, false, closed, prepare)) {
        return;
      }
    }
  }

private:
  static void prepare_request(httplib::Request& request) {
    // httplib compresses on its own whenever it sees Accept-Encoding, and inflates without bounds
    // whenever it sees Content-Encoding; it gets them under names that it does not know.
    for (const auto& [name, hidden] : hidden_names) {
      const auto [first, last] = request.headers.equal_range(name);
      std::vector<std::string> values;
      for (auto at = first; at != last; ++at) {
        values.push_back(at->second);
      }
      request.headers.erase(name);
      for (auto& value : values) {
        request.headers.emplace(hidden, std::move(value));
      }
    }
    request.headers.erase("Range");
    request.ranges.clear();
    // Without a length httplib would read until the other side closes.
    if (request.method != "GET" && !request.has_header("Content-Length") &&
        !request.has_header("Transfer-Encoding")) {
      exchange.length_stated = false;
      request.headers.emplace("Content-Length", "0");
    }
  }

  void answer(const httplib::Request& from, httplib::Response& to) {
    auto request = to_server_request(from, exchange.length_stated);
    for (auto& [name, value] : request.headers) {
      for (const auto& [original, hidden] : hidden_names) {
        name = name == hidden ? original : name;
      }
    }
    const auto takes = [&](const ServerRoute& route) {
      return (route.method == "*" || route.method == request.method) &&
             request.path.starts_with(route.prefix);
    };
    const auto route = std::ranges::find_if(routes_, takes);
    auto reply = ServerReply{};
    reply.status = 404;
    if (route != routes_.end()) {
      reply = call(route->handler, request);
    }
    to_httplib(std::move(reply), *exchange.socket, to);
  }

  static auto call(const ServerHandler& handler, const ServerRequest& request) -> ServerReply {
    try {
      return handler(request);
    } catch (const std::exception& e) {
      log(LogLevel::error, "http_handler_failed", e.what(), {{"path", request.path}});
      auto reply = ServerReply{};
      reply.status = 500;
      return reply;
    }
  }

  static constexpr std::array<std::pair<const char*, const char*>, 2> hidden_names{
      {{"Accept-Encoding", "Sluice-Accept-Encoding"},
       {"Content-Encoding", "Sluice-Content-Encoding"}}};

  std::vector<ServerRoute> routes_;
};

ServerProtocol::ServerProtocol(std::vector<ServerRoute> routes, std::size_t max_body_bytes)
    : routing_{std::make_unique<Routing>(std::move(routes), max_body_bytes)} {}

ServerProtocol::~ServerProtocol() = default;

void ServerProtocol::serve(ServerSocket& socket) {
  routing_->serve(socket);
}

} // namespace sluice::http
