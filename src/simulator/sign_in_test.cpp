// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "simulator/base64_url.hpp"
#include "simulator/sign_in.hpp"
#include "simulator/test_tenant.hpp"

namespace sluice::simulator {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

constexpr std::string_view client_id = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
constexpr std::string_view tenant_path = "/11111111-2222-3333-4444-555555555555";

/// A key and its certificate, made for this run.
class KeyPair {
public:
  KeyPair() : key_{EVP_RSA_gen(2048), &EVP_PKEY_free}, x509_{X509_new(), &X509_free} {
    ASN1_INTEGER_set(X509_get_serialNumber(x509_.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509_.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(x509_.get()), 3600);
    X509_set_pubkey(x509_.get(), key_.get());
    X509_sign(x509_.get(), key_.get(), EVP_sha256());
  }

  [[nodiscard]] auto pem() const -> std::string {
    auto* const memory = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(memory, x509_.get());
    std::array<char, 8192> text{};
    const int size = BIO_read(memory, text.data(), static_cast<int>(text.size()));
    BIO_free(memory);
    return {text.data(), static_cast<std::size_t>(size)};
  }
  [[nodiscard]] auto sign(std::string_view algorithm, std::string_view text) const -> std::string {
    auto* const context = EVP_MD_CTX_new();
    EVP_PKEY_CTX* padding = nullptr;
    EVP_DigestSignInit(context, &padding, EVP_sha256(), nullptr, key_.get());
    if (algorithm == "PS256") {
      EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, 32);
    }
    std::string signature(256, '\0');
    std::size_t size = signature.size();
    EVP_DigestSign(context,
                   reinterpret_cast<unsigned char*>(signature.data()),
                   &size,
                   reinterpret_cast<const unsigned char*>(text.data()),
                   text.size());
    EVP_MD_CTX_free(context);
    return signature;
  }

private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&X509_free)> x509_;
};

struct AssertionCase {
  const char* name;
  std::string algorithm = "PS256";
  std::string thumbprint = "x5t#S256";
  std::string issuer{client_id};
  std::string audience{};                ///< Empty: the right one.
  int valid_from = 0, valid_until = 600; ///< Seconds from now.
  bool own_key = true;
  int error = 0; ///< 0: a token is issued.
};

class SignInWithAssertion : public testing::TestWithParam<AssertionCase> {};

