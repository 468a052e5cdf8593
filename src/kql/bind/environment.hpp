// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "kql/ast.hpp"
#include "kql/plan.hpp"

/// Private to the binder: what names mean besides columns.
namespace sluice::kql {

struct Frame;
/// The names that are visible somewhere, the newest first. Shared, because every `let` keeps those
/// that stood before it.
using Environment = std::shared_ptr<const Frame>;

/// A table or an expression that is bound anew wherever it is used.
struct LateBinding {
  const ast::Expression* value = nullptr;
  Environment environment; ///< Where it was written.
};
struct FunctionBinding {
  const ast::Function* function = nullptr;
  Environment environment;
};
/// A value that a query has to find out, or an argument that stands for columns of a row.
struct ScalarBinding {
  std::shared_ptr<const Expression> value;
};
/// Rows that exist already: what `invoke` passes on, what `as` names.
struct RowsBinding {
  std::shared_ptr<const Plan> plan;
};

struct Frame {
  Environment outer;
  std::string name;
  std::variant<Value, ScalarBinding, LateBinding, FunctionBinding, RowsBinding> meaning;
};

[[nodiscard]] inline auto find_name(const Environment& environment, std::string_view name)
    -> const Frame* {
  for (const auto* frame = environment.get(); frame != nullptr; frame = frame->outer.get()) {
    if (frame->name == name) {
      return frame;
    }
  }
  return nullptr;
}

} // namespace sluice::kql
