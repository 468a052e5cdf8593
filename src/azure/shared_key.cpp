// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "azure/authorization.hpp"
#include "azure/hmac.hpp"

namespace sluice::azure {
namespace {

auto lower(std::string_view text) -> std::string {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return out;
}

auto value_of(const http::Request& request, std::string_view header) -> std::string_view {
  return request.headers.find(header).value_or("");
}

/// Parameters of one name become one line: the values sorted, with commas between (documented).
auto canonical_query(std::string_view query) -> Result<std::string> {
  const auto parameters = http::decoded_query(query);
  if (!parameters) {
    return Error{ErrorKind::invalid_input, "a query that is not percent-encoded cannot be signed"};
  }
  std::map<std::string, std::vector<std::string>> by_name;
  for (const auto& [name, value] : *parameters) {
    by_name[lower(name)].push_back(value);
  }
  std::string lines;
  for (auto& [name, values] : by_name) {
    std::ranges::sort(values);
    lines += fmt::format("\n{}:{}", name, fmt::join(values, ","));
  }
  return lines;
}

/// Table storage signs no parameter but `comp` (documented).
auto canonical_component(std::string_view query) -> std::string {
  for (const auto& [name, value] : http::decoded_query(query).value_or(http::Parameters{})) {
    if (name == "comp") {
      return "?comp=" + value;
    }
  }
  return {};
}

auto canonical_headers(const http::Request& request) -> std::string {
  std::map<std::string, std::string_view> sorted;
  for (const auto& [name, value] : request.headers.fields()) {
    if (auto name_in_lower_case = lower(name); name_in_lower_case.starts_with("x-ms-")) {
      sorted.emplace(std::move(name_in_lower_case), value);
    }
  }
  std::string lines;
  for (const auto& [name, value] : sorted) {
    lines += fmt::format("{}:{}\n", name, value);
  }
  return lines;
}

class SharedKey final : public Authorization {
public:
  SharedKey(std::string account, Secret key) : account_{std::move(account)}, key_{std::move(key)} {}

  auto authorize(http::Request& request, StorageService service, const std::stop_token&)
      -> Result<> override {
    TRY(const auto text,
        service == StorageService::table ? Result<std::string>{text_for_table(request)}
                                         : text_to_sign(request));
    TRY(const auto signature, hmac_sha256_base64(key_, text));
    request.headers.add("Authorization", fmt::format("SharedKey {}:{}", account_, signature));
    return {};
  }

private:
  [[nodiscard]] auto text_to_sign(const http::Request& request) const -> Result<std::string> {
    TRY(const auto query, canonical_query(request.url.query()));
    const bool has_body =
        request.method != http::Method::get && request.method != http::Method::head;
    return fmt::format("{}\n{}\n\n{}\n{}\n{}\n\n{}\n{}\n{}\n{}\n{}\n{}/{}{}{}",
                       http::name_of(request.method),
                       value_of(request, "Content-Encoding"),
                       has_body && !request.body.empty() ? std::to_string(request.body.size()) : "",
                       value_of(request, "Content-MD5"),
                       value_of(request, "Content-Type"),
                       value_of(request, "If-Modified-Since"),
                       value_of(request, "If-Match"),
                       value_of(request, "If-None-Match"),
                       value_of(request, "If-Unmodified-Since"),
                       value_of(request, "Range"),
                       canonical_headers(request),
                       account_,
                       request.url.path(),
                       query);
  }

  [[nodiscard]] auto text_for_table(const http::Request& request) const -> std::string {
    return fmt::format("{}\n{}\n{}\n{}\n/{}{}{}",
                       http::name_of(request.method),
                       value_of(request, "Content-MD5"),
                       value_of(request, "Content-Type"),
                       value_of(request, "x-ms-date"),
                       account_,
                       request.url.path(),
                       canonical_component(request.url.query()));
  }

  const std::string account_;
  const Secret key_;
};

} // namespace

auto shared_key(std::string account, const Secret& key_base64)
    -> Result<std::shared_ptr<Authorization>> {
  TRY_DO(hmac_sha256_base64(key_base64, "")); // A bad key is told at once.
  return std::shared_ptr<Authorization>{
      std::make_shared<SharedKey>(std::move(account), key_base64)};
}

} // namespace sluice::azure
