// SPDX-License-Identifier: Apache-2.0
#include "simulator/key_vault.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/json_text.hpp"
#include "simulator/json_reply.hpp"

namespace sluice::simulator {
namespace {

constexpr std::string_view secrets = "secrets";
constexpr std::string_view certificates_word = "certificates";
constexpr std::string_view only_version = "00000000000000000000000000000001";
constexpr std::size_t max_secret_bytes = 25'000; // Documented.

auto refusal(int status, std::string_view code, std::string_view why) -> http::ServerReply {
  return json_reply(
      status, fmt::format(R"({{"error":{{"code":"{}","message":{}}}}})", code, json_quoted(why)));
}

auto not_found(std::string_view kind, std::string_view name) -> http::ServerReply {
  return refusal(404,
                 fmt::format("{}NotFound", kind),
                 fmt::format("A {} with (name/id) {} was not found in this key vault.",
                             kind == "Secret" ? "secret" : "certificate",
                             name));
}

auto is_name(std::string_view name) -> bool {
  return !name.empty() &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-") == std::string_view::npos;
}

auto seconds_of(DateTime time) -> std::int64_t {
  return std::chrono::duration_cast<std::chrono::seconds>(time.to_unix_ticks()).count();
}

/// The attributes of something that was made just now.
auto attributes(DateTime now, const VaultCertificate* certificate) -> std::string {
  const auto life =
      certificate == nullptr
          ? std::string{}
          : fmt::format(R"("nbf":{},"exp":{},)", certificate->not_before, certificate->expires);
  return fmt::format(R"({{"enabled":true,{}"created":{},"updated":{},"recoveryLevel":)"
                     R"("Recoverable+Purgeable","recoverableDays":90}})",
                     life,
                     seconds_of(now),
                     seconds_of(now));
}

auto policy_of(const VaultCertificate& certificate, std::string_view id) -> std::string {
  return fmt::format(
      R"({{"id":"{}/policy","key_props":{{"exportable":true,"kty":"RSA","key_size":{},)"
      R"("reuse_key":false}},"secret_props":{{"contentType":"{}"}},"x509_props":{{"subject":{},)"
      R"("key_usage":["digitalSignature"],"validity_months":{}}},"lifetime_actions":[{{"trigger":)"
      R"({{"lifetime_percentage":80}},"action":{{"action_type":"EmailContacts"}}}}],)"
      R"("issuer":{{"name":"Self"}},"attributes":{{"enabled":true}}}})",
      id,
      certificate.key_bits,
      certificate.content_type,
      json_quoted(certificate.subject),
      std::max<std::int64_t>((certificate.expires - certificate.not_before) / (30 * 24 * 3600), 1));
}

/// An element of a list; `id` has a version only among versions.
auto item_of(const VaultCertificate& certificate, std::string_view id, DateTime now)
    -> std::string {
  return fmt::format(R"({{"id":"{}","x5t":"{}","subject":"","attributes":{}}})",
                     id,
                     certificate.thumbprint,
                     attributes(now, &certificate));
}

} // namespace

struct KeyVault::Address {
  explicit Address(std::string_view path) {
    auto rest = path.substr(std::min<std::size_t>(path.size(), 1));
    for (auto* part : {&kind, &name, &version}) {
      const auto slash = std::min(rest.find('/'), rest.size());
      *part = rest.substr(0, slash);
      rest.remove_prefix(std::min(slash + 1, rest.size()));
    }
  }
  std::string_view kind, name, version;
};

auto KeyVault::takes(std::string_view path) -> bool {
  const Address address{path};
  return address.kind == secrets || address.kind == certificates_word;
}

auto KeyVault::answer(const http::ServerRequest& request,
                      std::string_view base_url,
                      DateTime now) const -> http::ServerReply {
  if (const auto let_in = check_token(request, base_url, now); !let_in) {
    return challenge(base_url, let_in.error().message());
  }
  if (request.method != "GET") {
    return refusal(405, "MethodNotAllowed", "Only GET is simulated.");
  }
  if (!request.parameter("api-version")) {
    return refusal(400, "BadParameter", "api-version must be specified");
  }
  const Address address{request.path};
  if (address.kind == secrets) {
    return secret(address, base_url, now);
  }
  return address.name.empty() ? certificates(base_url, now) : certificate(address, base_url, now);
}

auto KeyVault::check_token(const http::ServerRequest& request,
                           std::string_view base_url,
                           DateTime now) const -> Result<> {
  constexpr std::string_view scheme = "Bearer ";
  const auto authorization = request.header("Authorization");
  if (!authorization.starts_with(scheme)) {
    return Error{ErrorKind::unauthorized, "AKV10000: Request is missing a Bearer or PoP token."};
  }
  TRY(const auto claims, mint_.verify(authorization.substr(scheme.size()), now));
  if (claims.tenant_id != options_.tenant_id) {
    return Error{
        ErrorKind::unauthorized,
        fmt::format("AKV10032: Invalid issuer. Expected https://sts.windows.net/{}/, found "
                    "https://sts.windows.net/{}/.",
                    options_.tenant_id,
                    claims.tenant_id)};
  }
  if (claims.audience != base_url && claims.audience != "https://vault.azure.net") {
    return Error{ErrorKind::unauthorized,
                 fmt::format("AKV10022: Invalid audience. Expected https://vault.azure.net, found: "
                             "{}.",
                             claims.audience)};
  }
  return {};
}

auto KeyVault::challenge(std::string_view base_url, std::string_view why) const
    -> http::ServerReply {
  auto reply = refusal(401, "Unauthorized", why);
  reply.headers.emplace_back(
      "WWW-Authenticate",
      fmt::format(R"(Bearer authorization="{}/{}", resource="{}")",
                  base_url,
                  options_.tenant_id,
                  options_.challenge.empty() ? base_url : options_.challenge));
  return reply;
}

auto KeyVault::secret(const Address& address, std::string_view base_url, DateTime now) const
    -> http::ServerReply {
  const auto name = address.name;
  if (!is_name(name) || options_.folder.empty()) {
    return not_found("Secret", name);
  }
  const auto id = fmt::format("{}/secrets/{}", base_url, name);
  if (const auto value = read_file(options_.folder / name, max_secret_bytes)) {
    return json_reply(200,
                      fmt::format(R"({{"value":{},"id":"{}/{}","attributes":{}}})",
                                  json_quoted(*value),
                                  id,
                                  only_version,
                                  attributes(now, nullptr)));
  }
  const auto certificate = read_vault_certificate(options_.folder, name);
  if (!certificate || (!address.version.empty() && address.version != certificate->version)) {
    return not_found("Secret", name);
  }
  return json_reply(200,
                    fmt::format(R"({{"value":{},"contentType":"{}","id":"{}/{}","managed":true,)"
                                R"("kid":"{}/keys/{}/{}","attributes":{}}})",
                                json_quoted(certificate->secret),
                                certificate->content_type,
                                id,
                                certificate->version,
                                base_url,
                                name,
                                certificate->version,
                                attributes(now, &*certificate)));
}

auto KeyVault::certificate(const Address& address, std::string_view base_url, DateTime now) const
    -> http::ServerReply {
  const auto name = address.name;
  const auto found = is_name(name) && !options_.folder.empty()
                         ? read_vault_certificate(options_.folder, name)
                         : Error{ErrorKind::gone, "no such certificate"};
  if (!found) {
    return not_found("Certificate", name);
  }
  const auto id = fmt::format("{}/certificates/{}", base_url, name);
  if (address.version == "policy") {
    return json_reply(200, policy_of(*found, id));
  }
  const auto version_id = fmt::format("{}/{}", id, found->version);
  if (address.version == "versions") {
    return json_reply(
        200, fmt::format(R"({{"value":[{}],"nextLink":null}})", item_of(*found, version_id, now)));
  }
  if (!address.version.empty() && address.version != found->version) {
    return not_found("Certificate", name);
  }
  return json_reply(
      200,
      fmt::format(R"({{"id":"{0}","kid":"{1}/keys/{2}/{3}","sid":"{1}/secrets/{2}/{3}",)"
                  R"("x5t":"{4}","cer":"{5}","contentType":"{6}","attributes":{7},"policy":{8}}})",
                  version_id,
                  base_url,
                  name,
                  found->version,
                  found->thumbprint,
                  to_base64(found->der),
                  found->content_type,
                  attributes(now, &*found),
                  policy_of(*found, id)));
}

auto KeyVault::certificates(std::string_view base_url, DateTime now) const -> http::ServerReply {
  std::set<std::string> names;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator{options_.folder, ignored}) {
    const auto extension = entry.path().extension();
    if (extension == ".pem" || extension == ".pfx") {
      names.insert(entry.path().stem().string());
    }
  }
  std::string items;
  for (const auto& name : names) {
    if (const auto found = read_vault_certificate(options_.folder, name); found && is_name(name)) {
      items += fmt::format("{}{}",
                           items.empty() ? "" : ",",
                           item_of(*found, fmt::format("{}/certificates/{}", base_url, name), now));
    }
  }
  return json_reply(200, fmt::format(R"({{"value":[{}],"nextLink":null}})", items));
}

} // namespace sluice::simulator
