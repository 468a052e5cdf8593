// SPDX-License-Identifier: Apache-2.0
#include "endpoint/request_queue.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/guid.hpp"
#include "base/log.hpp"
#include "endpoint/base64.hpp"
#include "endpoint/storage_reply.hpp"
#include "kql/conversion.hpp"

namespace sluice::endpoint {
namespace {

constexpr std::string_view prefix = "message-";

} // namespace

RequestQueue::RequestQueue(const Directory& directory,
                           const std::vector<std::string>& names,
                           std::size_t most)
    : directory_{directory},
      most_{most},
      names_{names.size() + most},
      waiting_{names.size()} {
  for (const auto& name : names) {
    static_cast<void>(names_.push(name, {})); // There is room.
    const auto number = kql::parse_long(name.substr(prefix.size())).value_or(0);
    next_ = std::max(next_, static_cast<std::uint64_t>(number) + 1);
  }
}

auto RequestQueue::open(const Directory& directory, std::size_t most)
    -> Result<std::unique_ptr<RequestQueue>> {
  TRY(auto names, directory.names());
  std::erase_if(names, [](const std::string& name) { return !name.starts_with(prefix); });
  return std::unique_ptr<RequestQueue>{new RequestQueue{directory, names, most}};
}

auto RequestQueue::answer_put(std::string_view body) -> Result<http::ServerReply> {
  const auto texts = xml_elements(body, "MessageText");
  auto text = texts.empty() ? std::nullopt : decode_base64(texts.front());
  if (!text || text->size() > max_message_bytes) {
    return storage_reply(400, "InvalidInput");
  }
  TRY(const bool taken, submit({&*text, 1}));
  if (!taken) {
    return storage_reply(503, "ServerBusy");
  }
  const auto id = random_guid();
  // An empty body would be taken for a failure, and the message sent again (observed).
  return xml_reply(201,
                   fmt::format("<QueueMessagesList><QueueMessage><MessageId>{0}</MessageId>"
                               "<PopReceipt>{0}</PopReceipt></QueueMessage></QueueMessagesList>",
                               id));
}

auto RequestQueue::submit(std::span<const std::string> texts) -> Result<bool> {
  const std::lock_guard lock{mutex_};
  const bool is_too_long = std::ranges::any_of(
      texts, [](const std::string& text) { return text.size() > max_message_bytes; });
  if (is_too_long || waiting_ + texts.size() > most_) {
    return false;
  }
  std::vector<std::string> names;
  for (const auto& text : texts) {
    names.push_back(fmt::format("{}{:020}", prefix, next_++));
    if (const auto written = replace_file(directory_.path() / names.back(), text); !written) {
      for (const auto& name : names) { // The client hears of the failure that came first.
        static_cast<void>(directory_.remove(name));
      }
      return written.error();
    }
  }
  waiting_ += names.size();
  for (auto& name : names) {
    static_cast<void>(names_.push(std::move(name), {})); // There is room.
  }
  return true;
}

auto RequestQueue::take(const std::stop_token& stop) -> std::optional<Message> {
  while (auto name = names_.pop(stop)) {
    auto text = read_file(directory_.path() / *name, max_message_bytes);
    if (text) {
      return Message{.name = *std::move(name), .text = *std::move(text)};
    }
    log(LogLevel::warning,
        "endpoint_storage_failed",
        text.error().message(),
        {{"message", *name}}); // It stays, and the next start meets it again.
    const std::lock_guard lock{mutex_};
    --waiting_;
  }
  return std::nullopt;
}

auto RequestQueue::finish(const Message& message) -> Result<> {
  {
    const std::lock_guard lock{mutex_};
    --waiting_;
  }
  return directory_.remove(message.name);
}

} // namespace sluice::endpoint
