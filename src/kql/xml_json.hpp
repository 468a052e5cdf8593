// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::kql {

/// An XML document as canonical JSON, as `parse_xml` reads it (documented):
///
/// | XML | JSON |
/// |---|---|
/// | `<e/>` | `{"e":null}` |
/// | `<e>text</e>` | `{"e":"text"}` |
/// | `<e a="1">text</e>` | `{"e":{"@a":"1","#text":"text"}}` |
/// | `<e><a>1</a><a>2</a></e>` | `{"e":{"a":["1","2"]}}` |
///
/// Nothing when it is no well-formed document, is longer than 128 KiB, nests deeper than 90 levels
/// or declares entities.
[[nodiscard]] auto xml_to_json(std::string_view xml) -> std::optional<std::string>;

} // namespace sluice::kql
