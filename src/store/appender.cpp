// SPDX-License-Identifier: Apache-2.0
#include "store/appender.hpp"

#include <cstdint>

namespace sluice::store {

auto open_appender(duckdb_connection connection, const char* table) -> Result<DuckAppender> {
  DuckAppender appender;
  if (duckdb_appender_create(connection, nullptr, table, appender.out()) != DuckDBSuccess) {
    return appender_error(appender.get());
  }
  return appender;
}

auto close_appender(DuckAppender& appender) -> Result<> {
  if (duckdb_appender_close(appender.get()) != DuckDBSuccess) {
    return appender_error(appender.get());
  }
  return {};
}

auto append_text(duckdb_appender appender, std::string_view text) -> bool {
  return duckdb_append_varchar_length(appender, text.data(), text.size()) == DuckDBSuccess;
}

auto append_value(duckdb_appender appender, const kql::Value& value) -> bool {
  if (value.is_null() && value.type() != kql::Type::string) {
    return duckdb_append_null(appender) == DuckDBSuccess;
  }
  switch (value.type()) {
  case kql::Type::boolean:
    return duckdb_append_bool(appender, value.as_boolean()) == DuckDBSuccess;
  case kql::Type::int32:
    return duckdb_append_int32(appender, static_cast<std::int32_t>(value.as_integer())) ==
           DuckDBSuccess;
  case kql::Type::int64:
  case kql::Type::datetime:
  case kql::Type::timespan:
    return duckdb_append_int64(appender, value.as_integer()) == DuckDBSuccess;
  case kql::Type::real:
    return duckdb_append_double(appender, value.as_real()) == DuckDBSuccess;
  case kql::Type::decimal:
  case kql::Type::string:
  case kql::Type::guid:
  case kql::Type::dynamic:
    break;
  }
  return append_text(appender, value.text());
}

auto appender_error(duckdb_appender appender) -> Error {
  const char* message = duckdb_appender_error(appender);
  return to_error(DUCKDB_ERROR_IO, message == nullptr ? "a row was refused" : message);
}

} // namespace sluice::store
