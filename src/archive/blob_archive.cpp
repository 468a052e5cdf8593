// SPDX-License-Identifier: Apache-2.0
#include "archive/blob_archive.hpp"

#include <utility>

#include <fmt/format.h>

#include "archive/blob_object.hpp"
#include "archive/object_archive.hpp"
#include "base/failpoint.hpp"
#include "base/parallel.hpp"

namespace sluice::archive {
namespace {

class BlobArchive final : public ObjectArchive {
public:
  BlobArchive(azure::BlobContainer container, std::stop_token stop, BlobArchiveOptions options)
      : container_{std::move(container)},
        stop_{std::move(stop)},
        options_{options} {}

  auto commit(std::span<std::unique_ptr<ObjectWriter>> writers) -> Result<> override;

  auto open(std::string_view name) -> Result<std::unique_ptr<ObjectReader>> override {
    TRY(auto first, first_part(name));
    return reader(name, std::move(first), std::nullopt);
  }

  auto open(const StoredObject& expected) -> Result<std::unique_ptr<ObjectReader>> override;
  auto list_raw(const std::function<auto(const RawObject&)->Result<>>& visit)
      -> Result<ListSummary> override;
  auto set_aside(std::string_view name) -> Result<> override;
  auto remove(std::string_view name) -> Result<> override;

private:
  auto begin(std::string name) -> Result<std::unique_ptr<ObjectWriter>> override {
    return std::make_unique<BlobWriter>(container_, stop_, std::move(name), options_.block_bytes);
  }
  auto reader(std::string_view name,
              azure::BlobPart first,
              std::optional<StoredObject> expected) const -> Result<std::unique_ptr<ObjectReader>> {
    return std::make_unique<BlobReader>(
        container_, stop_, std::string{name}, std::move(first), std::move(expected));
  }
  auto first_part(std::string_view name) const -> Result<azure::BlobPart>;
  auto place_all(std::span<BlobWriter* const> writers) const -> Result<>;
  auto copy(const std::string& from, const std::string& to) const -> Result<>;

  const azure::BlobContainer container_;
  const std::stop_token stop_;
  const BlobArchiveOptions options_;
};

auto is_missing_blob(const Error& error) -> bool {
  // A missing container is `gone` too, and would make every object look as if it had never been.
  return error.kind() == ErrorKind::gone && error.code() != "ContainerNotFound";
}

auto BlobArchive::first_part(std::string_view name) const -> Result<azure::BlobPart> {
  TRY_DO(check_object_name(name));
  auto first = container_.read(name, 0, BlobReader::part_bytes, {}, stop_);
  if (!first && is_missing_blob(first.error())) {
    return Error{ErrorKind::gone, fmt::format("there is no {} in the archive", name)};
  }
  if (!first) {
    return archive_error(std::move(first).error());
  }
  return first;
}

auto BlobArchive::commit(std::span<std::unique_ptr<ObjectWriter>> writers) -> Result<> {
  return commit_with<BlobWriter>(writers, [this](auto group) { return place_all(group); });
}

/// Sends many at once, since each is a wait for the service.
auto BlobArchive::place_all(std::span<BlobWriter* const> writers) const -> Result<> {
  return in_parallel(writers.size(), options_.parallel_commits, [&](std::size_t i) -> Result<> {
    TRY_DO(writers[i]->place());
    FAILPOINT("archive.between_renames");
    return {};
  });
}

auto BlobArchive::open(const StoredObject& expected) -> Result<std::unique_ptr<ObjectReader>> {
  TRY(auto first, first_part(expected.name));
  TRY_DO(check_bytes(expected, first.blob_bytes));
  return reader(expected.name, std::move(first), expected);
}

auto BlobArchive::list_raw(const std::function<auto(const RawObject&)->Result<>>& visit)
    -> Result<ListSummary> {
  ListSummary summary;
  Result<> visited;
  auto listed = container_.list(
      "raw/",
      [&](const azure::BlobFacts& blob) -> Result<> {
        auto parsed = parse_raw_name(blob.name);
        if (!parsed) {
          ++summary.strangers;
          return {};
        }
        ++summary.objects;
        visited = visit({.content = std::move(parsed->content),
                         .encoding = parsed->encoding,
                         .name = blob.name,
                         .bytes = blob.bytes});
        return visited;
      },
      stop_);
  if (!visited) {
    return std::move(visited).error();
  }
  if (!listed) {
    return archive_error(std::move(listed).error());
  }
  return summary;
}

/// Through this program, since a copy inside the service needs a proof for its source that not
/// every credential can give.
auto BlobArchive::copy(const std::string& from, const std::string& to) const -> Result<> {
  TRY(auto part, first_part(from));
  BlobWriter writer{container_, stop_, to, options_.block_bytes};
  BlobReader source{container_, stop_, from, std::move(part), std::nullopt};
  std::vector<std::byte> buffer(options_.block_bytes);
  while (true) {
    TRY(const auto size, source.read(buffer));
    if (size == 0) {
      break;
    }
    TRY_DO(writer.append(std::span{buffer}.first(size)));
  }
  TRY_DO(writer.close());
  return writer.place();
}

auto BlobArchive::set_aside(std::string_view name) -> Result<> {
  TRY_DO(copy(std::string{name}, fmt::format("quarantine/{}", name)));
  return remove(name);
}

auto BlobArchive::remove(std::string_view name) -> Result<> {
  TRY_DO(check_object_name(name));
  auto removed = container_.remove(name, {}, stop_);
  if (!removed && !is_missing_blob(removed.error())) {
    return archive_error(std::move(removed).error());
  }
  return {};
}

} // namespace

auto open_blob_archive(azure::BlobContainer container,
                       std::stop_token stop,
                       BlobArchiveOptions options) -> Result<std::unique_ptr<Archive>> {
  auto made = container.create(stop);
  // Who may only use it was not asked to make it.
  if (!made && made.error().kind() != ErrorKind::forbidden) {
    return archive_error(std::move(made).error());
  }
  return std::make_unique<BlobArchive>(std::move(container), std::move(stop), options);
}

} // namespace sluice::archive
