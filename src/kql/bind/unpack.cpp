// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/plugins.hpp"
#include "kql/dynamic.hpp"

namespace sluice::kql {
namespace {

enum class Conflict : std::uint8_t { error, replace_source, keep_source };

auto call(std::string_view function, Type type, ExpressionPtr a, ExpressionPtr b = nullptr)
    -> ExpressionPtr {
  std::vector<ExpressionPtr> list;
  list.push_back(std::move(a));
  if (b != nullptr) {
    list.push_back(std::move(b));
  }
  return make_call(function, type, std::move(list));
}

/// The type of a column whose values are of these kinds, as `gettype` names them.
auto type_of(const std::set<std::string>& kinds) -> Type {
  constexpr auto known = std::to_array<std::pair<std::string_view, Type>>({
      {"long", Type::int64},
      {"real", Type::real},
      {"string", Type::string},
      {"bool", Type::boolean},
  });
  if (kinds.size() == 1) {
    for (const auto& [kind, type] : known) {
      if (kind == *kinds.begin()) {
        return type;
      }
    }
  }
  return Type::dynamic;
}

/// Binds `bag_unpack`: a column for each key of a bag.
class UnpackBinder {
public:
  UnpackBinder(PipelineBinder& binder, const ast::Evaluate& op)
      : binder_{binder},
        op_{op},
        arguments_{op.plugin} {}

  auto bind(PlanPtr input) -> PlanPtr {
    const auto& schema = input->output;
    const auto bag =
        plugin_column(binder_, schema, arguments_.find(0, ""), Type::dynamic, op_.plugin.name_span);
    if (!bag || !bind_options()) {
      return nullptr;
    }
    bag_ = *bag;
    auto columns = op_.schema ? written_columns() : found_columns(*input);
    auto plan = columns ? unpacked(std::move(input), *columns) : nullptr;
    return plan != nullptr && stays_open(binder_, op_) ? with_unknown(std::move(plan), {})
                                                       : std::move(plan);
  }

private:
  /// Places of the options change with what is written: they tell each other apart by type.
  auto bind_options() -> bool {
    const auto read = [&](std::size_t place, std::string_view name) -> std::optional<Value> {
      const auto* argument = arguments_.find(place, name);
      return argument == nullptr ? Value::string("") : binder_.constant(*argument);
    };
    const auto prefix = read(1, "OutputColumnPrefix");
    const auto conflict = read(2, "columnsConflict");
    const auto ignored = read(3, "ignoredProperties");
    if (!prefix || !conflict || !ignored) {
      return false;
    }
    prefix_ = prefix->text();
    conflict_ = conflict->text() == "replace_source" ? Conflict::replace_source
                : conflict->text() == "keep_source"  ? Conflict::keep_source
                                                     : Conflict::error;
    for (JsonItems item{ignored->text()}; item.next();) {
      ignored_.insert(json_to_text(item.value()));
    }
    return true;
  }

  /// Name and type of each column, in order of their names.
  using Columns = std::map<std::string, Type>;

  auto found_columns(const Plan& input) -> std::optional<Columns> {
    if (stays_open(binder_, op_)) {
      return Columns{};
    }
    const auto keys = keys_plan(input);
    const auto rows =
        keys == nullptr ? std::nullopt : probed_rows(binder_, *keys, op_.plugin.name_span);
    if (!rows) {
      return std::nullopt;
    }
    std::map<std::string, std::set<std::string>> kinds;
    for (const auto& row : *rows) {
      const std::string key{row[0].text()};
      if (!ignored_.contains(key) && row[1].text() != "null") {
        kinds[key].emplace(row[1].text());
      }
    }
    Columns columns;
    for (const auto& [key, seen] : kinds) {
      columns.emplace(prefix_ + key, type_of(seen));
    }
    return columns;
  }

