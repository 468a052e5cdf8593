// SPDX-License-Identifier: Apache-2.0
#include "kql/bind/result_columns.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "kql/bind/column_names.hpp"
#include "kql/bind/columns.hpp"
#include "kql/bind/pipeline_binder.hpp"

namespace sluice::kql {
namespace {

constexpr std::array stats{ResultColumn{"min", Type::real},
                           ResultColumn{"min_idx", Type::int64},
                           ResultColumn{"max", Type::real},
                           ResultColumn{"max_idx", Type::int64},
                           ResultColumn{"avg", Type::real},
                           ResultColumn{"stdev", Type::real},
                           ResultColumn{"variance", Type::real}};
constexpr std::array line{ResultColumn{"rsquare", Type::real},
                          ResultColumn{"slope", Type::real},
                          ResultColumn{"variance", Type::real},
                          ResultColumn{"rvariance", Type::real},
                          ResultColumn{"interception", Type::real},
                          ResultColumn{"line_fit"}};
constexpr std::array two_lines{ResultColumn{"rsquare", Type::real},
                               ResultColumn{"split_idx", Type::int64},
                               ResultColumn{"variance", Type::real},
                               ResultColumn{"rvariance", Type::real},
                               ResultColumn{"line_fit"},
                               ResultColumn{"right_rsquare", Type::real},
                               ResultColumn{"right_slope", Type::real},
                               ResultColumn{"right_interception", Type::real},
                               ResultColumn{"right_variance", Type::real},
                               ResultColumn{"right_rvariance", Type::real},
                               ResultColumn{"left_rsquare", Type::real},
                               ResultColumn{"left_slope", Type::real},
                               ResultColumn{"left_interception", Type::real},
                               ResultColumn{"left_variance", Type::real},
                               ResultColumn{"left_rvariance", Type::real}};
constexpr std::array anomalies{
    ResultColumn{"ad_flag"}, ResultColumn{"ad_score"}, ResultColumn{"baseline"}};
constexpr std::array parts{ResultColumn{"baseline"},
                           ResultColumn{"seasonal"},
                           ResultColumn{"trend"},
                           ResultColumn{"residual"}};
constexpr std::array forecast{ResultColumn{"forecast"},
                              ResultColumn{"seasonal"},
                              ResultColumn{"trend"},
                              ResultColumn{"residual"}};
constexpr std::array periods{ResultColumn{"periods"}, ResultColumn{"scores"}};

constexpr std::array all{
    ColumnsFunction{"series_stats", stats, "series_stats_dynamic"},
    ColumnsFunction{"series_fit_line", line, "series_fit_line_dynamic"},
    ColumnsFunction{"series_fit_2lines", two_lines, ""},
    ColumnsFunction{"series_decompose_anomalies", anomalies, ""},
    ColumnsFunction{"series_decompose", parts, ""},
    ColumnsFunction{"series_decompose_forecast", forecast, ""},
    ColumnsFunction{"series_periods_detect", periods, ""},
};

constexpr auto on_clusters = std::to_array<std::pair<std::string_view, Type>>({
    {"geo_info_from_ip_address", Type::dynamic},
    {"parse_user_agent", Type::dynamic},
    {"current_principal", Type::string},
    {"current_principal_details", Type::dynamic},
    {"current_principal_is_member_of", Type::boolean},
    {"current_cluster_endpoint", Type::string},
    {"current_database", Type::string},
    {"extent_id", Type::guid},
    {"new_guid", Type::guid},
    {"rand", Type::real},
});

} // namespace

auto columns_function(const ast::Expression& expression) -> const ColumnsFunction* {
  const auto* call = std::get_if<ast::Call>(&expression.node);
  if (call == nullptr || call->is_operator || call->is_method) {
    return nullptr;
  }
  const auto* const found = std::ranges::find(all, call->function, &ColumnsFunction::name);
  return found == all.end() ? nullptr : found;
}

auto column_name(const ColumnsFunction& function, const ast::Call& call, std::size_t column)
    -> std::string {
  const auto argument =
      call.arguments.empty() ? std::nullopt : automatic_name(*call.arguments.front());
  return fmt::format(
      "{}_{}_{}", function.name, argument.value_or(""), function.columns[column].name);
}

auto bind_columns_call(ExpressionBinder& binder,
                       PipelineBinder& queries,
                       const ColumnsFunction& function,
                       const ast::Call& call) -> std::vector<ExpressionPtr> {
  if (function.as_bag.empty() && !queries.session().checks_alone) {
    queries.report(
        call.name_span, Code::not_supported, fmt::format("`{}` is not supported", function.name));
    return {};
  }
  std::vector<ExpressionPtr> arguments;
  for (const auto& argument : call.arguments) {
    arguments.push_back(binder.bind(*argument));
    if (arguments.back() == nullptr) {
      return {};
    }
  }
  const bool is_series = !arguments.empty() && arguments.front()->type == Type::dynamic;
  if (!function.as_bag.empty() && (arguments.size() != 1 || !is_series)) {
    queries.report(
        call.name_span, Code::argument_count, fmt::format("`{}` takes one array", function.name));
    return {};
  }
  std::vector<ExpressionPtr> values;
  for (const auto& column : function.columns) {
    if (function.as_bag.empty()) {
      values.push_back(make_literal(Value::null(column.type), call.name_span));
      continue;
    }
    std::vector<ExpressionPtr> series;
    series.push_back(clone(*arguments.front()));
    std::vector<ExpressionPtr> member;
    member.push_back(make_call(function.as_bag, Type::dynamic, std::move(series)));
    member.push_back(make_literal(Value::string(std::string{column.name})));
    values.push_back(ExpressionBinder::converted(make_call("[]", Type::dynamic, std::move(member)),
                                                 column.type));
  }
  return values;
}

auto cluster_function(std::string_view name) -> std::optional<Type> {
  const auto* const found =
      std::ranges::find(on_clusters, name, &std::pair<std::string_view, Type>::first);
  return found == on_clusters.end() ? std::nullopt : std::optional{found->second};
}

} // namespace sluice::kql
