// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <openssl/pkcs12.h>
#include <unistd.h>

#include "base/clock.hpp"
#include "identity/base64url.hpp"
#include "identity/client_credential.hpp"
#include "identity/key_pair.hpp"
#include "identity/sample_certificate.hpp"

namespace sluice::identity {
namespace {

/// A sample certificate and its key, as PFX.
auto make_pfx(const char* password) -> std::string {
  const auto pair = make_sample_certificate();
  const std::unique_ptr<PKCS12, FreeWith<PKCS12_free>> pfx{PKCS12_create(
      password, "name", pair.key.get(), pair.certificate.get(), nullptr, 0, 0, 0, 0, 0)};
  unsigned char* bytes = nullptr;
  const auto size = i2d_PKCS12(pfx.get(), &bytes);
  std::string text{reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
  OPENSSL_free(bytes);
  return text;
}

auto base64_of(std::string_view bytes) -> std::string {
  auto text = base64url_encoded(bytes);
  for (auto& c : text) {
    c = c == '-' ? '+' : (c == '_' ? '/' : c);
  }
  return text + std::string((4 - text.size() % 4) % 4, '=');
}

auto header_of(const ClientCertificate& certificate) -> std::string {
  const auto fields = certificate.form_fields(
      http::Url::parse("https://login.example/t").value(), "client-1", SystemClock{}.now());
  const auto assertion = fields.value().at(1).second;
  return base64url_decoded(assertion.substr(0, assertion.find('.'))).value();
}

TEST(PfxTest, opens_with_its_password_as_bytes_and_as_base64) {
  const auto pfx = make_pfx("word");
  const Secret password{std::string{"word"}};
  for (const auto& text : {pfx, base64_of(pfx)}) {
    const auto certificate = ClientCertificate::from_bytes(Secret{std::string{text}}, password);
    ASSERT_TRUE(certificate) << certificate.error().message();
    EXPECT_THAT(header_of(**certificate), testing::HasSubstr("PS256"));
    const auto left = (*certificate)->expires() - SystemClock{}.now();
    EXPECT_GT(left, std::chrono::minutes{55});
    EXPECT_LE(left, std::chrono::minutes{60});
  }
}

TEST(PfxTest, one_of_key_vault_has_no_password) {
  EXPECT_TRUE(ClientCertificate::from_bytes(Secret{base64_of(make_pfx(""))}));
}

TEST(PfxTest, a_wrong_password_is_told_and_not_repeated) {
  const auto refused =
      ClientCertificate::from_bytes(Secret{make_pfx("word")}, Secret{std::string{"canary"}});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), testing::HasSubstr("password"));
  EXPECT_THAT(refused.error().message(), testing::Not(testing::HasSubstr("canary")));
}

TEST(PfxTest, bytes_that_are_none_are_refused) {
  auto cut = make_pfx("");
  cut.resize(cut.size() / 2);
  for (const auto& bytes : {cut, std::string{"0"}, std::string{"0\x82"}, std::string(100, '0')}) {
    EXPECT_FALSE(ClientCertificate::from_bytes(Secret{std::string{bytes}}));
  }
}

TEST(AssertionFormTest, rs256_names_the_certificate_by_sha1) {
  const auto certificate =
      ClientCertificate::from_bytes(Secret{make_pfx("")}, {}, AssertionForm::rs256).value();
  EXPECT_THAT(header_of(*certificate),
              testing::MatchesRegex(R"(\{"alg":"RS256","typ":"JWT","x5t":"[^"]{27}"\})"));
}

TEST(FederatedTokenTest, the_file_is_read_anew_each_time) {
  const auto file =
      std::filesystem::temp_directory_path() / ("federated_" + std::to_string(getpid()));
  const FederatedToken credential{file};
  const auto endpoint = http::Url::parse("https://login.example/t").value();
  EXPECT_FALSE(credential.form_fields(endpoint, "c", {}));
  for (const auto* token : {"first", "second"}) {
    std::ofstream{file} << token << '\n';
    const auto fields = credential.form_fields(endpoint, "c", {}).value();
    EXPECT_EQ(fields.at(1), (std::pair<std::string, std::string>{"client_assertion", token}));
  }
  std::filesystem::remove(file);
}

} // namespace
} // namespace sluice::identity
