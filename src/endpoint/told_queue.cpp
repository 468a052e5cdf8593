// SPDX-License-Identifier: Apache-2.0
#include "endpoint/told_queue.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "endpoint/base64.hpp"
#include "endpoint/storage_reply.hpp"
#include "kql/conversion.hpp"

namespace sluice::endpoint {
namespace {

constexpr std::size_t max_message_bytes = std::size_t{64} * 1024;
/// Documented: messages live for a week unless somebody says otherwise.
constexpr auto life = std::chrono::hours{24 * 7};
/// For how long a message that was received is hidden: at least and at most (documented).
constexpr std::pair hiding{std::chrono::seconds{1}, std::chrono::seconds{7 * 24 * 3600}};
constexpr std::int64_t usual_hiding = 30;
constexpr std::int64_t most_at_once = 32; // Documented.

auto is_old(const std::filesystem::path& file) -> bool {
  std::error_code gone;
  const auto written = std::filesystem::last_write_time(file, gone);
  return gone || std::filesystem::file_time_type::clock::now() - written > life;
}

/// A message's id as clients see it. Azure's are GUIDs.
auto id_of(std::uint64_t number) -> std::string {
  return fmt::format(
      "00000000-0000-0000-{:04x}-{:012x}", number >> 48U, number & 0xffff'ffff'ffffU);
}

auto number_in(const http::ServerRequest& request, std::string_view name, std::int64_t usual)
    -> std::int64_t {
  return kql::parse_long(request.parameter(std::string{name}).value_or("")).value_or(usual);
}

} // namespace

auto ToldQueue::open(const Directory& directory,
                     std::string_view name,
                     Clock& clock,
                     std::size_t most) -> Result<std::unique_ptr<ToldQueue>> {
  std::unique_ptr<ToldQueue> queue{
      new ToldQueue{directory, fmt::format("told-{}-", name), clock, most}};
  TRY(const auto names, directory.names()); // In byte order, which is that of their numbers.
  for (const auto& file : names) {
    if (!file.starts_with(queue->prefix_)) {
      continue;
    }
    const auto number = kql::parse_long(file.substr(queue->prefix_.size())).value_or(0);
    if (number <= 0) {
      TRY_DO(directory.remove(file));
      continue;
    }
    queue->told_.push_back({.number = static_cast<std::uint64_t>(number)});
    queue->next_ = queue->told_.back().number + 1;
  }
  TRY_DO(queue->forget_oldest());
  return queue;
}

auto ToldQueue::name_of(std::uint64_t number) const -> std::string {
  return fmt::format("{}{:020}", prefix_, number);
}

auto ToldQueue::tell(std::string_view text) -> Result<> {
  if (text.size() > max_message_bytes) {
    return Error{ErrorKind::invalid_input, "a message is too long for a queue"};
  }
  const std::lock_guard lock{mutex_};
  const auto number = next_++;
  TRY_DO(replace_file(directory_.path() / name_of(number), text));
  told_.push_back({.number = number});
  return forget_oldest();
}

auto ToldQueue::forget_oldest() -> Result<> {
  while (told_.size() > most_ ||
         (!told_.empty() && is_old(directory_.path() / name_of(told_.front().number)))) {
    TRY_DO(directory_.remove(name_of(told_.front().number)));
    told_.pop_front();
  }
  return {};
}

auto ToldQueue::answer(const http::ServerRequest& request) -> Result<http::ServerReply> {
  if (request.method == "DELETE") {
    return remove(std::string_view{request.path}.substr(request.path.rfind('/') + 1));
  }
  return request.method == "GET" ? receive(request) : storage_reply(405);
}

auto ToldQueue::receive(const http::ServerRequest& request) -> Result<http::ServerReply> {
  const auto most =
      std::clamp<std::int64_t>(number_in(request, "numofmessages", 1), 1, most_at_once);
  const bool is_peek = request.parameter("peekonly") == "true";
  const auto hidden = std::clamp(
      std::chrono::seconds{std::clamp<std::int64_t>(
          number_in(request, "visibilitytimeout", usual_hiding), 0, hiding.second.count())},
      hiding.first,
      hiding.second);
  std::string list;
  std::int64_t count = 0;
  const std::lock_guard lock{mutex_};
  const auto now = clock_.steady();
  for (auto& told : told_) {
    if (told.hidden_until > now) {
      continue;
    }
    const auto text = read_file(directory_.path() / name_of(told.number), max_message_bytes);
    if (!text) {
      log(LogLevel::warning, "endpoint_storage_failed", text.error().message());
      told.hidden_until = now + hiding.second; // It holds up no other.
      continue;
    }
    if (count++ == most) {
      break;
    }
    if (!is_peek) {
      told.hidden_until = now + hidden;
      ++told.received;
    }
    list += fmt::format("<QueueMessage><MessageId>{0}</MessageId><PopReceipt>{0}</PopReceipt>"
                        "<DequeueCount>{1}</DequeueCount><MessageText>{2}</MessageText>"
                        "</QueueMessage>",
                        id_of(told.number),
                        told.received,
                        encode_base64(*text));
  }
  return xml_reply(200, fmt::format("<QueueMessagesList>{}</QueueMessagesList>", list));
}

auto ToldQueue::remove(std::string_view id) -> Result<http::ServerReply> {
  const std::lock_guard lock{mutex_};
  const auto told =
      std::ranges::find_if(told_, [&](const Told& one) { return id_of(one.number) == id; });
  if (told == told_.end()) {
    return storage_reply(404, "MessageNotFound");
  }
  TRY_DO(directory_.remove(name_of(told->number)));
  told_.erase(told);
  return storage_reply(204);
}

} // namespace sluice::endpoint
