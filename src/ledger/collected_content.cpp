// SPDX-License-Identifier: Apache-2.0
#include "ledger/collected_content.hpp"

#include <fmt/format.h>

namespace sluice::ledger {

auto check_collected(const CollectedContent& content, State state, std::uint32_t generation)
    -> Result<> {
  if (state != State::listed && state != State::collected && state != State::delivered) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("a content that is {} cannot be collected", name_of(state))};
  }
  if (content.generation != generation) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("a content of generation {} was collected as of {}",
                             generation,
                             content.generation)};
  }
  if (content.records != content.claims.size() + content.dropped + content.quarantined) {
    return Error{ErrorKind::invalid_input, "the record counts of a content do not add up"};
  }
  if (!content.claims.empty() && !content.staged) {
    return Error{ErrorKind::invalid_input, "relevant records without a staged object"};
  }
  return {};
}

} // namespace sluice::ledger
