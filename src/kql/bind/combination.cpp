// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"
#include "kql/signature.hpp"

namespace sluice::kql {
namespace {

struct Side {
  const Schema& schema;
  std::string_view name; ///< `$left`
};

auto kind_of(const ast::Join& op) -> JoinKind {
  if (op.kind.empty()) {
    return op.is_lookup ? JoinKind::left_outer : JoinKind::innerunique;
  }
  return op.kind == "inner"                                     ? JoinKind::inner
         : op.kind == "leftouter"                               ? JoinKind::left_outer
         : op.kind == "rightouter"                              ? JoinKind::right_outer
         : op.kind == "fullouter"                               ? JoinKind::full_outer
         : op.kind == "leftsemi"                                ? JoinKind::left_semi
         : op.kind == "rightsemi"                               ? JoinKind::right_semi
         : op.kind == "rightanti" || op.kind == "rightantisemi" ? JoinKind::right_anti
         : op.kind == "innerunique"                             ? JoinKind::innerunique
                                                                : JoinKind::left_anti;
}

auto gives_left(JoinKind kind) -> bool {
  return kind != JoinKind::right_semi && kind != JoinKind::right_anti;
}
auto gives_right(JoinKind kind) -> bool {
  return kind != JoinKind::left_semi && kind != JoinKind::left_anti;
}

/// Binds the conditions of `on`.
class KeyBinder {
public:
  KeyBinder(PipelineBinder& binder, Join& join)
      : binder_{binder},
        join_{join},
        left_{join.left->output, "$left"},
        right_{join.right->output, "$right"} {}

  auto bind(const ast::Expression& condition) -> bool {
    if (const auto* name = std::get_if<ast::Name>(&condition.node)) {
      return add(column(left_, name->text, condition.span, Code::not_on_both_sides),
                 column(right_, name->text, condition.span, Code::not_on_both_sides),
                 condition.span);
    }
    const auto* call = std::get_if<ast::Call>(&condition.node);
    if (call != nullptr && call->function == "and") {
      for (const auto& part : call->arguments) {
        if (!bind(*part)) {
          return false;
        }
      }
      return true;
    }
    if (call == nullptr || call->function != "==" || call->arguments.size() != 2) {
      return refuse(condition.span);
    }
    const bool is_turned = is_member_of(*call->arguments[0], right_);
    const auto& a = *call->arguments[is_turned ? 1 : 0];
    const auto& b = *call->arguments[is_turned ? 0 : 1];
    if (!is_member_of(a, left_) || !is_member_of(b, right_)) {
      return refuse(condition.span);
    }
    return add(member(a, left_), member(b, right_), condition.span);
  }

private:
  auto refuse(Span span) -> bool {
    binder_.report(span,
                   Code::bad_join_condition,
                   "expected a column of both sides, or an equation of them",
                   "write `on Id`, or `on $left.Id == $right.Key`");
    return false;
  }

  static auto is_member_of(const ast::Expression& expression, const Side& side) -> bool {
    const auto* call = std::get_if<ast::Call>(&expression.node);
    const auto* object = call != nullptr && call->function == "[]" && call->is_operator
                             ? std::get_if<ast::Name>(&call->arguments[0]->node)
                             : nullptr;
    return object != nullptr && object->text == side.name;
  }

  auto member(const ast::Expression& expression, const Side& side) -> ExpressionPtr {
    const auto& key = *std::get<ast::Call>(expression.node).arguments[1];
    const auto* name = std::get_if<ast::Constant>(&key.node);
    return name == nullptr
               ? nullptr
               : column(side, std::string{name->value.text()}, expression.span, Code::unknown_name);
  }

  auto column(const Side& side, const std::string& name, Span span, Code missing) -> ExpressionPtr {
    const auto index = side.schema.find(name);
    if (!index) {
      if (&side == &left_) {
        binder_.infer(name);
      }
      binder_.report(span, missing, fmt::format("`{}` has no column `{}`", side.name, name));
      return nullptr;
    }
    return make_reference(side.schema, *index, span);
  }

  auto add(ExpressionPtr left, ExpressionPtr right, Span span) -> bool {
    if (left == nullptr || right == nullptr) {
      return false;
    }
    const auto type = common_type(left->type, right->type);
    if (type == Type::dynamic) {
      binder_.report(
          span,
          left->type == right->type ? Code::join_on_dynamic : Code::join_types,
          left->type == right->type
              ? std::string{"rows cannot be joined on a dynamic value"}
              : fmt::format("a {} cannot equal a {}", to_text(left->type), to_text(right->type)),
          "convert it, for example with tostring()");
      return false;
    }
    join_.keys.emplace_back(ExpressionBinder::converted(std::move(left), type),
                            ExpressionBinder::converted(std::move(right), type));
    return true;
  }

  PipelineBinder& binder_;
  Join& join_;
  Side left_;
  Side right_;
};

/// The right side's columns under names that nothing has.
void add_right(const Schema& left, const Schema& right, Schema& output) {
  std::set<std::string, std::less<>> taken;
  for (const auto* side : {&left, &right}) {
    for (const auto& column : side->columns) {
      taken.insert(column.name);
    }
  }
  for (auto column : right.columns) {
    if (left.find(column.name)) {
      int number = 1;
      while (taken.contains(column.name + std::to_string(number))) {
        ++number;
      }
      column.name += std::to_string(number);
      taken.insert(column.name);
    }
    output.columns.push_back(std::move(column));
  }
}

/// A lookup leaves out the right side's keys.
auto without_right_keys(PlanPtr plan) -> PlanPtr {
  const auto& join = std::get<Join>(plan->node);
  const auto width = join.left->output.columns.size();
  std::set<std::size_t> keys;
  for (const auto& [left, right] : join.keys) {
    const auto* call = std::get_if<Call>(&right->node);
    const auto& column = call == nullptr ? *right : *call->arguments.front();
    keys.insert(std::get<ColumnRef>(column.node).index);
  }
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < plan->output.columns.size(); ++i) {
    if (i < width || !keys.contains(i - width)) {
      kept.push_back(i);
    }
  }
  auto picked = pick_columns(std::move(plan), kept);
  return picked;
}

} // namespace

auto bind_join(PipelineBinder& binder, PlanPtr input, const ast::Join& op, Span span) -> PlanPtr {
  auto right = binder.rows_of(*op.right);
  if (right == nullptr) {
    return nullptr;
  }
  const bool is_right_open = is_open(right->output);
  Join join{kind_of(op), without_hidden(std::move(input)), without_hidden(std::move(right)), {}};
  if (op.on.empty() && op.kind != "cross") {
    binder.report(span, Code::missing_expression, "a join needs `on` with the columns to compare");
    return nullptr;
  }
  KeyBinder keys{binder, join};
  for (const auto& condition : op.on) {
    if (!keys.bind(*condition)) {
      return nullptr;
    }
  }
  const auto kind = join.kind;
  const auto left = join.left->output;
  Schema output = gives_left(kind) ? left : join.right->output;
  if (gives_left(kind) && gives_right(kind)) {
    add_right(left, join.right->output, output);
  }
  auto plan = make_plan(std::move(output), std::move(join));
  plan = op.is_lookup ? without_right_keys(std::move(plan)) : std::move(plan);
  return is_right_open && gives_right(kind) ? with_unknown(std::move(plan), {}) : std::move(plan);
}

} // namespace sluice::kql
