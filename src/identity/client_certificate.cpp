// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <chrono>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/check.hpp"
#include "base/guid.hpp"
#include "base/json_text.hpp"
#include "identity/base64url.hpp"
#include "identity/client_credential.hpp"
#include "identity/key_pair.hpp"

namespace sluice::identity {
namespace {

constexpr int least_key_bits = 2'048;
constexpr std::int64_t assertion_seconds = 300;

using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;

auto refuse(std::string_view why) -> Error {
  return Error{ErrorKind::invalid_input, fmt::format("the client certificate: {}", why)};
}

auto thumbprint(const X509& certificate, const EVP_MD* hash) -> std::string {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  CHECK(X509_digest(&certificate, hash, digest.data(), &size) == 1);
  return base64url_encoded({reinterpret_cast<const char*>(digest.data()), size});
}

/// RSA with SHA-256. For PS256 of RFC 7518: RSASSA-PSS, MGF1-SHA-256 and a salt of 32 bytes.
auto sign(EVP_PKEY* key, AssertionForm form, std::string_view text) -> Result<std::string> {
  const DigestContext context{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* options = nullptr;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  const bool ready = EVP_DigestSignInit(context.get(), &options, EVP_sha256(), nullptr, key) == 1 &&
                     (form == AssertionForm::rs256 ||
                      (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
                       EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1)) &&
                     EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) == 1;
  std::vector<unsigned char> signature(size);
  if (!ready || EVP_DigestSign(context.get(), signature.data(), &size, bytes, text.size()) != 1) {
    return refuse("its key cannot sign");
  }
  return std::string{reinterpret_cast<const char*>(signature.data()), size};
}

auto header_of(const X509& certificate, AssertionForm form) -> std::string {
  return form == AssertionForm::ps256
             ? fmt::format(R"({{"alg":"PS256","typ":"JWT","x5t#S256":"{}"}})",
                           thumbprint(certificate, EVP_sha256()))
             : fmt::format(R"({{"alg":"RS256","typ":"JWT","x5t":"{}"}})",
                           thumbprint(certificate, EVP_sha1()));
}

} // namespace

class ClientCertificate::Key {
public:
  KeyPair pair;
  AssertionForm form;
};

auto ClientCertificate::from_bytes(const Secret& bytes, const Secret& password, AssertionForm form)
    -> Result<std::unique_ptr<ClientCertificate>> {
  auto pair = read_key_pair(bytes, password);
  if (!pair) {
    return refuse(pair.error().message());
  }
  if (EVP_PKEY_get_base_id(pair->key.get()) != EVP_PKEY_RSA ||
      EVP_PKEY_get_bits(pair->key.get()) < least_key_bits) {
    return refuse("it needs an RSA key of at least 2,048 bits");
  }
  if (X509_check_private_key(pair->certificate.get(), pair->key.get()) != 1) {
    return refuse("the key belongs to another certificate");
  }
  return std::unique_ptr<ClientCertificate>{
      new ClientCertificate{std::make_unique<Key>(Key{*std::move(pair), form})}};
}

ClientCertificate::ClientCertificate(std::unique_ptr<Key> key) : key_{std::move(key)} {}

ClientCertificate::~ClientCertificate() = default;

auto ClientCertificate::expires() const -> DateTime {
  std::tm end{};
  CHECK(ASN1_TIME_to_tm(X509_get0_notAfter(key_->pair.certificate.get()), &end) == 1);
  return DateTime::from_unix(std::chrono::seconds{timegm(&end)});
}

auto ClientCertificate::form_fields(const http::Url& token_endpoint,
                                    std::string_view client_id,
                                    DateTime now) const -> Result<http::Parameters> {
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::seconds>(now.to_unix_ticks()).count();
  const auto claims =
      fmt::format(R"({{"aud":{},"iss":{},"sub":{},"jti":"{}","nbf":{},"iat":{},"exp":{}}})",
                  json_quoted(token_endpoint.text()),
                  json_quoted(client_id),
                  json_quoted(client_id),
                  random_guid(),
                  since_epoch,
                  since_epoch,
                  since_epoch + assertion_seconds);
  const auto signed_text = base64url_encoded(header_of(*key_->pair.certificate, key_->form)) + "." +
                           base64url_encoded(claims);
  TRY(const auto signature, sign(key_->pair.key.get(), key_->form, signed_text));
  return http::Parameters{
      {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
      {"client_assertion", signed_text + "." + base64url_encoded(signature)}};
}

} // namespace sluice::identity
