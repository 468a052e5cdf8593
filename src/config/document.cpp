// SPDX-License-Identifier: Apache-2.0
#include "config/document.hpp"

#include <algorithm>
#include <exception>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace sluice::config {
namespace {

constexpr std::size_t most_depth = 16;
constexpr std::size_t most_values = 20'000;

/// yaml-cpp counts from 0.
auto place_of(const YAML::Mark& mark, std::size_t length) -> Place {
  return {static_cast<std::size_t>(std::max(mark.line, 0)) + 1,
          static_cast<std::size_t>(std::max(mark.column, 0)) + 1,
          std::max<std::size_t>(length, 1)};
}

/// Builds the tree from the parser's events. Aliases are never followed, so a small text cannot
/// become a large tree.
class TreeBuilder final : public YAML::EventHandler {
public:
  TreeBuilder(Node& root, Diagnostics& diagnostics) : root_{root}, diagnostics_{diagnostics} {}

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    add({.kind = Node::Kind::null, .place = place_of(mark, 1)});
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    diagnostics_.push_back({place_of(mark, 1), "aliases (*) are not supported", "write it out"});
    add({.kind = Node::Kind::null, .place = place_of(mark, 1)});
  }

  void OnScalar(const YAML::Mark& mark,
                const std::string& tag,
                YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    const auto quotes = tag == "!" ? 2U : 0U;
    add({.kind = Node::Kind::scalar,
         .place = place_of(mark, value.size() + quotes),
         .text = value});
  }

  void OnSequenceStart(const YAML::Mark& mark,
                       const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(Node::Kind::sequence, mark, tag, anchor);
  }
  void OnSequenceEnd() override { open_.pop_back(); }

  void OnMapStart(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(Node::Kind::mapping, mark, tag, anchor);
  }
  void OnMapEnd() override { open_.pop_back(); }

private:
  struct Open {
    Node* node;
    /// Of a mapping: the key that waits for its value.
    std::optional<Node> key;
  };

  void
  open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (!open_.empty() && open_.back().node->kind == Node::Kind::mapping && !open_.back().key) {
      throw YAML::ParserException{mark, "a key must be a text"};
    }
    if (open_.size() == most_depth) {
      throw YAML::ParserException{mark, fmt::format("nested deeper than {}", most_depth)};
    }
    open_.push_back({add({.kind = kind, .place = place_of(mark, 1)}), std::nullopt});
  }

  /// Puts the value where the events have come to, and says where that is. The pointer is good
  /// until the next value of the same parent, and by then the value is complete.
  auto add(Node node) -> Node* {
    if (++values_ > most_values) {
      throw YAML::ParserException{YAML::Mark::null_mark(),
                                  fmt::format("more than {} values", most_values)};
    }
    if (open_.empty()) {
      root_ = std::move(node);
      return &root_;
    }
    auto& [parent, key] = open_.back();
    if (parent->kind == Node::Kind::mapping && !key) {
      return begin_key(std::move(node));
    }
    if (key) {
      node.key = std::move(key->text);
      node.key_place = key->place;
      key.reset();
    }
    parent->children.push_back(std::move(node));
    return &parent->children.back();
  }

  auto begin_key(Node node) -> Node* {
    auto& [parent, key] = open_.back();
    if (const auto* earlier = parent->find(node.text); earlier != nullptr) {
      diagnostics_.push_back({node.place,
                              fmt::format("`{}` stands here twice", node.text),
                              fmt::format("the first is in line {}", earlier->key_place.line)});
    }
    key = std::move(node);
    return &*key;
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) {
      diagnostics_.push_back({place_of(mark, 1), "anchors (&) are not supported", "leave it out"});
    }
  }

  /// A plain value comes with `?`, a quoted one with `!`.
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!") {
      diagnostics_.push_back({place_of(mark, 1), "tags (!) are not supported", "leave it out"});
    }
  }

  Node& root_;
  Diagnostics& diagnostics_;
  std::vector<Open> open_;
  std::size_t values_ = 0;
};

} // namespace

auto Node::find(std::string_view child_key) const noexcept -> const Node* {
  const auto found = std::ranges::find(children, child_key, &Node::key);
  return kind == Kind::mapping && found != children.end() ? &*found : nullptr;
}

auto read_document(std::string_view text, Diagnostics& diagnostics) -> std::optional<Node> {
  Node root;
  try {
    std::istringstream stream{std::string{text}};
    YAML::Parser parser{stream};
    TreeBuilder builder{root, diagnostics};
    if (parser.HandleNextDocument(builder)) {
      Node second;
      TreeBuilder rest{second, diagnostics};
      if (parser.HandleNextDocument(rest)) {
        diagnostics.push_back({second.place, "a second document begins here", "remove the ---"});
      }
    }
  } catch (const YAML::Exception& error) {
    // what() would repeat the place; msg says only what was wrong.
    diagnostics.push_back({place_of(error.mark, 1), fmt::format("not YAML: {}", error.msg), ""});
    return std::nullopt;
  } catch (const std::exception& error) {
    diagnostics.push_back({{}, fmt::format("not YAML: {}", error.what()), ""});
    return std::nullopt;
  }
  if (root.kind == Node::Kind::null) {
    root.kind = Node::Kind::mapping;
  }
  return root;
}

} // namespace sluice::config
