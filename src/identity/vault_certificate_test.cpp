// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include "identity/base64url.hpp"
#include "identity/endings.hpp"
#include "identity/key_pair.hpp"
#include "identity/key_vault.hpp"
#include "identity/sample_certificate.hpp"
#include "identity/scripted_client.hpp"
#include "identity/secret_reference.hpp"

namespace sluice::identity {
namespace {

/// A sample certificate and its key.
struct Sample {
  [[nodiscard]] auto der() const -> std::string {
    unsigned char* bytes = nullptr;
    const auto size = i2d_X509(pair.certificate.get(), &bytes);
    std::string text{reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
    OPENSSL_free(bytes);
    return text;
  }
  [[nodiscard]] auto pem(bool with_key = true) const -> std::string {
    const std::unique_ptr<BIO, FreeWith<BIO_free_all>> bio{BIO_new(BIO_s_mem())};
    if (with_key) {
      PEM_write_bio_PrivateKey(bio.get(), pair.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    }
    PEM_write_bio_X509(bio.get(), pair.certificate.get());
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
  }

  KeyPair pair = make_sample_certificate();
};

auto sample() -> const Sample& {
  static const Sample made;
  return made;
}

auto thumbprint_of(const std::string& der) -> std::string {
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(der.data()), der.size(), digest.data());
  return base64url_encoded({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

constexpr auto own_address = "https://contoso.vault.azure.net/secrets/App/0123456789abcdef";

auto account(const std::string& der,
             std::string_view address = own_address,
             bool enabled = true,
             const std::string& thumbprint = {}) -> http::Response {
  return {{200, {}},
          fmt::format(R"({{"cer":"{}","x5t":"{}","sid":"{}","attributes":{{"enabled":{}}}}})",
                      base64url_encoded(der),
                      thumbprint.empty() ? thumbprint_of(der) : thumbprint,
                      address,
                      enabled)};
}

auto secret_of(std::string_view pem) -> http::Response {
  std::string escaped;
  for (const char c : pem) {
    escaped += c == '\n' ? std::string{"\\n"} : std::string{c};
  }
  return {{200, {}}, fmt::format(R"({{"value":"{}"}})", escaped)};
}

class Issuer final : public TokenIssuer {
public:
  auto issue(const std::stop_token&) -> Result<IssuedToken> override {
    return IssuedToken{Secret{std::string{"token"}}, std::chrono::hours{1}};
  }
};

class VaultCertificateTest : public testing::Test {
protected:
  auto read(std::vector<http::Response> replies) -> Result<VaultSecret> {
    client_.replies = {{{401,
                         {{"WWW-Authenticate",
                           "Bearer authorization=\"https://login.microsoftonline.com/t\", "
                           "resource=\"https://vault.azure.net\""}}},
                        {}}};
    if (is_known_) {
      client_.replies.clear();
    }
    is_known_ = true;
    client_.replies.insert(client_.replies.end(), replies.begin(), replies.end());
    return vault_.certificate("App", {});
  }

  ScriptedClient client_;
  ManualClock clock_{*parse_iso8601("2026-07-13T10:00:00Z")};
  bool is_known_ = false;
  KeyVault vault_{
      client_,
      clock_,
      {.vault = http::Url::parse("https://contoso.vault.azure.net").value(), .tenant = {}},
      [](std::string_view) -> Result<std::unique_ptr<TokenIssuer>> {
        return std::make_unique<Issuer>();
      }};
};

TEST_F(VaultCertificateTest, comes_with_its_key_from_the_secret_that_the_vault_names) {
  const auto read_back = read({account(sample().der()), secret_of(sample().pem())});
  ASSERT_TRUE(read_back) << read_back.error().message();
  EXPECT_EQ(read_back->value.reveal(), sample().pem());
  EXPECT_EQ(client_.requests[1].url.path(), "/certificates/App");
  EXPECT_EQ(client_.requests[2].url.path(), "/secrets/App/0123456789abcdef");
}

TEST_F(VaultCertificateTest, an_account_that_does_not_hold_together_is_refused) {
  const auto der = sample().der();
  const Sample other;
  struct Case {
    const char* name;
    std::vector<http::Response> replies;
    ErrorKind kind;
  };
  for (const auto& [name, replies, kind] :
       std::vector<Case>{{"disabled", {account(der, own_address, false)}, ErrorKind::invalid_input},
                         {"another thumbprint",
                          {account(der, own_address, true, thumbprint_of("x"))},
                          ErrorKind::untrusted},
                         {"another vault's secret",
                          {account(der, "https://evil.example/secrets/App/0123")},
                          ErrorKind::untrusted},
                         {"another secret",
                          {account(der, "https://contoso.vault.azure.net/secrets/Other/0123")},
                          ErrorKind::untrusted},
                         {"a path that climbs",
                          {account(der, "https://contoso.vault.azure.net/secrets/App/../Other")},
                          ErrorKind::untrusted},
                         {"a secret with another certificate",
                          {account(der), secret_of(other.pem())},
                          ErrorKind::untrusted},
                         {"a key that cannot be exported",
                          {account(der), secret_of(sample().pem(false))},
                          ErrorKind::invalid_input},
                         {"no certificate at all", {{{200, {}}, "{}"}}, ErrorKind::malformed}}) {
    const auto refused = read(replies);
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().kind(), kind) << name << ": " << refused.error().message();
  }
}

TEST_F(VaultCertificateTest, where_there_is_none_the_secret_of_that_name_is_read) {
  const SecretReader reader{[](std::string_view) { return std::nullopt; }, &vault_};
  static_cast<void>(read({}));
  for (const auto& refusal :
       {http::Response{{404, {}}, R"({"error":{"code":"CertificateNotFound","message":"none"}})"},
        http::Response{{403, {}}, R"({"error":{"code":"Forbidden","message":"no"}})"}}) {
    client_.replies = {refusal, secret_of("text")};
    EXPECT_EQ(reader.read_certificate("keyvault:App", {})->reveal(), "text");
  }
  client_.replies = {account(sample().der(), "https://evil.example/"), secret_of("text")};
  EXPECT_EQ(reader.read_certificate("keyvault:App", {}).error().kind(), ErrorKind::untrusted);
}

TEST_F(VaultCertificateTest, the_end_of_a_secret_is_noted) {
  Endings endings;
  const SecretReader reader{[](std::string_view) { return std::nullopt; }, &vault_, &endings};
  static_cast<void>(read({}));
  client_.replies = {{{200, {}}, R"({"value":"x","attributes":{"exp":1783940400}})"}};
  EXPECT_TRUE(reader.read("keyvault:App", {}));
  ASSERT_EQ(endings.all().size(), 1U);
  EXPECT_EQ(endings.all().front().what, "the secret App of the key vault");
  EXPECT_EQ(endings.all().front().end, parse_iso8601("2026-07-13T11:00:00Z"));
}

} // namespace
} // namespace sluice::identity
