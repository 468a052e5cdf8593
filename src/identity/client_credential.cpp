// SPDX-License-Identifier: Apache-2.0
#include "identity/client_credential.hpp"

#include <array>
#include <chrono>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/check.hpp"
#include "base/guid.hpp"
#include "base/json_text.hpp"
#include "identity/base64url.hpp"

namespace sluice::identity {
namespace {

constexpr int least_key_bits = 2'048;
constexpr std::int64_t assertion_seconds = 300;

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* pointer) const noexcept {
    Free(pointer);
  }
};
using KeyHandle = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using CertificateHandle = std::unique_ptr<X509, FreeWith<X509_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;
using Bio = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;

auto refuse(std::string_view why) -> Error {
  return Error{ErrorKind::invalid_input, fmt::format("the client certificate: {}", why)};
}

/// Without it OpenSSL would ask for the password of an encrypted key on the terminal.
auto no_password(char*, int, int, void*) -> int {
  return -1;
}

auto open_bio(const Secret& pem) -> Bio {
  return Bio{BIO_new_mem_buf(pem.reveal().data(), static_cast<int>(pem.reveal().size()))};
}

auto thumbprint(const X509& certificate) -> std::string {
  std::array<unsigned char, 32> digest{};
  unsigned int size = 0;
  CHECK(X509_digest(&certificate, EVP_sha256(), digest.data(), &size) == 1);
  return base64url_encoded({reinterpret_cast<const char*>(digest.data()), size});
}

/// RSASSA-PSS with SHA-256, MGF1-SHA-256 and a salt of 32 bytes: PS256 of RFC 7518.
auto sign_ps256(EVP_PKEY* key, std::string_view text) -> Result<std::string> {
  const DigestContext context{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* options = nullptr;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  const bool ready = EVP_DigestSignInit(context.get(), &options, EVP_sha256(), nullptr, key) == 1 &&
                     EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
                     EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1 &&
                     EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) == 1;
  std::vector<unsigned char> signature(size);
  if (!ready || EVP_DigestSign(context.get(), signature.data(), &size, bytes, text.size()) != 1) {
    return refuse("its key cannot sign");
  }
  return std::string{reinterpret_cast<const char*>(signature.data()), size};
}

} // namespace

class ClientCertificate::Key {
public:
  Key(KeyHandle key, std::string print) : handle{std::move(key)}, x5t{std::move(print)} {}
  const KeyHandle handle;
  const std::string x5t;
};

auto ClientSecret::form_fields(const http::Url&, std::string_view, DateTime) const
    -> Result<http::Parameters> {
  return http::Parameters{{"client_secret", std::string{secret_.reveal()}}};
}

auto ClientCertificate::from_pem(const Secret& pem) -> Result<std::unique_ptr<ClientCertificate>> {
  const auto for_key = open_bio(pem);
  const auto for_certificate = open_bio(pem);
  KeyHandle key{PEM_read_bio_PrivateKey(for_key.get(), nullptr, no_password, nullptr)};
  const CertificateHandle certificate{
      PEM_read_bio_X509(for_certificate.get(), nullptr, no_password, nullptr)};
  if (!key) {
    return refuse("no unencrypted private key in the PEM text");
  }
  if (!certificate) {
    return refuse("no certificate in the PEM text");
  }
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA ||
      EVP_PKEY_get_bits(key.get()) < least_key_bits) {
    return refuse("it needs an RSA key of at least 2,048 bits");
  }
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return refuse("the key belongs to another certificate");
  }
  auto print = thumbprint(*certificate);
  return std::unique_ptr<ClientCertificate>{
      new ClientCertificate{std::make_unique<Key>(std::move(key), std::move(print))}};
}

ClientCertificate::ClientCertificate(std::unique_ptr<Key> key) : key_{std::move(key)} {}

ClientCertificate::~ClientCertificate() = default;

auto ClientCertificate::form_fields(const http::Url& token_endpoint,
                                    std::string_view client_id,
                                    DateTime now) const -> Result<http::Parameters> {
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::seconds>(now.to_unix_ticks()).count();
  const auto header = fmt::format(R"({{"alg":"PS256","typ":"JWT","x5t#S256":"{}"}})", key_->x5t);
  const auto claims =
      fmt::format(R"({{"aud":{},"iss":{},"sub":{},"jti":"{}","nbf":{},"iat":{},"exp":{}}})",
                  json_quoted(token_endpoint.text()),
                  json_quoted(client_id),
                  json_quoted(client_id),
                  random_guid(),
                  since_epoch,
                  since_epoch,
                  since_epoch + assertion_seconds);
  const auto signed_text = base64url_encoded(header) + "." + base64url_encoded(claims);
  TRY(const auto signature, sign_ps256(key_->handle.get(), signed_text));
  return http::Parameters{
      {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
      {"client_assertion", signed_text + "." + base64url_encoded(signature)}};
}

} // namespace sluice::identity
