// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "endpoint/error_reply.hpp"
#include "endpoint/service.hpp"

namespace sluice::endpoint {

/// What is to become of a body's rows.
struct IngestRequest {
  std::string table;
  std::string format = "csv";      ///< `json`, `multijson`, `csv`; in any case.
  std::string mapping_name;        ///< Of the table's mappings; empty for none.
  std::string mapping;             ///< A mapping itself.
  std::string source;              ///< Names the body: it is stored once. Empty for a new name.
  std::vector<std::string> tags;   ///< `ingest-by:` tags that what is stored gets.
  std::vector<std::string> unless; ///< Nothing is stored when one of these tags is there.
  bool ignore_first = false;       ///< The first line of CSV is a header.
};

struct Ingested {
  std::uint64_t rows = 0;
  bool skipped = false; ///< It was there already.
};

/// Stores the rows of `body`, all or none; durable when it returns. Records of AuditRecords are
/// taken whole, and one whose tenant and id are there is not stored again.
[[nodiscard]] auto ingest(Service& service, const IngestRequest& request, std::string_view body)
    -> tl::expected<Ingested, Failure>;

/// The same for a blob of our own storage; an address elsewhere is not there.
[[nodiscard]] auto ingest_blob(Service& service,
                               const IngestRequest& request,
                               std::string_view address) -> tl::expected<Ingested, Failure>;

/// The name under which the store keeps a mapping.
[[nodiscard]] auto
mapping_note(std::string_view table, std::string_view kind, std::string_view name) -> std::string;

} // namespace sluice::endpoint
