// SPDX-License-Identifier: Apache-2.0
#include "http/client.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/gzip.hpp"

namespace sluice::http {
namespace {

auto trimmed(std::string_view text) -> std::string_view {
  const auto begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  text.remove_prefix(begin);
  const auto end = text.find_last_not_of(" \t\r\n");
  return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

/// Keeps the body in memory, inflated.
class CollectingSink final : public BodySink {
public:
  explicit CollectingSink(std::size_t most_bytes) : most_bytes_{most_bytes} {}

  auto begin(const ResponseHead& head) -> Result<> override {
    const auto encoding = head.headers.find("Content-Encoding").value_or("identity");
    if (equal_ignoring_case(encoding, "gzip")) {
      inflater_.emplace(Inflater::Limits{.max_output_bytes = most_bytes_});
    } else if (!equal_ignoring_case(encoding, "identity")) {
      return Error{ErrorKind::malformed,
                   "the reply has a content encoding that we did not ask for"};
    }
    return {};
  }

  auto write(std::span<const std::byte> bytes) -> Result<> override {
    const std::string_view text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    received_ = received_ || !text.empty();
    return inflater_ ? inflater_->feed(text, [this](std::string_view part) { return keep(part); })
                     : keep(text);
  }

  auto finish() -> Result<std::string> {
    if (inflater_ && received_) {
      TRY_DO(inflater_->finish());
    }
    return std::move(body_);
  }

private:
  auto keep(std::string_view text) -> Result<> {
    if (text.size() > most_bytes_ - body_.size()) {
      return Error{ErrorKind::malformed,
                   fmt::format("the reply is longer than {} bytes", most_bytes_)};
    }
    body_ += text;
    return {};
  }

  const std::size_t most_bytes_;
  std::optional<Inflater> inflater_;
  bool received_ = false;
  std::string body_;
};

} // namespace

void Headers::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

auto Headers::find(std::string_view name) const noexcept -> std::optional<std::string_view> {
  for (const auto& [field, value] : fields_) {
    if (equal_ignoring_case(field, name)) {
      return trimmed(value);
    }
  }
  return std::nullopt;
}

auto name_of(Method method) noexcept -> std::string_view {
  constexpr std::array<std::string_view, 6> names{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
  return names.at(static_cast<std::size_t>(method));
}

auto HttpClient::send(const Request& request, const std::stop_token& stop) -> Result<Response> {
  CollectingSink sink{request.max_body_bytes};
  TRY(auto head, stream(request, sink, stop));
  TRY(auto body, sink.finish());
  return Response{std::move(head), std::move(body)};
}

} // namespace sluice::http
