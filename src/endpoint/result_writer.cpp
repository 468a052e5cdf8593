// SPDX-License-Identifier: Apache-2.0
#include "endpoint/result_writer.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "endpoint/cell_text.hpp"
#include "endpoint/error_reply.hpp"

namespace sluice::endpoint {
namespace {

/// Pieces of the body are given on when they have this size.
constexpr std::size_t piece_bytes = std::size_t{64} * 1024;

constexpr std::string_view no_visualization =
    R"({"Visualization":null,"Title":null,"XColumn":null,"Series":null,"YColumns":null})";

/// What all forms share: gathering pieces, rows with commas between them, the bound.
class GatheringWriter : public ResultWriter {
public:
  GatheringWriter(Emit emit, std::uint64_t max_bytes)
      : emit_{std::move(emit)},
        max_bytes_{max_bytes} {}

  auto row(std::span<const kql::Value> values) -> Result<> override {
    const auto before = piece_.size();
    piece_ += rows_++ == 0 ? "[" : ",[";
    for (std::size_t i = 0; i < values.size(); ++i) {
      piece_ += i == 0 ? "" : ",";
      piece_ += to_json(values[i]);
    }
    piece_ += ']';
    written_ += piece_.size() - before;
    if (max_bytes_ != 0 && written_ > max_bytes_) {
      piece_.resize(before);
      --rows_;
      return Error{ErrorKind::invalid_input,
                   fmt::format("the rows have more than {} bytes together", max_bytes_)}
          .with_code("E_QUERY_RESULT_SET_TOO_LARGE")
          .with_hint("narrow the query, or set notruncation");
    }
    return piece_.size() < piece_bytes ? Result<>{} : give();
  }

protected:
  template <class... Arguments>
  void add(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(piece_), format, std::forward<Arguments>(arguments)...);
  }
  void add_text(std::string_view text) { piece_ += text; }

  void add_columns(const kql::Schema& schema, bool with_data_type) {
    add_text(R"("Columns":[)");
    for (std::size_t i = 0; i < schema.columns.size(); ++i) {
      const auto& column = schema.columns[i];
      add("{}{{\"ColumnName\":{},", i == 0 ? "" : ",", json_quoted(column.name));
      if (with_data_type) {
        add("\"DataType\":\"{}\",", data_type_name(column.type));
      }
      add("\"ColumnType\":\"{}\"}}", kql::to_text(column.type));
    }
    add_text("]");
  }
  [[nodiscard]] auto rows() const noexcept -> std::uint64_t { return rows_; }

  auto give() -> Result<> { return piece_.empty() ? Result<>{} : emit_(std::exchange(piece_, {})); }

private:
  Emit emit_;
  const std::uint64_t max_bytes_;
  std::uint64_t written_ = 0;
  std::uint64_t rows_ = 0;
  std::string piece_;
};

class CommandWriter : public GatheringWriter {
public:
  using GatheringWriter::GatheringWriter;

  auto begin(const kql::Schema& schema) -> Result<> override {
    add_text(R"({"Tables":[{"TableName":"Table_0",)");
    add_columns(schema, true);
    add_text(R"(,"Rows":[)");
    return {};
  }
  auto finish(const Completion&) -> Result<> override {
    add_text("]}]}");
    return give();
  }
};

/// The tables that follow the rows are those that clients look for: properties, status and a table
/// of contents, which is the last (observed in the clients' source).
class V1Writer final : public CommandWriter {
public:
  using CommandWriter::CommandWriter;

