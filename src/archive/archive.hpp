// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archive/object_name.hpp"
#include "base/date_time.hpp"
#include "base/result.hpp"
#include "base/sha256.hpp"

namespace sluice::archive {

/// An object of the archive, with what is needed to prove that it is still as it was written.
struct StoredObject {
  std::string name; ///< As `raw_name` or `staged_name` make it; unique in the archive.
  std::uint64_t bytes = 0;
  Sha256 sha256{};
};

/// Takes the bytes of one object. Nobody sees the object before `Archive::commit`.
///
/// Use:     `append` any number of times, `close` once, then hand the writer to `commit`. A writer
///          that is destroyed before that leaves nothing behind.
/// Threads: one at a time. Writers of different objects are independent.
class ObjectWriter {
public:
  ObjectWriter() = default;
  ObjectWriter(const ObjectWriter&) = delete;
  auto operator=(const ObjectWriter&) -> ObjectWriter& = delete;
  virtual ~ObjectWriter() = default;

  /// Errors: storage when the disk is full or failed; the writer can then only be destroyed.
  [[nodiscard]] virtual auto append(std::span<const std::byte> bytes) -> Result<> = 0;
  /// No more bytes will come: gives back the writer's memory. Nothing is durable yet. Calling it
  /// again changes nothing.
  /// Errors: as for `append`.
  [[nodiscard]] virtual auto close() -> Result<> = 0;
  /// Closes, and says what was written. The digests of many objects are cheaper when all of them
  /// are closed first. Calling it again gives the same answer.
  /// Errors: as for `append`.
  [[nodiscard]] virtual auto finish() -> Result<StoredObject> = 0;
};

/// Gives the bytes of one object in order.
///
/// Threads: one at a time.
class ObjectReader {
public:
  ObjectReader() = default;
  ObjectReader(const ObjectReader&) = delete;
  auto operator=(const ObjectReader&) -> ObjectReader& = delete;
  virtual ~ObjectReader() = default;

  /// Fills the front of `buffer` and says how much; 0 only at the end of the object.
  /// Errors: storage; corrupt at the end of an object that is not what `open` was told to expect.
  /// What was read before is then not to be trusted.
  [[nodiscard]] virtual auto read(std::span<std::byte> buffer) -> Result<std::size_t> = 0;
};

/// A raw object as a listing finds it.
struct RawObject {
  Content content;
  Encoding encoding = Encoding::identity;
  std::string name;
  std::uint64_t bytes = 0;
};

/// What a walk over the archive met.
struct ListSummary {
  std::uint64_t objects = 0;
  /// Files whose names are not ours. They are left alone.
  std::uint64_t strangers = 0;
};

/// Keeps raw contents as they were received and staged objects made from them. It alone is enough
/// to rebuild the ledger and every store.
///
/// Use:     `begin_raw` / `begin_staged`, fill and `close` the writers, `commit` them together,
///          and only then tell the ledger what `finish` said.
/// Threads: all members may be called from any thread. Readers and writers must not outlive it.
class Archive {
public:
  Archive() = default;
  Archive(const Archive&) = delete;
  auto operator=(const Archive&) -> Archive& = delete;
  virtual ~Archive() = default;

  /// Starts the raw object of `content`, whose bytes are kept exactly as they come. One that is
  /// there already is replaced as a whole by `commit`.
  /// Errors: invalid_input when a part of `content` cannot be in a name; storage.
  [[nodiscard]] virtual auto begin_raw(const Content& content, Encoding encoding)
      -> Result<std::unique_ptr<ObjectWriter>> = 0;
  /// Starts the staged object (NDJSON) of `content`. `generation` counts how often the rules were
  /// applied anew, so that a reader of the former one is never disturbed.
  /// Errors: as for `begin_raw`.
  [[nodiscard]] virtual auto begin_staged(const Content& content, std::uint32_t generation)
      -> Result<std::unique_ptr<ObjectWriter>> = 0;

  /// Makes all objects durable and visible, and uses the writers up. The cost of waiting for the
  /// disk is paid once for the whole group, so give it many. When it returns, a power cut loses
  /// none of them; a crash inside leaves any number of them visible, each of them whole. Every
  /// writer comes from this archive. Errors: storage, after which nothing is known about the group:
  /// stop the program and collect these contents again. A failed write to the disk is never tried
  /// twice.
  [[nodiscard]] virtual auto commit(std::span<std::unique_ptr<ObjectWriter>> writers)
      -> Result<> = 0;

  /// Opens an object without knowing what should be in it.
  /// Errors: gone when there is none; invalid_input for an impossible name; storage.
  [[nodiscard]] virtual auto open(std::string_view name)
      -> Result<std::unique_ptr<ObjectReader>> = 0;
  /// Opens an object and has the reader prove size and digest when it comes to the end.
  /// Errors: as above; corrupt at once when the size is wrong.
  [[nodiscard]] virtual auto open(const StoredObject& expected)
      -> Result<std::unique_ptr<ObjectReader>> = 0;

  /// Calls `visit` for each raw object, by tenant and content type, and within these by creation
  /// time and content id. Memory is that of one day of one type. Stops at the first error of
  /// `visit` and returns it.
  /// Errors: storage.
  [[nodiscard]] virtual auto list_raw(const std::function<auto(const RawObject&)->Result<>>& visit)
      -> Result<ListSummary> = 0;

  /// Moves a damaged object to where no reader looks (`quarantine/`) and keeps it for people.
  /// Errors: gone when there is none; storage.
  [[nodiscard]] virtual auto set_aside(std::string_view name) -> Result<> = 0;
  /// Removes an object that is no longer wanted, such as the staged object of an earlier
  /// generation. One that is not there is no error.
  /// Errors: invalid_input; storage.
  [[nodiscard]] virtual auto remove(std::string_view name) -> Result<> = 0;
};

/// The whole object in memory.
/// Errors: those of `open` and `read`; invalid_input when it is larger than `max_bytes`.
[[nodiscard]] auto read_whole(Archive& archive, const StoredObject& object, std::size_t max_bytes)
    -> Result<std::string>;

} // namespace sluice::archive
