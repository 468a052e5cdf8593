// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/case_intake.hpp"

#include <utility>

namespace sluice::relevance {

CaseIntake::CaseIntake(record::RecordScanner::Options options)
    : scanner_{FactReader::fields(), options} {}

void CaseIntake::begin(Correlator& correlator, Content content) {
  correlator_ = &correlator;
  content_ = std::move(content);
  line_ = 0;
  next_left_out_ = 0;
  scanner_.restart();
}

auto CaseIntake::feed(std::string_view bytes) -> Result<> {
  return scanner_.feed(bytes, *this);
}

auto CaseIntake::finish() -> Result<> {
  return scanner_.finish(*this);
}

auto CaseIntake::is_left_out() -> bool {
  const auto line = line_++;
  const bool left_out =
      next_left_out_ < content_.left_out.size() && content_.left_out[next_left_out_] == line;
  next_left_out_ += left_out ? 1 : 0;
  return left_out;
}

auto CaseIntake::on_record(const record::ScannedRecord& record) -> Result<> {
  if (!is_left_out()) {
    correlator_->take(std::move(reader_.read(record, content_.tenant)), content_.available);
  }
  return {};
}

auto CaseIntake::on_bad_record(const record::BadRecord& /*record*/) -> Result<> {
  static_cast<void>(is_left_out());
  return {};
}

} // namespace sluice::relevance