  auto finish(const Completion& completion) -> Result<> override {
    std::string failure;
    if (completion.failure) {
      failure = json_quoted(to_failure(*completion.failure).message);
      add("{}{{\"Exceptions\":[{}]}}", rows() == 0 ? "" : ",", failure);
    }
    add_text(R"(]},)");
    static const kql::Schema properties{{{"Value", kql::Type::string}}};
    add_table("Table_1", properties, fmt::format("[{}]", json_quoted(no_visualization)));
    static const kql::Schema status{{{"Timestamp", kql::Type::datetime},
                                     {"Severity", kql::Type::int32},
                                     {"SeverityName", kql::Type::string},
                                     {"StatusCode", kql::Type::int32},
                                     {"StatusDescription", kql::Type::string},
                                     {"Count", kql::Type::int32},
                                     {"RequestId", kql::Type::guid},
                                     {"ActivityId", kql::Type::guid},
                                     {"SubActivityId", kql::Type::guid},
                                     {"ClientActivityId", kql::Type::string}}};
    add_table("Table_2",
              status,
              fmt::format(R"(["{0}",{1},1,"{2}","{2}","{2}",{3}])",
                          to_iso8601(completion.now, 7),
                          failure.empty()
                              ? std::string{R"(4,"Info",0,"Query completed successfully")"}
                              : fmt::format(R"(2,"Error",-2133196797,{})", failure),
                          completion.activity_id,
                          json_quoted(completion.client_request_id)));
    static const kql::Schema contents{{{"Ordinal", kql::Type::int64},
                                       {"Kind", kql::Type::string},
                                       {"Name", kql::Type::string},
                                       {"Id", kql::Type::string},
                                       {"PrettyName", kql::Type::string}}};
    add_table("Table_3",
              contents,
              R"([0,"QueryResult","PrimaryResult","0",""],)"
              R"([1,"QueryProperties","@ExtendedProperties","1",""],)"
              R"([2,"QueryStatus","QueryStatus","2",""])",
              true);
    add_text("]");
    if (!failure.empty()) {
      add(R"(,"Exceptions":[{}])", failure);
    }
    add_text("}");
    return give();
  }

private:
  void add_table(std::string_view name,
                 const kql::Schema& schema,
                 std::string_view rows,
                 bool last = false) {
    add(R"({{"TableName":"{}",)", name);
    add_columns(schema, true);
    add(R"(,"Rows":[{}]}}{})", rows, last ? "" : ",");
  }
};

auto completion_schema() -> const kql::Schema& {
  static const kql::Schema schema{{{"Timestamp", kql::Type::datetime},
                                   {"ClientRequestId", kql::Type::string},
                                   {"ActivityId", kql::Type::guid},
                                   {"SubActivityId", kql::Type::guid},
                                   {"ParentActivityId", kql::Type::guid},
                                   {"Level", kql::Type::int32},
                                   {"LevelName", kql::Type::string},
                                   {"StatusCode", kql::Type::int32},
                                   {"StatusCodeName", kql::Type::string},
                                   {"EventType", kql::Type::int32},
                                   {"EventTypeName", kql::Type::string},
                                   {"Payload", kql::Type::string}}};
  return schema;
}

auto completion_row(const Completion& completion) -> std::string {
  const auto failed = completion.failure.has_value();
  const auto text = failed ? to_failure(*completion.failure).message
                           : std::string{"Query completed successfully"};
  const auto payload = fmt::format(R"({{"Count":1,"Text":{}}})", json_quoted(text));
  return fmt::format(R"(["{}",{},"{}","{}","{}",{},4,"QueryInfo",{}])",
                     to_iso8601(completion.now, 7),
                     json_quoted(completion.client_request_id),
                     completion.activity_id,
                     completion.activity_id,
                     completion.activity_id,
                     failed ? R"=(2,"Error",-2133196797,"E_QUERY_RESULT_SET_TOO_LARGE (80DA0003)")="
                            : R"=(4,"Info",0,"S_OK (0)")=",
                     json_quoted(payload));
}

/// The order of the frames and of their keys is fixed: one client reads them in no other.
class V2Writer final : public GatheringWriter {
public:
  V2Writer(Emit emit, std::uint64_t max_bytes, bool fragmented)
      : GatheringWriter{std::move(emit), max_bytes},
        fragmented_{fragmented} {}

  auto begin(const kql::Schema& schema) -> Result<> override {
    add(R"([{{"FrameType":"DataSetHeader","IsProgressive":false,"Version":"v2.0"{}}})",
        fragmented_ ? R"(,"IsFragmented":true,"ErrorReportingPlacement":"EndOfTable")" : "");
    static const kql::Schema properties{
        {{"TableId", kql::Type::int32}, {"Key", kql::Type::string}, {"Value", kql::Type::dynamic}}};
    add_frame(R"("DataTable","TableId":0,"TableKind":"QueryProperties",)"
              R"("TableName":"@ExtendedProperties",)");
    add_columns(properties, false);
    add(R"(,"Rows":[[1,"Visualization",{}]]}})", json_quoted(no_visualization));
    add_frame(
        fmt::format(R"("{}","TableId":1,"TableKind":"PrimaryResult","TableName":"PrimaryResult",)",
                    fragmented_ ? "TableHeader" : "DataTable"));
    add_columns(schema, false);
    if (fragmented_) {
      add_text("}");
      add_frame(R"("TableFragment","TableFragmentType":"DataAppend","TableId":1,"Rows":[)");
    } else {
      add_text(R"(,"Rows":[)");
    }
    return {};
  }

  auto finish(const Completion& completion) -> Result<> override {
    std::string errors;
    if (completion.failure && !completion.deferred) {
      errors = fmt::format(R"("OneApiErrors":[{{"error":{}}}])",
                           one_api_error(to_failure(*completion.failure), completion.activity_id));
    }
    end_rows(errors);
    if (errors.empty()) {
      add_frame(R"("DataTable","TableId":2,"TableKind":"QueryCompletionInformation",)"
                R"("TableName":"QueryCompletionInformation",)");
      add_columns(completion_schema(), false);
      add(R"(,"Rows":[{}]}})", completion_row(completion));
    }
    add_frame(R"("DataSetCompletion",)");
    add(R"("HasErrors":{},"Cancelled":false{}{}}}{}])",
        !errors.empty(),
        errors.empty() ? "" : ",",
        errors,
        fragmented_ ? "\n" : "");
    return give();
  }

private:
  void add_frame(std::string_view rest) {
    add(R"({},{{"FrameType":{})", fragmented_ ? "\n" : "", rest);
  }

  void end_rows(const std::string& errors) {
    if (!fragmented_) {
      if (!errors.empty()) {
        add("{}{{{}}}", rows() == 0 ? "" : ",", errors);
      }
      add_text("]}");
      return;
    }
    add_text("]}");
    add_frame(fmt::format(R"("TableCompletion","TableId":1,"RowCount":{}{}{}}})",
                          rows(),
                          errors.empty() ? "" : ",",
                          errors));
  }

  const bool fragmented_;
};

} // namespace

auto make_result_writer(ResultForm form, ResultWriter::Emit emit, std::uint64_t max_bytes)
    -> std::unique_ptr<ResultWriter> {
  switch (form) {
  case ResultForm::v1:
    return std::make_unique<V1Writer>(std::move(emit), max_bytes);
  case ResultForm::v1_command:
    return std::make_unique<CommandWriter>(std::move(emit), max_bytes);
  case ResultForm::v2:
  case ResultForm::v2_fragmented:
    break;
  }
  return std::make_unique<V2Writer>(std::move(emit), max_bytes, form == ResultForm::v2_fragmented);
}

} // namespace sluice::endpoint
