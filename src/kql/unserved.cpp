// SPDX-License-Identifier: Apache-2.0
#include "kql/unserved.hpp"

#include <array>

namespace sluice::kql {
namespace {

constexpr auto functions = std::to_array<std::string_view>({
    "beta_cdf",
    "beta_inv",
    "beta_pdf",
    "bin_auto",
    "buildschema",
    "current_cursor",
    "cursor_after",
    "cursor_before_or_at",
    "cursor_current",
    "datetime_list_timezones",
    "dcount_hll",
    "estimate_data_size",
    "extent_tags",
    "external_table",
    "geo_h3cell_children",
    "geo_h3cell_level",
    "geo_h3cell_neighbors",
    "geo_h3cell_parent",
    "geo_h3cell_rings",
    "geo_h3cell_to_central_point",
    "geo_h3cell_to_polygon",
    "geo_point_to_h3cell",
    "geo_polygon_to_h3cells",
    "geo_simplify_polygons_array",
    "gzip_compress_to_base64_string",
    "hash_combine",
    "hash_many",
    "hll",
    "hll_if",
    "hll_isvalid",
    "hll_merge",
    "inner_nodes",
    "isutf8",
    "labels",
    "materialized_view",
    "merge_tdigest",
    "node_degree_in",
    "node_degree_out",
    "node_id",
    "percentile_tdigest",
    "percentiles_array",
    "percentiles_array_tdigest",
    "percentilesw_array",
    "percentrank_tdigest",
    "rank_tdigest",
    "rowstore_ordinal_range",
    "series_fft",
    "series_fit_poly",
    "series_ifft",
    "series_outliers",
    "series_periods_validate",
    "set_equals",
    "stored_query_result",
    "tdigest",
    "tdigest_isvalid",
    "tdigest_merge",
    "url_encode_component",
    "welch_test",
    "zlib_compress_to_base64_string",
});

constexpr auto plugins = std::to_array<std::string_view>({
    "active_users_count",
    "activity_counts_metrics",
    "activity_engagement",
    "activity_metrics",
    "ai_chat_completion",
    "ai_chat_completion_prompt",
    "ai_embed_text",
    "ai_embeddings",
    "autocluster",
    "azure_digital_twins_query_request",
    "basket",
    "cosmosdb_sql_request",
    "dcount_intersect",
    "diffpatterns",
    "estimate_rows_count",
    "funnel_sequence",
    "funnel_sequence_completion",
    "http_request",
    "http_request_post",
    "identity",
    "infer_storage_schema",
    "infer_storage_schema_with_suggestions",
    "mysql_request",
    "new_activity_metrics",
    "postgresql_request",
    "preview",
    "python",
    "r",
    "rolling_percentile",
    "rows_near",
    "schema_merge",
    "sequence_detect",
    "session_count",
    "sliding_window_counts",
    "sql_request",
});

} // namespace

auto unserved_functions() noexcept -> std::span<const std::string_view> {
  return functions;
}

auto unserved_plugins() noexcept -> std::span<const std::string_view> {
  return plugins;
}

} // namespace sluice::kql
