// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "kql/bind/expression_binder.hpp"
#include "kql/units.hpp"

/// Private to the binder.
namespace sluice::kql {

/// Calls whose meaning is more than a function of values: they look at the columns that there are,
/// or at a type.
///
/// Use: short-lived, for one call.
class SpecialCalls {
public:
  explicit SpecialCalls(ExpressionBinder& binder) : binder_{binder} {}

  /// Nothing when the call is an ordinary one; null inside after a mistake.
  [[nodiscard]] auto bind(const ast::Call& call, Span span) -> std::optional<ExpressionPtr>;

private:
  auto ingestion_time(const ast::Call& call, Span span) -> ExpressionPtr;
  auto column_if_exists(const ast::Call& call, Span span) -> ExpressionPtr;
  auto pack_columns(const ast::Call& call, Span span) -> ExpressionPtr;
  auto typed_extract(const ast::Call& call, Span span) -> ExpressionPtr;
  auto sorted_along(const ast::Call& access, Span span) -> std::optional<ExpressionPtr>;
  auto refused_unit(Quantity quantity, const ast::Call& call) -> std::optional<ExpressionPtr>;
  auto today_or_now(const ast::Call& call, Span span) -> ExpressionPtr;
  auto asserted(const ast::Call& call, Span span) -> ExpressionPtr;
  auto column_names(const ast::Call& call, Span span) -> ExpressionPtr;
  auto to_scalar(const ast::Call& call, Span span) -> ExpressionPtr;

  ExpressionBinder& binder_;
};

} // namespace sluice::kql
