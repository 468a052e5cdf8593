// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/date_time.hpp"
#include "base/result.hpp"

/// Names of objects. A name says all that is needed to find the content again without a ledger:
///
///     raw/<tenant>/<content type>/<yyyy>/<mm>/<dd>/<hhmmss><7 digits>-<content id>.json[.gz]
///     staged/<tenant>/<content type>/<yyyy>/<mm>/<dd>/<hhmmss><7 digits>-<content id>.<n>.ndjson
///
/// Date and time are those of `Content::created`, so names sort by creation time within a type.
/// Content ids are text from outside (observed: digits, letters, `_` and `$`). In a name, letters,
/// digits, `_` and `-` stand for themselves, `$` is written `.`, any other byte `=XX`.
namespace sluice::archive {

/// One content as the feed lists it.
struct Content {
  std::string tenant;       ///< A GUID.
  std::string content_type; ///< Such as `Audit.General`: letters, digits and single inner dots.
  std::string content_id;   ///< At most 200 bytes as written in a name.
  DateTime created;

  friend auto operator==(const Content&, const Content&) -> bool = default;
};

/// How the bytes of a raw object are packed.
enum class Encoding : std::uint8_t {
  identity, ///< JSON text, `.json`
  gzip,     ///< gzip as received, `.json.gz`
};

/// Errors: invalid_input when a part of `content` cannot be in a name.
[[nodiscard]] auto raw_name(const Content& content, Encoding encoding) -> Result<std::string>;
/// Errors: as for `raw_name`.
[[nodiscard]] auto staged_name(const Content& content, std::uint32_t generation)
    -> Result<std::string>;

/// What a raw object's name says; nothing when `raw_name` would not have written it.
struct ParsedRawName {
  Content content;
  Encoding encoding = Encoding::identity;
};
[[nodiscard]] auto parse_raw_name(std::string_view name) -> std::optional<ParsedRawName>;

/// Refuses what cannot be the name of an object: nothing outside of `raw/` and `staged/` is one,
/// and no part of a name is empty, `.` or `..`. Errors: invalid_input.
[[nodiscard]] auto check_object_name(std::string_view name) -> Result<>;

} // namespace sluice::archive
