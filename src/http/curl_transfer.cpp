// SPDX-License-Identifier: Apache-2.0
#include "http/curl_transfer.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <span>

#include <curl/curl.h>
#include <fmt/format.h>

#include "base/check.hpp"

namespace sluice::http {
namespace {

static_assert(CURL_ERROR_SIZE == 256);

/// As much as libcurl may read at once: large enough that system calls do not show in a profile.
constexpr long receive_buffer_bytes = 64L * 1024;
constexpr std::size_t max_header_bytes = 64 * 1024;
constexpr long stall_bytes_per_second = 100;

std::atomic<std::uint64_t> next_serial{1};

template <class T>
void set(EasyHandle easy, CURLoption option, T value) {
  CHECK(curl_easy_setopt(easy, option, value) == CURLE_OK);
}

auto hint_for(int code) -> std::string {
  switch (code) {
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CONNECT_ERROR:
    return "the server's certificate or TLS version is not accepted: behind an inspecting proxy, "
           "name its authority in the CA file setting";
  case CURLE_COULDNT_RESOLVE_HOST:
    return "check the host name and the DNS of this machine";
  case CURLE_COULDNT_CONNECT:
    return "check that the firewall or proxy lets this machine connect";
  default:
    return {};
  }
}

} // namespace

CurlTransfer::CurlTransfer(const Request& request)
    : serial_{next_serial++},
      request_{request},
      url_{request.url.text()} {}

CurlTransfer::~CurlTransfer() = default;

void CurlTransfer::WipeHeaders::operator()(curl_slist* list) const noexcept {
  for (auto* item = list; item != nullptr; item = item->next) {
    explicit_bzero(item->data, std::strlen(item->data));
  }
  curl_slist_free_all(list);
}

auto CurlTransfer::prepare() -> Result<> {
  for (const auto& [name, value] : request_.headers.fields()) {
    if (name.find_first_of("\r\n:") != std::string::npos ||
        value.find_first_of("\r\n") != std::string::npos) {
      return Error{ErrorKind::invalid_input, "a line end in a request header"};
    }
    // libcurl's way to say "empty", where a bare colon would mean "leave it out".
    add_header(value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
  }
  if (request_.accept_gzip) {
    add_header("Accept-Encoding: gzip");
  }
  if (!request_.headers.find("Content-Type")) {
    add_header("Content-Type:");
  }
  add_header("Expect:");
  if (request_.bearer) {
    TRY(const auto token, request_.bearer->reveal_to(request_.url.origin()));
    if (token.reveal().find_first_of("\r\n") != std::string_view::npos) {
      return Error{ErrorKind::malformed, "a line end in an access token"};
    }
    auto line = fmt::format("Authorization: Bearer {}", token.reveal());
    add_header(line);
    explicit_bzero(line.data(), line.size());
  }
  return {};
}

void CurlTransfer::add_header(std::string_view line) {
  const std::string text{line};
  auto* list = curl_slist_append(sent_headers_.get(), text.c_str());
  CHECK(list != nullptr);
  if (sent_headers_ == nullptr) { // Else the list has grown in place.
    sent_headers_.reset(list);
  }
}

void CurlTransfer::configure(EasyHandle easy, const CurlClient::Options& options) {
  easy_ = easy;
  const auto& origin = request_.url.origin();
  set(easy, CURLOPT_PRIVATE, static_cast<void*>(this));
  set(easy, CURLOPT_URL, url_.c_str());
  set(easy, CURLOPT_PATH_AS_IS, 1L);
  set(easy, CURLOPT_PROTOCOLS_STR, origin.scheme.c_str());
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  if (origin.scheme == "http") {
    set(easy, CURLOPT_PROXY, ""); // Plain http is for this machine only.
  }
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.authorities_file.empty()) {
    set(easy, CURLOPT_CAINFO, options.authorities_file.c_str());
    set(easy, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  set(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
  set(easy, CURLOPT_HTTPHEADER, sent_headers_.get());
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  // Refused (observed, 7.88) when the handle still has the buffer of its last transfer, as it has
  // when that was cancelled before it got a connection; it then reads in smaller pieces, and
  // nothing else changes.
  static_cast<void>(curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, receive_buffer_bytes));
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_time.count()));
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.total_time.count()));
  set(easy, CURLOPT_LOW_SPEED_LIMIT, stall_bytes_per_second);
  set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stall_time.count()));
  set(easy, CURLOPT_ERRORBUFFER, error_text_.data());
  set(easy, CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
  set(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(easy, CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  set(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
  configure_method(easy);
}

void CurlTransfer::configure_method(EasyHandle easy) {
  if (request_.method == Method::get) {
    set(easy, CURLOPT_HTTPGET, 1L);
  } else if (request_.method == Method::head) {
    set(easy, CURLOPT_NOBODY, 1L);
  } else {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request_.body.c_str());
    set(easy, CURLOPT_CUSTOMREQUEST, name_of(request_.method).data());
  }
}

auto CurlTransfer::on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept
    -> std::size_t {
  const auto bytes = size * count;
  return static_cast<CurlTransfer*>(self)->take_header({data, bytes}) ? bytes : 0;
}

auto CurlTransfer::on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept
    -> std::size_t {
  return static_cast<CurlTransfer*>(self)->take_body({data, size * count});
}

auto CurlTransfer::take_header(std::string_view line) -> bool {
  header_bytes_ += line.size();
  if (header_bytes_ > max_header_bytes) {
    failure_ = Error{ErrorKind::malformed, "the header of the reply is over 64 KiB"};
    return false;
  }
  if (head_complete_) {
    return true; // A trailer.
  }
  if (line.starts_with("HTTP/")) {
    head_ = {}; // An interim response (1xx) came before this one.
    return true;
  }
  if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    auto value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    value = value.substr(0, value.find_last_not_of(" \t\r\n") + 1);
    head_.headers.add(std::string{line.substr(0, colon)}, std::string{value});
  }
  return true;
}

auto CurlTransfer::take_body(std::string_view bytes) -> std::size_t {
  complete_head();
  const auto piece = std::as_bytes(std::span{bytes.data(), bytes.size()});
  switch (body_.offer(piece)) {
  case BodyBuffer::Offered::taken:
    return bytes.size();
  case BodyBuffer::Offered::full:
    // The wait for our own sink is not the server's: libcurl minds no stall in a pause
    // (since 7.58), and `resume` puts the end of the transfer off.
    paused_at_ = std::chrono::steady_clock::now();
    set(easy_, CURLOPT_TIMEOUT_MS, 0L);
    return CURL_WRITEFUNC_PAUSE;
  case BodyBuffer::Offered::refused:
    return CURL_WRITEFUNC_ERROR;
  }
  CHECK(false);
}

auto CurlTransfer::resume() -> int {
  paused_ += std::chrono::steady_clock::now() - paused_at_;
  const auto until = request_.total_time + std::chrono::ceil<std::chrono::milliseconds>(paused_);
  set(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(until.count()));
  return curl_easy_pause(easy_, CURLPAUSE_CONT);
}

void CurlTransfer::complete_head() {
  if (head_complete_) {
    return;
  }
  head_complete_ = true;
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  head_.status = static_cast<int>(status);
}

auto CurlTransfer::transport_error(int code) const -> Error {
  const auto* detail = error_text_.front() == '\0' ? curl_easy_strerror(static_cast<CURLcode>(code))
                                                   : error_text_.data();
  return Error{
      ErrorKind::unavailable,
      fmt::format("{} {}: {}", name_of(request_.method), request_.url.origin().text(), detail)}
      .with_hint(hint_for(code));
}

void CurlTransfer::finish(int code) {
  if (!failure_ && code != CURLE_OK) {
    failure_ = transport_error(code);
  }
  complete_head(); // Of a reply without a body.
  body_.end();
}

void CurlTransfer::fail(Error error) {
  failure_ = std::move(error);
  finish(CURLE_OK);
}

auto CurlTransfer::wait(BodySink& sink, TransferOrders& orders) -> Result<ResponseHead> {
  Result<> given;
  for (;;) {
    const auto taken = body_.take();
    if (taken.was_full) {
      sink.fell_behind();
      orders.resume(*this);
    }
    if (taken.ended && given && failure_) {
      return *std::move(failure_);
    }
    if (given) {
      given = give(taken, sink);
      if (!given && !taken.ended) {
        body_.refuse_more();
        orders.cancel(*this);
      }
    }
    if (taken.ended) {
      return given ? Result<ResponseHead>{std::move(head_)} : std::move(given).error();
    }
  }
}

auto CurlTransfer::give(const BodyBuffer::Taken& taken, BodySink& sink) -> Result<> {
  if (!begun_) {
    begun_ = true;
    TRY_DO(sink.begin(head_));
  }
  return taken.bytes.empty() ? Result<>{} : sink.write(taken.bytes);
}

} // namespace sluice::http
