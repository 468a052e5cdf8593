// SPDX-License-Identifier: Apache-2.0
#include "kql/program/session.hpp"

#include <cstdint>
#include <optional>

namespace sluice::kql {
namespace {

auto ticks(const Value& value) -> std::optional<std::int64_t> {
  return value.is_null() ? std::nullopt : std::optional{value.as_integer()};
}

/// Null times belong to no session.
class Sessions {
public:
  auto begin_of(std::optional<std::int64_t> time,
                std::optional<std::int64_t> longest,
                std::optional<std::int64_t> farthest,
                bool restarts) -> Value {
    if (!time) {
      return Value::null(Type::datetime);
    }
    const bool goes_on = begin_ && !restarts && longest && farthest &&
                         *time - *begin_ <= *longest && *time - last_ <= *farthest;
    begin_ = goes_on ? begin_ : time;
    last_ = *time;
    return Value::datetime({Ticks{*begin_}});
  }

private:
  std::optional<std::int64_t> begin_;
  std::int64_t last_ = 0;
};

} // namespace

auto SessionProgram::run(Rows rows) const -> Rows {
  Sessions sessions;
  for (auto& row : rows) {
    const auto restart = has_restart_ ? row.back() : Value::boolean(false);
    const auto first = row.size() - (has_restart_ ? 4 : 3);
    auto begin = sessions.begin_of(ticks(row[first]),
                                   ticks(row[first + 1]),
                                   ticks(row[first + 2]),
                                   !restart.is_null() && restart.as_boolean());
    row.resize(first);
    row.push_back(std::move(begin));
  }
  return rows;
}

} // namespace sluice::kql
