// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <re2/re2.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"
#include "kql/open_type.hpp"
#include "kql/regex_pattern.hpp"
#include "kql/text_match.hpp"

namespace sluice::kql {
namespace {

/// The whole pattern of `parse` as one regular expression with a group for each column. In simple
/// mode what lies between two texts is as short as can be, and the last column takes the rest; in
/// regex mode columns are greedy unless the flag U turns that around (observed).
class PatternText {
public:
  explicit PatternText(const ast::Parse& op) : op_{op} {}

  /// Empty when a column is followed by `*` and where it ends cannot be told.
  auto build() -> std::string {
    std::string flags = is_regex() ? "" : "s";
    for (const char flag : is_regex() ? op_.flags : std::string{}) {
      flags += flag == 'U' || flag == 'i' || flag == 'm' || flag == 's' ? std::string{flag} : "";
    }
    std::string text = flags.empty() ? "^" : "(?" + flags + ")^";
    for (std::size_t i = 0; i < op_.pieces.size(); ++i) {
      const auto one = piece(i);
      if (one.empty()) {
        return {};
      }
      text += one;
    }
    return is_regex() ? text : text + "$";
  }

private:
  [[nodiscard]] auto is_regex() const -> bool { return op_.kind == ast::Parse::Kind::regex; }

  auto piece(std::size_t place) -> std::string {
    const bool is_last = place + 1 == op_.pieces.size();
    const auto& node = op_.pieces[place].node;
    if (std::holds_alternative<ast::Star>(node)) {
      return is_last ? "(?s:.*)" : "(?s-U:.*?)";
    }
    if (const auto* literal = std::get_if<ast::ExpressionPtr>(&node)) {
      const std::string text{std::get<ast::Constant>((*literal)->node).value.text()};
      return is_regex() ? "(?:" + to_re2(text) + ")" : "(?:" + re2::RE2::QuoteMeta(text) + ")";
    }
    const auto inner = column(std::get<ast::TypedColumn>(node).type, place);
    return inner.empty() ? inner : fmt::format("(?P<column{}>{})", columns_++, inner);
  }

  auto column(Type type, std::size_t place) -> std::string {
    const bool is_last = place + 1 == op_.pieces.size();
    if (is_regex()) {
      return is_integer(type) ? "[-+]?\\d+" : type == Type::real ? "[-+]?\\d+(?:\\.\\d+)?" : ".*";
    }
    if (!is_last && std::holds_alternative<ast::Star>(op_.pieces[place + 1].node)) {
      return is_integer(type) ? "[-+]?\\d*" : type == Type::real ? "[-+]?\\d*(?:\\.\\d+)?" : "";
    }
    return is_last ? ".*" : ".*?";
  }

