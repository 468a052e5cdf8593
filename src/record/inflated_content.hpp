// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "base/gzip.hpp"
#include "base/result.hpp"
#include "record/record_scanner.hpp"

namespace sluice::record {

/// Lets an `Inflater` write straight into a scanner's window, which spares a copy of everything.
///
///     InflatedContent content{scanner, sink};
///     TRY_DO(inflater.feed(bytes, content));
class InflatedContent final : public InflateTarget {
public:
  /// Both must outlive the object.
  InflatedContent(RecordScanner& scanner, RecordSink& sink) : scanner_{scanner}, sink_{sink} {}

  auto room() -> std::span<char> override { return scanner_.room(); }
  /// Errors: as `RecordScanner::feed`.
  auto filled(std::size_t bytes) -> Result<> override { return scanner_.filled(bytes, sink_); }

private:
  RecordScanner& scanner_;
  RecordSink& sink_;
};

} // namespace sluice::record
