// SPDX-License-Identifier: Apache-2.0
#include "pipeline/leading.hpp"

#include <fmt/format.h>

namespace sluice::pipeline {

auto wait_to_lead(ledger::Ledger& ledger,
                  std::string_view role,
                  Clock& clock,
                  const std::stop_token& stop) -> Result<> {
  const auto begun = clock.steady();
  while (true) {
    TRY(const bool leads, ledger.lead(role));
    if (leads) {
      return {};
    }
    if (clock.steady() - begun > standby_patience) {
      return Error{ErrorKind::unavailable, fmt::format("another process does it: {}", role)}
          .with_hint("only one does at a time; this one takes over when the other ends");
    }
    if (!clock.wait(standby_wait, stop)) {
      return Error{ErrorKind::cancelled, "waiting to take over"};
    }
  }
}

} // namespace sluice::pipeline
