// SPDX-License-Identifier: Apache-2.0
#include <numeric>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/lookup_pairs.hpp"
#include "kql/bind/operators.hpp"
#include "kql/bind/plugins.hpp"

namespace sluice::kql {
namespace {

/// Binds `ipv4_lookup` and `ipv6_lookup`: each row with each network of a table that its address
/// lies in.
class IpLookupBinder {
public:
  IpLookupBinder(PipelineBinder& binder, const ast::Evaluate& op)
      : binder_{binder},
        op_{op},
        arguments_{op.plugin},
        is_v6_{op.plugin.function == "ipv6_lookup"} {}

  auto bind(PlanPtr input) -> PlanPtr {
    const auto span = op_.plugin.name_span;
    auto networks = lookup_table(binder_, op_, "networks");
    if (networks == nullptr) {
      return nullptr;
    }
    const auto address =
        plugin_column(binder_, input->output, arguments_.find(1, ""), Type::string, span);
    const auto network =
        plugin_column(binder_, networks->output, arguments_.find(2, ""), Type::string, span);
    const auto keeps_all = returns_unmatched();
    if (!address || !network || !keeps_all) {
      return nullptr;
    }
    auto rows = *keeps_all ? binder_.copy_of(*input, span) : nullptr;
    auto found = matched(std::move(input), std::move(networks), *address, *network);
    if (*keeps_all) {
      found = with_unmatched(binder_, std::move(found), std::move(rows), {*address}, span);
    }
    return found == nullptr ? nullptr : placed(std::move(found));
  }

private:
  auto returns_unmatched() -> std::optional<bool> {
    const auto* argument = arguments_.find(3, "return_unmatched");
    if (argument == nullptr) {
      return false;
    }
    if (arguments_.size() > 4 || std::holds_alternative<ast::Name>(argument->node)) {
      binder_.report(argument->span, Code::not_supported, "further keys are not supported here");
      return std::nullopt;
    }
    const auto value = binder_.constant(*argument);
    return value ? std::optional{value->type() == Type::boolean && !value->is_null() &&
                                 value->as_boolean()}
                 : std::nullopt;
  }

  auto matched(PlanPtr rows, PlanPtr networks, std::size_t address, std::size_t network)
      -> PlanPtr {
    width_ = rows->output.columns.size();
    auto pairs = all_pairs(std::move(rows), std::move(networks));
    auto schema = pairs->output;
    std::vector<ExpressionPtr> operands;
    operands.push_back(make_reference(schema, address));
    operands.push_back(make_reference(schema, width_ + network));
    auto lies_in =
        make_call(is_v6_ ? "ipv6_is_match" : "ipv4_is_match", Type::boolean, std::move(operands));
    return make_plan(std::move(schema), Filter{std::move(pairs), std::move(lies_in)});
  }

  /// ipv6_lookup gives the networks' columns first (observed).
  auto placed(PlanPtr plan) -> PlanPtr {
    if (!is_v6_) {
      return plan;
    }
    std::vector<std::size_t> indexes(plan->output.columns.size() - width_);
    std::iota(indexes.begin(), indexes.end(), width_);
    for (std::size_t i = 0; i < width_; ++i) {
      indexes.push_back(i);
    }
    return pick_columns(std::move(plan), indexes);
  }

  PipelineBinder& binder_;
  const ast::Evaluate& op_;
  PluginArguments arguments_;
  bool is_v6_;
  std::size_t width_ = 0;
};

} // namespace

auto bind_ip_lookup(PipelineBinder& binder, PlanPtr input, const ast::Evaluate& op) -> PlanPtr {
  return IpLookupBinder{binder, op}.bind(std::move(input));
}

} // namespace sluice::kql
