// SPDX-License-Identifier: Apache-2.0
#include "simulator/vault_certificate.hpp"

#include <array>
#include <ctime>
#include <memory>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "base/file.hpp"
#include "simulator/base64_url.hpp"

namespace sluice::simulator {
namespace {

constexpr std::size_t max_file_bytes = 64 * 1024;

using Memory = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

auto memory_of(std::string_view bytes) -> Memory {
  return {BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())), &BIO_free_all};
}

auto certificate_of_pfx(std::string_view bytes) -> Certificate {
  const auto memory = memory_of(bytes);
  const std::unique_ptr<PKCS12, decltype(&PKCS12_free)> pfx{d2i_PKCS12_bio(memory.get(), nullptr),
                                                            &PKCS12_free};
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  if (pfx) {
    PKCS12_parse(pfx.get(), "", &key, &certificate, nullptr);
  }
  EVP_PKEY_free(key);
  return {certificate, &X509_free};
}

auto digest_of(const X509& certificate, const EVP_MD* hash) -> std::string {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  X509_digest(&certificate, hash, digest.data(), &size);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

auto seconds_of(const ASN1_TIME* time) -> std::int64_t {
  std::tm parts{};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? timegm(&parts) : 0;
}

auto subject_of(const X509& certificate) -> std::string {
  const Memory memory{BIO_new(BIO_s_mem()), &BIO_free_all};
  X509_NAME_print_ex(memory.get(), X509_get_subject_name(&certificate), 0, XN_FLAG_RFC2253);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

auto first_hex_digits(std::string_view bytes, std::size_t count) -> std::string {
  std::string text;
  for (const auto byte : bytes.substr(0, count / 2)) {
    text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  }
  return text;
}

auto describe(X509& certificate) -> VaultCertificate {
  VaultCertificate described;
  unsigned char* bytes = nullptr;
  if (const int size = i2d_X509(&certificate, &bytes); size > 0) {
    described.der.assign(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }
  OPENSSL_free(bytes);
  described.thumbprint = to_base64_url(digest_of(certificate, EVP_sha1()));
  described.version = first_hex_digits(digest_of(certificate, EVP_sha256()), 32);
  described.subject = subject_of(certificate);
  described.key_bits = EVP_PKEY_get_bits(X509_get0_pubkey(&certificate));
  described.not_before = seconds_of(X509_get0_notBefore(&certificate));
  described.expires = seconds_of(X509_get0_notAfter(&certificate));
  return described;
}

} // namespace

auto to_base64(std::string_view bytes) -> std::string {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                    reinterpret_cast<const unsigned char*>(bytes.data()),
                                    static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

auto read_vault_certificate(const std::filesystem::path& folder, std::string_view name)
    -> Result<VaultCertificate> {
  auto pem = read_file(folder / fmt::format("{}.pem", name), max_file_bytes);
  if (!pem && pem.error().kind() != ErrorKind::gone) {
    return std::move(pem).error();
  }
  const bool is_pem = pem.has_value();
  if (!is_pem) {
    TRY(pem, read_file(folder / fmt::format("{}.pfx", name), max_file_bytes));
  }
  const auto certificate =
      is_pem ? Certificate{PEM_read_bio_X509(memory_of(*pem).get(), nullptr, nullptr, nullptr),
                           &X509_free}
             : certificate_of_pfx(*pem);
  if (!certificate || X509_get0_pubkey(certificate.get()) == nullptr) {
    return Error{ErrorKind::invalid_input, "no certificate in the file"};
  }
  auto described = describe(*certificate);
  described.secret = is_pem ? *pem : to_base64(*pem);
  described.content_type = is_pem ? "application/x-pem-file" : "application/x-pkcs12";
  return described;
}

} // namespace sluice::simulator
