// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

#include "config/config.hpp"
#include "config/document.hpp"
#include "config/field.hpp"

namespace sluice::config {

/// Fills a `Config` from a document, guided by the option table.
///
/// Use: `read` once. Mistakes go to the list; the config is good only if none was added.
class Reader {
public:
  /// What is passed by reference must outlive the reader.
  Reader(Config& config, Diagnostics& diagnostics, const std::filesystem::path& folder)
      : config_{config},
        diagnostics_{diagnostics},
        folder_{folder} {}

  void read(const Node& root);

private:
  /// `node` is a mapping, or null: then only defaults are set. `prefix` as in `Field::parent`.
  void read_options(const Node* node, std::string_view prefix, std::string_view shown);
  void read_field(const Field& field, const Node& node);
  void read_section(const Field& field, const Node& node);
  void read_list(const Field& field, const Node& node);
  void read_list_element(const Field& field, const Node& element);
  void read_absent(const Field& field, const Node* parent, bool required, std::string_view shown);
  void refuse_unknown(const Node& node, std::string_view prefix, std::string_view shown);
  void refuse_misplaced(const Field& field, const Node& child);

  void note(Place place, std::string message, std::string hint = {});

  Config& config_;
  Diagnostics& diagnostics_;
  const std::filesystem::path& folder_;
};

} // namespace sluice::config
