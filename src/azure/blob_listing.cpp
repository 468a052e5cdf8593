// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <pugixml.hpp>

#include "azure/blob_container.hpp"

namespace sluice::azure {
namespace {

struct Page {
  std::vector<BlobFacts> blobs;
  std::string next_marker;
};

/// A name that XML cannot hold comes percent-encoded (documented, since 2021-02-12).
auto name_of(const pugi::xml_node& blob) -> std::string {
  const auto name = blob.child("Name");
  const std::string_view text = name.child_value();
  return name.attribute("Encoded").as_bool()
             ? http::percent_decoded(text).value_or(std::string{text})
             : std::string{text};
}

auto read_page(const std::string& body) -> Result<Page> {
  pugi::xml_document document;
  // A name of nothing but blanks is a name.
  const auto parsed = document.load_buffer(
      body.data(), body.size(), pugi::parse_default | pugi::parse_ws_pcdata_single);
  const auto root = document.child("EnumerationResults");
  if (!parsed || !root) {
    return Error{ErrorKind::malformed, "the listing of a container is not what it should be"};
  }
  Page page{.blobs = {}, .next_marker = root.child_value("NextMarker")};
  for (const auto& blob : root.child("Blobs").children("Blob")) {
    const auto properties = blob.child("Properties");
    page.blobs.push_back({.name = name_of(blob),
                          .bytes = properties.child("Content-Length").text().as_ullong(),
                          .etag = fmt::format("\"{}\"", properties.child_value("Etag"))});
  }
  return page;
}

} // namespace

auto BlobContainer::list(std::string_view prefix,
                         const std::function<auto(const BlobFacts&)->Result<>>& visit,
                         const std::stop_token& stop,
                         int page_size) const -> Result<> {
  std::string marker;
  do {
    http::Parameters query{{"restype", "container"},
                           {"comp", "list"},
                           {"prefix", std::string{prefix}},
                           {"maxresults", std::to_string(page_size)}};
    if (!marker.empty()) {
      query.emplace_back("marker", marker);
    }
    TRY(const auto response,
        resource_.send({.method = http::Method::get, .query = http::encoded(query)}, stop));
    TRY(auto page, read_page(response.body));
    for (const auto& blob : page.blobs) {
      TRY_DO(visit(blob));
    }
    if (page.next_marker == marker && !marker.empty()) {
      return Error{ErrorKind::malformed, "the listing of a container goes round in circles"};
    }
    marker = std::move(page.next_marker);
  } while (!marker.empty());
  return {};
}

} // namespace sluice::azure
