// SPDX-License-Identifier: Apache-2.0
#include "simulator/app_registration.hpp"

#include <array>
#include <cstdint>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <simdjson.h>

#include "simulator/base64_url.hpp"

namespace sluice::simulator {
namespace {

// Clocks of clients may be off by this much (documented: "a few minutes").
constexpr std::int64_t allowed_skew_seconds = 300;
constexpr std::int64_t longest_life_seconds = 24 * 3600;

auto as_bytes(std::string_view text) -> const unsigned char* {
  return reinterpret_cast<const unsigned char*>(text.data());
}

struct Assertion {
  std::string algorithm, thumbprint_sha1, thumbprint_sha256;
  std::string audience, issuer, subject, id;
  std::int64_t not_before = 0, expires = 0;
  std::string_view signed_text;
  std::string signature;
};

auto text_at(const simdjson::dom::element& object, std::string_view key) -> std::string {
  std::string_view value;
  return object[key].get(value) == simdjson::SUCCESS ? std::string{value} : std::string{};
}

auto number_at(const simdjson::dom::element& object, std::string_view key) -> std::int64_t {
  std::int64_t value = 0;
  return object[key].get(value) == simdjson::SUCCESS ? value : 0;
}

auto no_token() -> Error {
  return Error{ErrorKind::invalid_input, "JWT token is invalid or malformed"}.with_code("50027");
}

auto parse_part(simdjson::dom::parser& parser, std::string_view part, simdjson::dom::element& into)
    -> bool {
  const auto json = from_base64_url(part);
  return json && parser.parse(*json).get(into) == simdjson::SUCCESS && into.is_object();
}

auto parse_assertion(std::string_view text) -> Result<Assertion> {
  const auto first = text.find('.');
  const auto second = text.find('.', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) {
    return no_token();
  }
  Assertion assertion;
  simdjson::dom::parser parser;
  simdjson::dom::element part;
  if (!parse_part(parser, text.substr(0, first), part)) {
    return no_token();
  }
  assertion.algorithm = text_at(part, "alg");
  assertion.thumbprint_sha1 = text_at(part, "x5t");
  assertion.thumbprint_sha256 = text_at(part, "x5t#S256");
  if (!parse_part(parser, text.substr(first + 1, second - first - 1), part)) {
    return no_token();
  }
  assertion.audience = text_at(part, "aud");
  assertion.issuer = text_at(part, "iss");
  assertion.subject = text_at(part, "sub");
  assertion.id = text_at(part, "jti");
  assertion.not_before = number_at(part, "nbf");
  assertion.expires = number_at(part, "exp");
  assertion.signed_text = text.substr(0, second);
  const auto signature = from_base64_url(text.substr(second + 1));
  if (!signature || assertion.id.empty()) {
    return no_token();
  }
  assertion.signature = *signature;
  return assertion;
}

auto signature_fits(const Assertion& assertion, const AppRegistration& app) -> bool {
  for (const auto& certificate : app.certificates) {
    const bool named = assertion.algorithm == "PS256"
                           ? assertion.thumbprint_sha256 == certificate.sha256_thumbprint()
                           : assertion.algorithm == "RS256" &&
                                 (assertion.thumbprint_sha1 == certificate.sha1_thumbprint() ||
                                  assertion.thumbprint_sha256 == certificate.sha256_thumbprint());
    if (named &&
        certificate.verifies(assertion.algorithm, assertion.signed_text, assertion.signature)) {
      return true;
    }
  }
  return false;
}

} // namespace

auto RegisteredCertificate::from_pem(std::string_view pem) -> Result<RegisteredCertificate> {
  auto* const memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  auto* const x509 = PEM_read_bio_X509(memory, nullptr, nullptr, nullptr);
  BIO_free(memory);
  if (x509 == nullptr) {
    return Error{ErrorKind::invalid_input, "not an X.509 certificate in PEM"};
  }
  return RegisteredCertificate{
      std::shared_ptr<void>{x509, [](void* held) { X509_free(static_cast<X509*>(held)); }}};
}

auto RegisteredCertificate::der() const -> std::string {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(static_cast<X509*>(x509_.get()), &bytes);
  auto out = std::string(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return out;
}

auto RegisteredCertificate::sha1_thumbprint() const -> std::string {
  const auto bytes = der();
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(as_bytes(bytes), bytes.size(), digest.data());
  return to_base64_url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

auto RegisteredCertificate::sha256_thumbprint() const -> std::string {
  const auto bytes = der();
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(as_bytes(bytes), bytes.size(), digest.data());
  return to_base64_url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

auto RegisteredCertificate::verifies(std::string_view algorithm,
                                     std::string_view text,
                                     std::string_view signature) const -> bool {
  const auto context =
      std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  auto* const key = X509_get0_pubkey(static_cast<X509*>(x509_.get()));
  EVP_PKEY_CTX* padding = nullptr; // Owned by `context`.
  if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA ||
      EVP_DigestVerifyInit(context.get(), &padding, EVP_sha256(), nullptr, key) != 1) {
    return false;
  }
  if (algorithm == "PS256" &&
      (EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING) != 1 ||
       EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return false;
  }
  return EVP_DigestVerify(
             context.get(), as_bytes(signature), signature.size(), as_bytes(text), text.size()) ==
         1;
}

auto check_assertion(std::string_view text,
                     const AppRegistration& app,
                     std::string_view endpoint,
                     DateTime now) -> Result<> {
  TRY(const auto assertion, parse_assertion(text));
  if (!signature_fits(assertion, app)) {
    return Error{
        ErrorKind::invalid_input,
        "Client assertion contains an invalid signature. [Reason - The key was not found.]"}
        .with_code("700027");
  }
  if (assertion.issuer != app.client_id || assertion.subject != app.client_id) {
    return Error{ErrorKind::invalid_input,
                 "Client assertion application identifier doesn't match 'client_id' parameter."}
        .with_code("700021");
  }
  if (assertion.audience != endpoint) {
    return Error{ErrorKind::invalid_input,
                 "Client assertion audience claim does not match Realm issuer."}
        .with_code("700023");
  }
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(now.to_unix_ticks()).count();
  if (assertion.expires + allowed_skew_seconds <= seconds ||
      assertion.not_before - allowed_skew_seconds > seconds ||
      assertion.expires - assertion.not_before > longest_life_seconds) {
    return Error{ErrorKind::invalid_input, "Client assertion is not within its valid time range."}
        .with_code("700024");
  }
  return {};
}

auto issuer_of_assertion(std::string_view text) -> std::string {
  const auto assertion = parse_assertion(text);
  return assertion ? assertion->issuer : std::string{};
}

} // namespace sluice::simulator
