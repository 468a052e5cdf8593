// SPDX-License-Identifier: Apache-2.0
#include <map>

#include <gmock/gmock.h>

#include "azure/azurite.hpp"
#include "base/gzip.hpp"
#include "endpoint/lent_storage.hpp"

namespace sluice::endpoint {
namespace {

using namespace std::chrono_literals;
using azure::Azurite;
using azure::StorageService;

/// A client that knows nothing but the addresses that it was lent.
class LentStorageTest : public testing::Test {
protected:
  auto resource(StorageService service, std::string_view kind) -> azure::StorageResource {
    return azure::StorageResource::from_signed_address(
               azurite_.client(), azurite_.clock(), service, lent_.find(kind)->second, {})
        .value();
  }
  auto queue(std::string_view kind) -> azure::Queue {
    return azure::Queue{resource(StorageService::queue, kind)};
  }
  auto container() -> azure::BlobContainer {
    return azure::BlobContainer{resource(StorageService::blob, "TempStorage")};
  }
  auto address_of(std::string_view blob) -> std::string {
    return container().resource().url().text() + "/" + std::string{blob} + "?sig=of-the-client";
  }
  static auto lent_by(const LentStorage& storage) -> std::map<std::string, Secret, std::less<>> {
    std::map<std::string, Secret, std::less<>> lent;
    const auto addresses = storage.addresses().value();
    for (const auto& [kind, address] : addresses) {
      lent.emplace(kind, address);
    }
    return lent;
  }

  Azurite azurite_;
  std::unique_ptr<LentStorage> storage_ =
      LentStorage::open(azurite_.client(), azurite_.clock(), azurite_.account(), Azurite::key())
          .value();
  std::map<std::string, Secret, std::less<>> lent_ = lent_by(*storage_);
};

TEST_F(LentStorageTest, what_a_client_uploads_is_read_dealt_with_and_gone) {
  ASSERT_TRUE(container().put("a/b", deflate_gzip("rows"), {}, {}));
  ASSERT_TRUE(queue("SecuredReadyForAggregationQueue").put("ingest it", {}, {}));
  const auto message = storage_->take({}).value();
  EXPECT_EQ(message.text, "ingest it");
  EXPECT_EQ(message.receptions, 1U);
  EXPECT_TRUE(storage_->holds(address_of("a/b")));
  EXPECT_EQ(storage_->read_blob(address_of("a/b")).value(), "rows");
  storage_->tell(IngestionPlace::Outcome::success, "done");
  storage_->tell(IngestionPlace::Outcome::failure, "not done");
  storage_->finish(message, address_of("a/b"));
  EXPECT_EQ(storage_->read_blob(address_of("a/b")).error().kind(), ErrorKind::gone);
  EXPECT_EQ(queue("SuccessfulIngestionsQueue").receive(1, 30s, {})->at(0).text, "done");
  EXPECT_EQ(queue("FailedIngestionsQueue").receive(1, 30s, {})->at(0).text, "not done");
}

TEST_F(LentStorageTest, blobs_of_other_places_are_not_fetched) {
  for (const auto* address : {"https://other.example/devstoreaccount1/sluice-ingest/a",
                              "file:///etc/passwd",
                              "http://127.0.0.1:1/devstoreaccount1/sluice-ingest/a",
                              ""}) {
    EXPECT_FALSE(storage_->holds(address)) << address;
    EXPECT_EQ(storage_->read_blob(address).error().kind(), ErrorKind::gone) << address;
  }
  const auto folder = container().resource().url().text();
  EXPECT_FALSE(storage_->holds(folder + "/"));
  EXPECT_FALSE(storage_->holds(folder + "-other/a"));
  EXPECT_FALSE(storage_->holds(folder + "/../other/a"));
}

TEST_F(LentStorageTest, the_addresses_allow_what_a_client_needs_and_no_more) {
  EXPECT_FALSE(queue("SecuredReadyForAggregationQueue").receive(1, 30s, {}));
  EXPECT_FALSE(queue("FailedIngestionsQueue").put("forged", {}, {}));
  for (const auto& [kind, address] : lent_) {
    EXPECT_EQ(address.reveal().find(Azurite::key().reveal()), std::string_view::npos) << kind;
  }
}

TEST_F(LentStorageTest, a_second_endpoint_shares_what_is_there) {
  const auto second =
      LentStorage::open(azurite_.client(), azurite_.clock(), azurite_.account(), Azurite::key());
  ASSERT_TRUE(second) << second.error().message();
  ASSERT_TRUE(queue("SecuredReadyForAggregationQueue").put("one", {}, {}));
  EXPECT_EQ((*second)->take({})->text, "one");
}

} // namespace
} // namespace sluice::endpoint
