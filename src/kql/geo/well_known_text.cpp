// SPDX-License-Identifier: Apache-2.0
#include "kql/geo/well_known_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "kql/geo/geo_json.hpp"

namespace sluice::kql {
namespace {

constexpr int deepest = 20;

class Reader {
public:
  explicit Reader(std::string_view text) : rest_{text} {}

  auto geometry(int depth = 0) -> std::optional<std::string> {
    const auto type = word();
    if (type == "POINT") {
      const auto places = path();
      return places && places->size() == 1 ? std::optional{point_json(places->front())}
                                           : std::nullopt;
    }
    if (type == "MULTIPOINT") {
      return written(list<Place>([this] { return bracketed_place(); }), multi_point_json);
    }
    if (type == "LINESTRING") {
      const auto places = path();
      return places ? std::optional{paths_json({*places})} : std::nullopt;
    }
    if (type == "MULTILINESTRING") {
      return written(rings(), multi_line_json);
    }
    if (type == "POLYGON") {
      const auto area = rings();
      return area ? std::optional{areas_json({*area})} : std::nullopt;
    }
    if (type == "MULTIPOLYGON") {
      return written(list<Rings>([this] { return rings(); }), multi_area_json);
    }
    if (type == "GEOMETRYCOLLECTION" && depth < deepest) {
      return written(list<std::string>([this, depth] { return geometry(depth + 1); }),
                     geometries_json);
    }
    return std::nullopt;
  }
  auto is_at_end() -> bool {
    skip_blanks();
    return rest_.empty();
  }

private:
  template <class Item>
  static auto written(const std::optional<std::vector<Item>>& items,
                      std::string (*write)(const std::vector<Item>&))
      -> std::optional<std::string> {
    return items ? std::optional{write(*items)} : std::nullopt;
  }

  /// `(item, item, ...)`
  template <class Item, class Read>
  auto list(const Read& read) -> std::optional<std::vector<Item>> {
    std::vector<Item> items;
    if (!accept('(')) {
      return std::nullopt;
    }
    do {
      auto item = read();
      if (!item) {
        return std::nullopt;
      }
      items.push_back(*std::move(item));
    } while (accept(','));
    return accept(')') ? std::optional{std::move(items)} : std::nullopt;
  }

  auto path() -> std::optional<Path> {
    return list<Place>([this] { return place(); });
  }
  auto rings() -> std::optional<Rings> {
    return list<Path>([this] { return path(); });
  }
  auto place() -> std::optional<Place> {
    const auto longitude = number();
    const auto latitude = longitude ? number() : std::nullopt;
    return latitude ? std::optional{Place{*longitude, *latitude}} : std::nullopt;
  }
  /// Of several points each may stand in brackets of its own.
  auto bracketed_place() -> std::optional<Place> {
    const bool is_bracketed = accept('(');
    const auto one = place();
    return one && (!is_bracketed || accept(')')) ? one : std::nullopt;
  }

  auto number() -> std::optional<double> {
    skip_blanks();
    double value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) {
      return std::nullopt;
    }
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }
  auto word() -> std::string {
    skip_blanks();
    std::string letters;
    while (!rest_.empty() && ((rest_.front() >= 'A' && rest_.front() <= 'Z') ||
                              (rest_.front() >= 'a' && rest_.front() <= 'z'))) {
      letters += static_cast<char>(rest_.front() & ~0x20);
      rest_.remove_prefix(1);
    }
    return letters;
  }
  auto accept(char wanted) -> bool {
    skip_blanks();
    const bool is_there = rest_.starts_with(wanted);
    rest_.remove_prefix(is_there ? 1 : 0);
    return is_there;
  }
  void skip_blanks() {
    const auto begin = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(std::min(begin, rest_.size()));
  }

  std::string_view rest_;
};

} // namespace

auto well_known_text_to_json(std::string_view text) -> std::optional<std::string> {
  Reader reader{text};
  auto json = reader.geometry();
  return json && reader.is_at_end() ? json : std::nullopt;
}

} // namespace sluice::kql
