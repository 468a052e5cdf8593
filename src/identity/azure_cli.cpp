// SPDX-License-Identifier: Apache-2.0
#include "identity/azure_cli.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include "identity/program_output.hpp"

namespace sluice::identity {

auto AzureCli::issue(const std::stop_token& stop) -> Result<IssuedToken> {
  std::vector<std::string> words{options_.program,
                                 "account",
                                 "get-access-token",
                                 "--output",
                                 "json",
                                 "--resource",
                                 options_.audience};
  if (!options_.tenant.empty()) {
    words.insert(words.end(), {"--tenant", options_.tenant});
  }
  auto output = program_output(words, options_.total_time, stop);
  if (!output) {
    return output.error().kind() != ErrorKind::unavailable
               ? output.error()
               : Error{ErrorKind::unavailable,
                       "the Azure CLI gave no token: " + output.error().message()}
                     .with_code("no_azure_cli")
                     .with_hint("run `az login`, or configure another way to sign in");
  }
  simdjson::dom::parser parser;
  simdjson::dom::object body;
  std::string_view token;
  std::int64_t end = 0;
  const auto text = output->reveal();
  // `expiresOn` is in local time, without a zone; `expires_on` came with version 2.54 (documented).
  if (parser.parse(text.data(), text.size()).get(body) != simdjson::SUCCESS ||
      body["accessToken"].get(token) != simdjson::SUCCESS || token.empty() ||
      body["expires_on"].get(end) != simdjson::SUCCESS) {
    return Error{ErrorKind::malformed, "the Azure CLI's reply has no token or no end"}.with_hint(
        "Azure CLI 2.54 or newer is needed");
  }
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(clock_.now().to_unix_ticks()).count();
  if (end <= now) {
    return Error{ErrorKind::unauthorized, "the Azure CLI gave a token that has ended"};
  }
  return IssuedToken{Secret{std::string{token}}, std::chrono::seconds{end - now}};
}

} // namespace sluice::identity
