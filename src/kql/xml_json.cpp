// SPDX-License-Identifier: Apache-2.0
#include "kql/xml_json.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include <expat.h>

#include "base/check.hpp"
#include "base/json_text.hpp"

namespace sluice::kql {
namespace {

constexpr std::size_t max_bytes = 128 * 1024; // Documented.
constexpr std::size_t max_depth = 90;

/// An element that is being read: its members by name, in the order of their first appearance.
class Element {
public:
  explicit Element(std::string name) : name_{std::move(name)} {}

  [[nodiscard]] auto name() const -> const std::string& { return name_; }

  void add(const std::string& name, std::string json) {
    auto member = std::ranges::find(members_, name, &Member::name);
    if (member == members_.end()) {
      member = members_.insert(members_.end(), {name, {}});
    }
    member->values.push_back(std::move(json));
  }
  void add_text(std::string_view text) { text_ += text; }

  /// Text between elements is a member of its own; blanks are none.
  void end_text() {
    if (text_.find_first_not_of(" \t\r\n") != std::string::npos) {
      add("#text", json_quoted(text_));
    }
    text_.clear();
  }

  [[nodiscard]] auto json(bool closes_itself) const -> std::string {
    if (members_.empty()) {
      return closes_itself ? "null" : "\"\"";
    }
    const auto& first = members_.front();
    if (members_.size() == 1 && first.name == "#text" && first.values.size() == 1) {
      return first.values.front();
    }
    std::string json;
    for (const auto& member : members_) {
      json += json.empty() ? "{" : ",";
      json += json_quoted(member.name) + ":" + json_of(member.values);
    }
    return json + "}";
  }

private:
  struct Member {
    std::string name;
    std::vector<std::string> values;
  };

  static auto json_of(const std::vector<std::string>& values) -> std::string {
    if (values.size() == 1) {
      return values.front();
    }
    std::string json;
    for (const auto& value : values) {
      json += (json.empty() ? "[" : ",") + value;
    }
    return json + "]";
  }

  std::string name_;
  std::vector<Member> members_;
  std::string text_;
};

class Reader {
public:
  Reader() : parser_{XML_ParserCreate("UTF-8")} {
    CHECK(parser_ != nullptr);
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), begin, end);
    XML_SetCharacterDataHandler(parser_.get(), text);
    XML_SetEntityDeclHandler(parser_.get(), entity);
    XML_SetXmlDeclHandler(parser_.get(), declaration);
    open_.emplace_back("");
  }

  auto read(std::string_view xml) -> std::optional<std::string> {
    const auto status = XML_Parse(parser_.get(), xml.data(), static_cast<int>(xml.size()), 1);
    return status == XML_STATUS_OK ? std::optional{open_.front().json(true)} : std::nullopt;
  }

private:
  static auto self(void* data) -> Reader& { return *static_cast<Reader*>(data); }

  static void begin(void* data, const XML_Char* name, const XML_Char** attributes) {
    auto& reader = self(data);
    reader.open_.back().end_text();
    reader.open_.emplace_back(name);
    for (; *attributes != nullptr; attributes += 2) {
      reader.open_.back().add(std::string{"@"} + attributes[0], json_quoted(attributes[1]));
    }
    if (reader.open_.size() > max_depth) {
      XML_StopParser(reader.parser_.get(), XML_FALSE);
    }
  }

  static void end(void* data, const XML_Char*) {
    auto& reader = self(data);
    auto element = std::move(reader.open_.back());
    reader.open_.pop_back();
    element.end_text();
    const bool closes_itself = XML_GetCurrentByteCount(reader.parser_.get()) == 0;
    reader.open_.back().add(element.name(), element.json(closes_itself));
  }

  static void text(void* data, const XML_Char* text, int size) {
    self(data).open_.back().add_text({text, static_cast<std::size_t>(size)});
  }

  static void declaration(void* data, const XML_Char* version, const XML_Char* encoding, int) {
    Element xml{"?xml"};
    if (version == nullptr) {
      return;
    }
    xml.add("@version", json_quoted(version));
    if (encoding != nullptr) {
      xml.add("@encoding", json_quoted(encoding));
    }
    self(data).open_.front().add("?xml", xml.json(true));
  }

  /// Entities can make much of little.
  static void entity(void* data,
                     const XML_Char*,
                     int,
                     const XML_Char*,
                     int,
                     const XML_Char*,
                     const XML_Char*,
                     const XML_Char*,
                     const XML_Char*) {
    XML_StopParser(self(data).parser_.get(), XML_FALSE);
  }

  struct Free {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
  };
  std::unique_ptr<std::remove_pointer_t<XML_Parser>, Free> parser_;
  std::vector<Element> open_; ///< The first is the document itself.
};

} // namespace

auto xml_to_json(std::string_view xml) -> std::optional<std::string> {
  return xml.empty() || xml.size() > max_bytes ? std::nullopt : Reader{}.read(xml);
}

} // namespace sluice::kql
