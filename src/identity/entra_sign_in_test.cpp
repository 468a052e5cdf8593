// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "identity/base64url.hpp"
#include "identity/entra_sign_in.hpp"

namespace sluice::identity {
namespace {

class RecordingClient final : public http::HttpClient {
public:
  auto stream(const http::Request& request, http::BodySink& sink, const std::stop_token&)
      -> Result<http::ResponseHead> override {
    url = request.url.text();
    form = http::decoded_query(request.body).value_or(http::Parameters{});
    bearer = request.bearer.has_value();
    const std::string_view reply = R"({"expires_in":3599,"access_token":"abc"})";
    TRY_DO(sink.begin({200, {}}));
    TRY_DO(sink.write(std::as_bytes(std::span{reply.data(), reply.size()})));
    return http::ResponseHead{200, {}};
  }

  auto field(std::string_view name) const -> std::string {
    for (const auto& [key, value] : form) {
      if (key == name) {
        return value;
      }
    }
    return {};
  }

  std::string url;
  http::Parameters form;
  bool bearer = false;
};

using KeyHandle = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

auto pem_of(EVP_PKEY* key, X509* certificate) -> std::string {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio{BIO_new(BIO_s_mem()), &BIO_free_all};
  EXPECT_EQ(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr), 1);
  EXPECT_EQ(PEM_write_bio_X509(bio.get(), certificate), 1);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

/// A self-signed certificate and its key of `bits`, as PEM text.
auto make_pem(unsigned int bits, KeyHandle& key) -> std::string {
  key.reset(EVP_RSA_gen(bits));
  const std::unique_ptr<X509, decltype(&X509_free)> certificate{X509_new(), &X509_free};
  X509_set_pubkey(certificate.get(), key.get());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3'600);
  EXPECT_GT(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
  return pem_of(key.get(), certificate.get());
}

auto verifies_as_ps256(EVP_PKEY* key, std::string_view text, std::string_view signature) -> bool {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free};
  EVP_PKEY_CTX* options = nullptr;
  EVP_DigestVerifyInit(context.get(), &options, EVP_sha256(), nullptr, key);
  EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
  EVP_PKEY_CTX_set_rsa_pss_saltlen(options, 32);
  return EVP_DigestVerify(context.get(),
                          reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(),
                          reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1;
}

class EntraSignInTest : public testing::Test {
protected:
  auto sign_in(std::unique_ptr<ClientCredential> credential) -> Result<IssuedToken> {
    EntraSignIn sign_in{client_,
                        clock_,
                        *cloud_named("enterprise"),
                        {.tenant = "contoso.example", .client_id = "client-1"},
                        std::move(credential)};
    return sign_in.issue({});
  }

  RecordingClient client_;
  ManualClock clock_{*parse_iso8601("2026-07-13T10:00:00Z")};
};

TEST_F(EntraSignInTest, sends_the_v2_form_with_a_secret) {
  const auto token = sign_in(std::make_unique<ClientSecret>(Secret{std::string{"a&b=c+d"}}));
  ASSERT_TRUE(token);
  EXPECT_EQ(token->token.reveal(), "abc");
  EXPECT_EQ(client_.url, "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token");
  EXPECT_EQ(client_.field("grant_type"), "client_credentials");
  EXPECT_EQ(client_.field("client_id"), "client-1");
  EXPECT_EQ(client_.field("scope"), "https://manage.office.com/.default");
  EXPECT_EQ(client_.field("client_secret"), "a&b=c+d");
  EXPECT_FALSE(client_.bearer);
}

TEST_F(EntraSignInTest, signs_an_assertion_with_a_certificate) {
  KeyHandle key{nullptr, &EVP_PKEY_free};
  auto credential = ClientCertificate::from_bytes(Secret{make_pem(2'048, key)});
  ASSERT_TRUE(credential) << credential.error().message();
  ASSERT_TRUE(sign_in(*std::move(credential)));
  EXPECT_EQ(client_.field("client_assertion_type"),
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  const auto assertion = client_.field("client_assertion");
  const auto first = assertion.find('.');
  const auto last = assertion.rfind('.');
  EXPECT_THAT(*base64url_decoded(assertion.substr(0, first)),
              testing::MatchesRegex(R"(\{"alg":"PS256","typ":"JWT","x5t#S256":"[^"]{43}"\})"));
  const auto claims = *base64url_decoded(assertion.substr(first + 1, last - first - 1));
  EXPECT_THAT(claims, testing::HasSubstr("\"aud\":\"" + client_.url + "\""));
  EXPECT_THAT(claims, testing::HasSubstr(R"("iss":"client-1","sub":"client-1")"));
  EXPECT_THAT(claims, testing::HasSubstr(R"("nbf":1783936800,"iat":1783936800,"exp":1783937100)"));
  EXPECT_TRUE(verifies_as_ps256(
      key.get(), assertion.substr(0, last), *base64url_decoded(assertion.substr(last + 1))));
}

TEST(ClientCertificateTest, refuses_what_cannot_serve) {
  KeyHandle key{nullptr, &EVP_PKEY_free};
  KeyHandle other_key{nullptr, &EVP_PKEY_free};
  const auto good = make_pem(2'048, key);
  const auto other = make_pem(2'048, other_key);
  const auto certificate_at = good.find("-----BEGIN CERTIFICATE");
  const auto mixed =
      good.substr(0, certificate_at) + other.substr(other.find("-----BEGIN CERTIFICATE"));
  for (const auto& pem : {std::string{},
                          std::string{"words"},
                          good.substr(0, certificate_at),
                          good.substr(certificate_at),
                          mixed,
                          make_pem(1'024, key)}) {
    const auto credential = ClientCertificate::from_bytes(Secret{std::string{pem}});
    ASSERT_FALSE(credential);
    EXPECT_EQ(credential.error().kind(), ErrorKind::invalid_input);
  }
}

} // namespace
} // namespace sluice::identity