  /// Each key of the bags with each kind of value that it has.
  auto keys_plan(const Plan& input) -> PlanPtr {
    auto rows = binder_.copy_of(input, op_.plugin.name_span);
    if (rows == nullptr) {
      return nullptr;
    }
    const auto schema = rows->output;
    auto kind = call("gettype", Type::string, make_reference(schema, bag_));
    auto is_bag =
        call("==", Type::boolean, std::move(kind), make_literal(Value::string("dictionary")));
    auto bags = make_plan(schema, Filter{std::move(rows), std::move(is_bag)});
    bags = pick_columns(std::move(bags), {bag_});
    Schema opened{{{"bag", Type::dynamic}, {"member", Type::dynamic}}};
    Expand expand{std::move(bags), {}, false, true, std::int64_t{1} << 20};
    expand.arrays.push_back(make_reference(opened, 0));
    auto members = make_plan(opened, std::move(expand));
    const auto part = [&](std::int64_t place) {
      return call(
          "[]", Type::dynamic, make_reference(opened, 1), make_literal(Value::int64(place)));
    };
    Summarize distinct{std::move(members), {}, {}};
    distinct.keys.push_back(ExpressionBinder::converted(part(0), Type::string));
    distinct.keys.push_back(call("gettype", Type::string, part(1)));
    return make_plan(Schema{{{"key", Type::string}, {"kind", Type::string}}}, std::move(distinct));
  }

  auto written_columns() -> std::optional<Columns> {
    Columns columns;
    for (const auto& column : op_.schema->columns) {
      columns.emplace(column.name.text, column.type);
    }
    return columns;
  }

  auto cell(const Schema& schema, const std::string& column, Type type) -> ExpressionPtr {
    const auto key = column.starts_with(prefix_) ? column.substr(prefix_.size()) : column;
    auto member =
        call("[]", Type::dynamic, make_reference(schema, bag_), make_literal(Value::string(key)));
    return ExpressionBinder::converted(std::move(member), type);
  }

  auto unpacked(PlanPtr input, const Columns& columns) -> PlanPtr {
    const auto& schema = input->output;
    Schema output;
    std::vector<ExpressionPtr> values;
    const auto add = [&](const Column& column, ExpressionPtr value) {
      output.columns.push_back(column);
      values.push_back(std::move(value));
    };
    const auto is_source = [&](const std::string& name) {
      const auto index = schema.find(name);
      return index && *index != bag_;
    };
    for (std::size_t i = 0; i < schema.columns.size(); ++i) {
      if (i != bag_ && (!op_.schema || op_.keeps_source) &&
          !columns.contains(schema.columns[i].name)) {
        add(schema.columns[i], make_reference(schema, i));
      }
    }
    const auto add_unpacked = [&](const std::string& name, Type type) {
      const bool clashes = is_source(name) && !op_.schema;
      if (clashes && conflict_ == Conflict::error) {
        return false;
      }
      if (clashes ? conflict_ == Conflict::keep_source : is_source(name)) {
        const auto index = *schema.find(name);
        add(schema.columns[index], make_reference(schema, index));
      } else {
        add({name, type}, cell(schema, name, type));
      }
      return true;
    };
    if (op_.schema) { // In the order in which they are written.
      for (const auto& column : op_.schema->columns) {
        static_cast<void>(add_unpacked(column.name.text, column.type));
      }
    } else {
      for (const auto& [name, type] : columns) {
        if (!add_unpacked(name, type)) {
          binder_.report(op_.plugin.name_span,
                         Code::duplicate_column,
                         fmt::format("the bag has a key `{}`, and so is a column called", name),
                         "say columnsConflict='replace_source' or 'keep_source'");
          return nullptr;
        }
      }
    }
    return make_plan(std::move(output), Project{std::move(input), std::move(values)});
  }

  PipelineBinder& binder_;
  const ast::Evaluate& op_;
  PluginArguments arguments_;
  std::size_t bag_ = 0;
  std::string prefix_;
  Conflict conflict_ = Conflict::error;
  std::set<std::string, std::less<>> ignored_;
};

} // namespace

auto bind_unpack(PipelineBinder& binder, PlanPtr input, const ast::Evaluate& op) -> PlanPtr {
  return UnpackBinder{binder, op}.bind(std::move(input));
}

} // namespace sluice::kql
