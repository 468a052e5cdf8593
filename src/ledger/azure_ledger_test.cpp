// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "azure/azurite.hpp"
#include "ledger/azure_ledger.hpp"
#include "ledger/ledger_conformance.hpp"

namespace sluice::ledger {
namespace {

class AzurePlace final : public LedgerPlace {
public:
  auto open() -> std::unique_ptr<Ledger> override {
    return open_azure_ledger(place_, clock_).value();
  }

private:
  SystemClock clock_;
  const AzureLedgerPlace place_{azure::Azurite::shared().table(), azure::Azurite::shared().table()};
};

INSTANTIATE_TEST_SUITE_P(Azure,
                         LedgerConformance,
                         testing::Values(LedgerMaker{
                             [] { return std::make_unique<AzurePlace>(); }}),
                         [](const auto&) { return std::string{"azure"}; });

} // namespace
} // namespace sluice::ledger