  int columns_ = 0;
  const ast::Parse& op_;
};

auto member(const Schema& schema, std::size_t captures, std::int64_t place, Type type)
    -> ExpressionPtr {
  std::vector<ExpressionPtr> arguments;
  arguments.push_back(make_reference(schema, captures));
  arguments.push_back(make_literal(Value::int64(place)));
  return ExpressionBinder::converted(make_call("[]", Type::dynamic, std::move(arguments)), type);
}

/// The input with one column more, which has what was found.
auto with_captures(PlanPtr input, ExpressionPtr captures) -> PlanPtr {
  auto output = input->output;
  auto columns = all_references(output);
  output.columns.push_back({"captures", Type::dynamic});
  columns.push_back(std::move(captures));
  return make_plan(std::move(output), Project{std::move(input), std::move(columns)});
}

auto text_argument(PipelineBinder& binder, const Plan& input, const ast::Expression& expression)
    -> ExpressionPtr {
  const auto scope = binder.scope(input.output);
  auto text = binder.expressions(scope).bind(expression);
  if (text != nullptr && text->type != Type::string && text->type != Type::dynamic &&
      text->type != unknown_type) {
    binder.report(expression.span,
                  Code::wrong_type,
                  fmt::format("only a string can be parsed, this is a {}", to_text(text->type)),
                  "write tostring(...) around it");
    return nullptr;
  }
  return text == nullptr ? nullptr : ExpressionBinder::converted(std::move(text), Type::string);
}

/// Takes the captures apart into typed columns, and drops the column that had them.
auto columns_of(PlanPtr plan, const std::vector<ast::TypedColumn>& wanted) -> PlanPtr {
  const auto captures = plan->output.columns.size() - 1;
  Schema output = plan->output;
  output.columns.pop_back();
  auto columns = all_references(output);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    set_column(output,
               columns,
               wanted[i].name.text,
               member(plan->output, captures, static_cast<std::int64_t>(i), wanted[i].type));
  }
  return make_plan(std::move(output), Project{std::move(plan), std::move(columns)});
}

auto matches_only(PlanPtr plan) -> PlanPtr {
  auto output = plan->output;
  std::vector<ExpressionPtr> arguments;
  arguments.push_back(make_reference(output, output.columns.size() - 1));
  auto condition = make_call("isnotnull", Type::boolean, std::move(arguments));
  return make_plan(std::move(output), Filter{std::move(plan), std::move(condition)});
}

auto check_pieces(PipelineBinder& binder, const ast::Parse& op) -> bool {
  bool after_text = false;
  for (std::size_t i = 0; i < op.pieces.size(); ++i) {
    const auto& piece = op.pieces[i];
    if (const auto* literal = std::get_if<ast::ExpressionPtr>(&piece.node)) {
      const auto* constant = std::get_if<ast::Constant>(&(*literal)->node);
      if (constant == nullptr || constant->value.type() != Type::string) {
        binder.report((*literal)->span, Code::wrong_type, "expected a text");
        return false;
      }
    }
    const bool is_star = std::holds_alternative<ast::Star>(piece.node);
    if (is_star && after_text) {
      binder.report(op.text->span,
                    Code::ambiguous_star,
                    "where a string column ends cannot be told when `*` follows it");
      return false;
    }
    const auto* column = std::get_if<ast::TypedColumn>(&piece.node);
    after_text = column != nullptr && column->type == Type::string;
  }
  return true;
}

} // namespace

auto bind_parse(PipelineBinder& binder, PlanPtr input, const ast::Parse& op) -> PlanPtr {
  auto text = text_argument(binder, *input, *op.text);
  if (text == nullptr || !check_pieces(binder, op)) {
    return nullptr;
  }
  std::vector<ast::TypedColumn> wanted;
  std::string types = op.kind == ast::Parse::Kind::relaxed ? "relaxed" : "strict";
  for (const auto& piece : op.pieces) {
    if (const auto* column = std::get_if<ast::TypedColumn>(&piece.node)) {
      wanted.push_back(*column);
      types += " " + std::string{to_text(column->type)};
    }
  }
  const auto pattern = PatternText{op}.build();
  if (pattern.empty()) {
    binder.report(op.text->span,
                  Code::not_supported,
                  "a column before `*` that is no number is not supported",
                  "put the text that ends it between them");
    return nullptr;
  }
  if (regular_expression(pattern) == nullptr) {
    binder.report(op.text->span, Code::bad_regex, "this is not a regular expression (RE2 syntax)");
    return nullptr;
  }
  std::vector<ExpressionPtr> arguments;
  arguments.push_back(std::move(text));
  arguments.push_back(make_literal(Value::string(pattern)));
  arguments.push_back(make_literal(Value::string(types)));
  auto plan =
      with_captures(std::move(input), make_call("parse_text", Type::dynamic, std::move(arguments)));
  return columns_of(op.keeps_matches_only ? matches_only(std::move(plan)) : std::move(plan),
                    wanted);
}

auto bind_parse_kv(PipelineBinder& binder, PlanPtr input, const ast::ParseKv& op) -> PlanPtr {
  auto text = text_argument(binder, *input, *op.text);
  if (text == nullptr) {
    return nullptr;
  }
  std::vector<ExpressionPtr> options;
  for (const auto& option : op.options) {
    auto value = binder.constant(*option.value);
    if (!value || option.names.size() != 1) {
      return nullptr;
    }
    options.push_back(make_literal(Value::string(option.names.front().text)));
    options.push_back(make_literal(*std::move(value)));
  }
  std::vector<ExpressionPtr> names;
  for (const auto& column : op.columns) {
    names.push_back(make_literal(Value::string(column.name.text)));
  }
  std::vector<ExpressionPtr> arguments;
  arguments.push_back(std::move(text));
  arguments.push_back(make_call("pack_array", Type::dynamic, std::move(names)));
  arguments.push_back(make_call("bag_pack", Type::dynamic, std::move(options)));
  return columns_of(
      with_captures(std::move(input), make_call("parse_kv", Type::dynamic, std::move(arguments))),
      op.columns);
}

} // namespace sluice::kql
