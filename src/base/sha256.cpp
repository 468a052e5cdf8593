// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.hpp"

#include <openssl/evp.h>

#include "base/check.hpp"

namespace sluice {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

/// Looked up once: OpenSSL 3 otherwise searches its providers, under a lock, for every digest.
auto algorithm() -> const EVP_MD* {
  static const auto* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  CHECK(fetched != nullptr);
  return fetched;
}

} // namespace

struct Sha256Hasher::Context {
  EVP_MD_CTX* evp = EVP_MD_CTX_new();

  Context() = default;
  Context(const Context&) = delete;
  auto operator=(const Context&) -> Context& = delete;
  ~Context() { EVP_MD_CTX_free(evp); }
};

Sha256Hasher::Sha256Hasher() : context_{std::make_unique<Context>()} {
  CHECK(context_->evp != nullptr);
  restart();
}

Sha256Hasher::Sha256Hasher(Sha256Hasher&&) noexcept = default;
auto Sha256Hasher::operator=(Sha256Hasher&&) noexcept -> Sha256Hasher& = default;
Sha256Hasher::~Sha256Hasher() = default;

void Sha256Hasher::append(std::span<const std::byte> bytes) {
  CHECK(EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size()) == 1);
}

void Sha256Hasher::restart() {
  CHECK(EVP_DigestInit_ex(context_->evp, algorithm(), nullptr) == 1);
}

auto Sha256Hasher::finish() -> Sha256 {
  std::array<unsigned char, std::tuple_size_v<Sha256>> raw{};
  CHECK(EVP_DigestFinal_ex(context_->evp, raw.data(), nullptr) == 1);
  Sha256 digest{};
  for (std::size_t i = 0; i < raw.size(); ++i) {
    digest[i] = std::byte{raw[i]};
  }
  return digest;
}

auto sha256(std::span<const std::byte> bytes) -> Sha256 {
  thread_local Sha256Hasher hasher;
  hasher.restart();
  hasher.append(bytes);
  return hasher.finish();
}

auto sha256(std::string_view text) -> Sha256 {
  return sha256(std::as_bytes(std::span{text}));
}

auto to_hex(const Sha256& digest) -> std::string {
  std::string hex;
  hex.reserve(2 * digest.size());
  for (const auto byte : digest) {
    hex += digits[std::to_integer<std::size_t>(byte >> 4U)];
    hex += digits[std::to_integer<std::size_t>(byte & std::byte{0xF})];
  }
  return hex;
}

auto sha256_from_hex(std::string_view hex) -> std::optional<Sha256> {
  Sha256 digest{};
  if (hex.size() != 2 * digest.size()) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const auto value = digits.find(hex[i]);
    if (value == std::string_view::npos) {
      return std::nullopt;
    }
    digest[i / 2] = (digest[i / 2] << 4U) | static_cast<std::byte>(value);
  }
  return digest;
}

} // namespace sluice