TEST_P(SignInWithAssertion, is_checked_in_every_part) {
  const auto& row = GetParam();
  static const KeyPair registered; // Making a key takes a second or two.
  static const KeyPair stranger;
  SimulatorOptions options;
  options.client_certificate = registered.pem();
  TestTenant tenant{std::move(options)};
  const auto certificate = *RegisteredCertificate::from_pem(registered.pem());
  const auto endpoint = tenant.simulator.url() + std::string{tenant_path} + "/oauth2/v2.0/token";
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(test_now().to_unix_ticks()).count();
  const auto text =
      to_base64_url(fmt::format(R"({{"alg":"{}","typ":"JWT","{}":"{}"}})",
                                row.algorithm,
                                row.thumbprint,
                                row.thumbprint == "x5t" ? certificate.sha1_thumbprint()
                                                        : certificate.sha256_thumbprint())) +
      "." +
      to_base64_url(fmt::format(
          R"({{"aud":"{}","iss":"{}","sub":"{}","jti":"1","nbf":{},"iat":{},"exp":{}}})",
          row.audience.empty() ? endpoint : row.audience,
          row.issuer,
          row.issuer,
          now + row.valid_from,
          now,
          now + row.valid_until));
  const auto& key = row.own_key ? registered : stranger;
  const auto reply = tenant.sign_in(
      std::string{tenant_path} + "/oauth2/v2.0/token",
      fmt::format("grant_type=client_credentials&client_id={}&scope={}%2F.default"
                  "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3A"
                  "jwt-bearer&client_assertion={}.{}",
                  client_id,
                  tenant.simulator.url(),
                  text,
                  to_base64_url(key.sign(row.algorithm, text))));
  if (row.error == 0) {
    EXPECT_EQ(reply.status, 200) << reply.body;
  } else {
    EXPECT_EQ(reply.status, 401);
    EXPECT_THAT(reply.body, HasSubstr(fmt::format("\"error_codes\":[{}]", row.error)));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    SignInWithAssertion,
    testing::Values(
        AssertionCase{.name = "ps256_with_sha256_thumbprint"},
        AssertionCase{
            .name = "rs256_with_sha1_thumbprint", .algorithm = "RS256", .thumbprint = "x5t"},
        AssertionCase{.name = "ps256_with_sha1_thumbprint", .thumbprint = "x5t", .error = 700027},
        AssertionCase{.name = "another_key", .own_key = false, .error = 700027},
        AssertionCase{.name = "another_issuer",
                      .issuer = "99999999-bbbb-4ccc-8ddd-eeeeeeeeeeee",
                      .error = 700021},
        AssertionCase{
            .name = "another_audience", .audience = "https://login.example/token", .error = 700023},
        AssertionCase{
            .name = "too_late", .valid_from = -1800, .valid_until = -1200, .error = 700024},
        AssertionCase{
            .name = "too_early", .valid_from = 1200, .valid_until = 1800, .error = 700024}),
    [](const auto& row) { return std::string{row.param.name}; });

struct RefusedForm {
  const char* name;
  const char* path;
  const char* form; ///< `SECRET` and `URL` stand for the right ones.
  int status;
  const char* error;
  int number;
};

auto filled(std::string form, const Simulator& simulator) -> std::string {
  const auto put = [&form](std::string_view name, std::string_view value) {
    if (const auto at = form.find(name); at != std::string::npos) {
      form.replace(at, name.size(), value);
    }
  };
  put("CLIENT", client_id);
  put("SECRET", simulator.client_secret().reveal());
  put("URL", simulator.url());
  return form;
}

class SignInRefuses : public testing::TestWithParam<RefusedForm> {};

TEST_P(SignInRefuses, as_the_table_says) {
  const auto& row = GetParam();
  TestTenant tenant;
  const auto reply = tenant.sign_in(row.path, filled(row.form, tenant.simulator));
  EXPECT_EQ(reply.status, row.status);
  EXPECT_THAT(reply.body,
              HasSubstr(fmt::format(
                  R"({{"error":"{}","error_description":"AADSTS{}: )", row.error, row.number)));
  EXPECT_THAT(reply.body, HasSubstr(R"("timestamp":"2026-08-30 12:00:00Z")"));
}

#define TENANT "/11111111-2222-3333-4444-555555555555"
#define GRANT "grant_type=client_credentials&client_id=CLIENT"
INSTANTIATE_TEST_SUITE_P(
    Table,
    SignInRefuses,
    testing::Values(RefusedForm{"wrong_secret",
                                TENANT "/oauth2/token",
                                GRANT "&client_secret=x&resource=URL",
                                401,
                                "invalid_client",
                                7000215},
                    RefusedForm{"unknown_app",
                                TENANT "/oauth2/token",
                                "grant_type=client_credentials&client_id=x&resource=URL",
                                400,
                                "unauthorized_client",
                                700016},
                    RefusedForm{"unknown_tenant",
                                "/99999999-2222-3333-4444-555555555555/oauth2/token",
                                GRANT "&client_secret=SECRET&resource=URL",
                                400,
                                "invalid_request",
                                90002},
                    RefusedForm{"malformed_tenant",
                                "/contoso/oauth2/token",
                                GRANT "&client_secret=SECRET&resource=URL",
                                400,
                                "invalid_request",
                                900023},
                    RefusedForm{"unknown_resource",
                                TENANT "/oauth2/token",
                                GRANT "&client_secret=SECRET&resource=https%3A%2F%2Fgraph.example",
                                400,
                                "invalid_resource",
                                500011},
                    RefusedForm{"scope_without_default",
                                TENANT "/oauth2/v2.0/token",
                                GRANT "&client_secret=SECRET&scope=URL",
                                400,
                                "invalid_scope",
                                1002012},
                    RefusedForm{"no_credential",
                                TENANT "/oauth2/v2.0/token",
                                GRANT "&scope=URL/.default",
                                401,
                                "invalid_client",
                                7000216}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(SignIn, version_1_gives_numbers_as_strings_and_version_2_as_numbers) {
  TestTenant tenant;
  const auto first = tenant.sign_in(
      TENANT "/oauth2/token", filled(GRANT "&client_secret=SECRET&resource=URL", tenant.simulator));
  EXPECT_THAT(first.body,
              MatchesRegex(R"(\{"token_type":"Bearer","expires_in":"3599","ext_expires_in":"3599",)"
                           R"("expires_on":"[0-9]+","not_before":"[0-9]+",)"
                           R"("resource":"http://127.0.0.1:[0-9]+","access_token":"[^"]+"\})"));
  const auto second =
      tenant.sign_in("/contoso.example/oauth2/v2.0/token",
                     filled(GRANT "&client_secret=SECRET&scope=URL/.default", tenant.simulator));
  EXPECT_THAT(second.body,
              MatchesRegex(R"(\{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,)"
                           R"("access_token":"[^"]+"\})"));
}

TEST(SignIn, an_expired_secret_is_told_from_a_wrong_one) {
  SimulatorOptions options;
  options.secret_expired = true;
  TestTenant tenant{std::move(options)};
  const auto reply = tenant.sign_in(
      TENANT "/oauth2/token", filled(GRANT "&client_secret=SECRET&resource=URL", tenant.simulator));
  EXPECT_THAT(reply.body, HasSubstr("AADSTS7000222"));
}

TEST(SignIn, can_be_unavailable_for_a_while) {
  SimulatorOptions options;
  EXPECT_TRUE(options.faults.set("sign_in_unavailable=1"));
  TestTenant tenant{std::move(options)};
  tenant.renew_token();
  tenant.renew_token();
  EXPECT_TRUE(tenant.token.empty());
  tenant.renew_token();
  EXPECT_FALSE(tenant.token.empty());
}
#undef GRANT
#undef TENANT

} // namespace
} // namespace sluice::simulator
