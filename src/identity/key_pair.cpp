// SPDX-License-Identifier: Apache-2.0
#include "identity/key_pair.hpp"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "identity/base64url.hpp"

namespace sluice::identity {
namespace {

using Bio = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using Pkcs12 = std::unique_ptr<PKCS12, FreeWith<PKCS12_free>>;

auto refuse(std::string why) -> Error {
  return Error{ErrorKind::invalid_input, std::move(why)};
}

/// Without it OpenSSL would ask for the password of an encrypted key on the terminal.
auto no_password(char*, int, int, void*) -> int {
  return -1;
}

auto open_bio(std::string_view bytes) -> Bio {
  return Bio{BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))};
}

auto read_pem(std::string_view pem) -> Result<KeyPair> {
  const auto for_key = open_bio(pem);
  const auto for_certificate = open_bio(pem);
  KeyPair pair;
  pair.key.reset(PEM_read_bio_PrivateKey(for_key.get(), nullptr, no_password, nullptr));
  pair.certificate.reset(PEM_read_bio_X509(for_certificate.get(), nullptr, no_password, nullptr));
  if (!pair.key) {
    return refuse("no unencrypted private key in the PEM text");
  }
  if (!pair.certificate) {
    return refuse("no certificate in the PEM text");
  }
  return pair;
}

auto read_pfx(std::string_view der, const Secret& password) -> Result<KeyPair> {
  const auto bio = open_bio(der);
  const Pkcs12 pfx{d2i_PKCS12_bio(bio.get(), nullptr)};
  if (!pfx) {
    return refuse("neither PEM nor PFX");
  }
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  const std::string text{password.reveal()};
  const bool opened = PKCS12_parse(pfx.get(), text.c_str(), &key, &certificate, nullptr) == 1;
  KeyPair pair;
  pair.key.reset(key);
  pair.certificate.reset(certificate);
  if (!opened) {
    return refuse("the password of the PFX is wrong, or its algorithms are too old for OpenSSL 3");
  }
  if (!pair.key || !pair.certificate) {
    return refuse("the PFX lacks the private key or its certificate");
  }
  return pair;
}

/// The tag of a sequence in DER.
constexpr char der_sequence = 0x30;
constexpr std::size_t most_bytes = 64 * 1024;

} // namespace

auto read_key_pair(const Secret& bytes, const Secret& password) -> Result<KeyPair> {
  const auto text = bytes.reveal();
  if (text.size() < 2 || text.size() > most_bytes) {
    return refuse("empty or over 64 KiB");
  }
  if (text.find("-----BEGIN") != std::string_view::npos) {
    return read_pem(text);
  }
  // Base64 of a sequence begins with M.
  if (text.front() == der_sequence && static_cast<unsigned char>(text[1]) >= 0x80U) {
    return read_pfx(text, password);
  }
  auto decoded = base64_decoded(text);
  if (!decoded) {
    return refuse("neither PEM nor PFX");
  }
  const Secret der{*std::move(decoded)};
  return read_pfx(der.reveal(), password);
}

} // namespace sluice::identity
