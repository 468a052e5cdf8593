// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "kql/parser/parser.hpp"

namespace sluice::kql {

/// Operators that open arrays, and those that call something over a whole table. False when the
/// name is none of theirs.
auto Parser::array_operator(const ast::Identifier& name, ast::Operator& op) -> bool {
  if (name.text == "mv-expand" || name.text == "mvexpand") {
    op.node = expansion(name.text);
  } else if (name.text == "mv-apply" || name.text == "mvapply") {
    op.node = mv_apply();
  } else if (name.text == "partition") {
    op.node = partition();
  } else if (name.text == "evaluate") {
    op.node = evaluate();
  } else if (name.text == "invoke") {
    op.node = ast::Invoke{plain_call()};
  } else {
    return false;
  }
  return true;
}

auto Parser::expansion(std::string_view spelling) -> ast::MvExpand {
  constexpr std::array<std::string_view, 3> known{"kind", "bagexpansion", "with_itemindex"};
  ast::MvExpand expand;
  expand.old_spelling = spelling == "mvexpand";
  for (const auto& [name, value] : settings(known)) {
    if (name == "with_itemindex") {
      expand.index_column = value.text;
    } else {
      expand.bags_to_arrays = value.text == "array";
    }
  }
  do {
    ast::Expansion one;
    one.item = item();
    if (tokens_.accept("to")) {
      tokens_.expect("typeof");
      tokens_.expect("(");
      one.type = type_name();
      tokens_.expect(")");
    }
    expand.items.push_back(std::move(one));
  } while (tokens_.accept(","));
  if (tokens_.accept("limit")) {
    expand.limit = expression();
  }
  return expand;
}

auto Parser::mv_apply() -> ast::MvApply {
  ast::MvApply apply;
  apply.expand = expansion("mv-apply");
  tokens_.expect("on");
  tokens_.expect("(");
  apply.subquery = sub_pipeline();
  tokens_.expect(")");
  return apply;
}

auto Parser::partition() -> ast::Partition {
  constexpr std::array<std::string_view, 1> known{"kind"};
  ast::Partition partition;
  static_cast<void>(settings(known));
  tokens_.expect("by");
  const auto key = identifier();
  partition.key = make_expression(key.span, ast::Name{key.text});
  if (tokens_.accept("{")) {
    partition.subquery = std::make_unique<ast::Pipeline>(pipeline());
    tokens_.expect("}");
  } else {
    tokens_.expect("(");
    partition.subquery = sub_pipeline();
    tokens_.expect(")");
  }
  return partition;
}

auto Parser::evaluate() -> ast::Evaluate {
  ast::Evaluate evaluate;
  evaluate.plugin = plain_call();
  if (tokens_.accept(":")) {
    ast::TypeOf schema;
    if (tokens_.is("(") && tokens_.is("*", 1)) {
      tokens_.next();
      tokens_.next();
      evaluate.keeps_source = true;
      if (!tokens_.is(",")) {
        tokens_.expect(")");
        return evaluate;
      }
      schema.columns = typed_columns(",", ")");
    } else {
      schema.columns = typed_columns("(", ")");
    }
    evaluate.schema = std::move(schema);
  }
  return evaluate;
}

auto Parser::plain_call() -> ast::Call {
  const auto name = identifier();
  ast::Call made{name.text, name.span, {}, false};
  static_cast<void>(arguments(made));
  return made;
}

} // namespace sluice::kql
