// SPDX-License-Identifier: Apache-2.0
#include "azure/queue.hpp"

#include <charconv>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "azure/base64.hpp"

namespace sluice::azure {
namespace {

auto xml_of(std::string_view text) -> std::string {
  return fmt::format(
      R"(<?xml version="1.0" encoding="utf-8"?><QueueMessage><MessageText>{}</MessageText></QueueMessage>)",
      base64_encoded(text));
}

auto read_messages(const std::string& body) -> Result<std::vector<QueueMessage>> {
  pugi::xml_document document;
  const auto parsed = document.load_buffer(body.data(), body.size());
  const auto list = document.child("QueueMessagesList");
  if (!parsed || !list) {
    return Error{ErrorKind::malformed, "the reply of a queue is not what it should be"};
  }
  std::vector<QueueMessage> messages;
  for (const auto& node : list.children("QueueMessage")) {
    auto text = base64_decoded(node.child_value("MessageText"));
    messages.push_back({.id = node.child_value("MessageId"),
                        .pop_receipt = node.child_value("PopReceipt"),
                        .text = text.value_or(""),
                        .readable = text.has_value(),
                        .receptions = node.child("DequeueCount").text().as_uint()});
  }
  return messages;
}

auto path_of(const QueueMessage& message) -> std::string {
  return "/messages/" + http::percent_encoded(message.id);
}

} // namespace

auto Queue::ask(StorageCall call, const std::stop_token& stop) const
    -> Result<std::vector<QueueMessage>> {
  TRY(const auto response, resource_.send(std::move(call), stop));
  return read_messages(response.body);
}

auto Queue::create(const std::stop_token& stop) const -> Result<bool> {
  auto made = resource_.send({.method = http::Method::put}, stop);
  if (!made && made.error().code() == "QueueAlreadyExists") {
    return false;
  }
  if (!made) {
    return std::move(made).error().while_doing("making the queue");
  }
  return made->head.status == 201; // 204 says that it was there (documented).
}

auto Queue::drop(const std::stop_token& stop) const -> Result<> {
  TRY_DO(resource_.send({.method = http::Method::del}, stop));
  return {};
}

auto Queue::put(std::string_view text, const PutOptions& options, const std::stop_token& stop) const
    -> Result<> {
  if (text.size() > most_text_bytes) {
    return Error{ErrorKind::invalid_input, "a message is over 48 KiB"};
  }
  http::Parameters query{{"visibilitytimeout", std::to_string(options.delay.count())}};
  if (options.life) {
    query.emplace_back("messagettl", std::to_string(options.life->count()));
  }
  TRY_DO(resource_.send({.method = http::Method::post,
                         .path = "/messages",
                         .query = http::encoded(query),
                         .headers = {{"Content-Type", "application/xml"}},
                         .body = xml_of(text)},
                        stop));
  return {};
}

auto Queue::receive(int most, std::chrono::seconds visibility, const std::stop_token& stop) const
    -> Result<std::vector<QueueMessage>> {
  return ask({.method = http::Method::get,
              .path = "/messages",
              .query = http::encoded({{"numofmessages", std::to_string(most)},
                                      {"visibilitytimeout", std::to_string(visibility.count())}})},
             stop);
}

auto Queue::peek(int most, const std::stop_token& stop) const -> Result<std::vector<QueueMessage>> {
  return ask(
      {.method = http::Method::get,
       .path = "/messages",
       .query = http::encoded({{"numofmessages", std::to_string(most)}, {"peekonly", "true"}})},
      stop);
}

auto Queue::extend(QueueMessage& message,
                   std::chrono::seconds visibility,
                   const std::stop_token& stop) const -> Result<> {
  TRY(const auto response,
      resource_.send(
          {.method = http::Method::put,
           .path = path_of(message),
           .query = http::encoded({{"popreceipt", message.pop_receipt},
                                   {"visibilitytimeout", std::to_string(visibility.count())}})},
          stop));
  const auto receipt = response.head.headers.find("x-ms-popreceipt");
  if (!receipt) {
    return Error{ErrorKind::malformed, "a queue gave no new receipt for a message"};
  }
  message.pop_receipt = *receipt;
  return {};
}

auto Queue::remove(const QueueMessage& message, const std::stop_token& stop) const -> Result<> {
  TRY_DO(resource_.send({.method = http::Method::del,
                         .path = path_of(message),
                         .query = http::encoded({{"popreceipt", message.pop_receipt}})},
                        stop));
  return {};
}

auto Queue::move(const QueueMessage& message,
                 const Queue& poison,
                 const std::stop_token& stop) const -> Result<> {
  TRY_DO(poison.put(message.text, {}, stop).while_doing("setting a message aside"));
  return remove(message, stop);
}

auto Queue::approximate_count(const std::stop_token& stop) const -> Result<std::uint64_t> {
  TRY(const auto response,
      resource_.send({.method = http::Method::get, .query = "comp=metadata"}, stop));
  const auto text = response.head.headers.find("x-ms-approximate-messages-count").value_or("");
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || text.empty() || end != text.data() + text.size()) {
    return Error{ErrorKind::malformed, "a queue did not say how many messages it holds"};
  }
  return count;
}

} // namespace sluice::azure
