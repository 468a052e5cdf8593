// SPDX-License-Identifier: Apache-2.0
#include "record/structural_index.hpp"

#include <algorithm>
#include <string>

#include <simdjson.h>

#include "base/check.hpp"

namespace sluice::record {
namespace {

auto bytes_of(const char* text) -> const std::uint8_t* {
  return reinterpret_cast<const std::uint8_t*>(text);
}

/// A character that a string may have and that outside of strings counts as what `c` counts as: the
/// stage takes form feed for a comma and 0x1A for a colon, and leaves it to others to look twice.
auto without_control(char c) -> char {
  switch (c) {
  case '\t':
  case '\n':
  case '\r':
    return ' ';
  case '\f':
    return ',';
  case '\x1A':
    return ':';
  default:
    return static_cast<unsigned char>(c) < 0x20 ? 'x' : c;
  }
}

auto ends_in_escape(const char* text, std::size_t size) -> bool {
  std::size_t backslashes = 0;
  while (backslashes < size && text[size - 1 - backslashes] == '\\') {
    ++backslashes;
  }
  return backslashes % 2 == 1;
}

} // namespace

class StructuralIndex::Stage {
public:
  Stage() {
    const auto error =
        simdjson::get_active_implementation()->create_dom_parser_implementation(0, 1, stage_);
    CHECK(error == simdjson::SUCCESS);
  }

  /// True when the text is clean.
  auto run(char* text, std::size_t size) -> bool {
    if (stage_->capacity() < size + slack) {
      CHECK(stage_->set_capacity(size + slack) == simdjson::SUCCESS);
    }
    auto error = index(text, size);
    if (error == simdjson::UNCLOSED_STRING) {
      // Close the string behind the text. A lone backslash at the end would take the first quote.
      const std::size_t quotes = ends_in_escape(text, size) ? 2 : 1;
      std::fill_n(text + size, quotes, '"');
      size += quotes;
      error = index(text, size);
    }
    if (error == simdjson::UNESCAPED_CHARS) {
      // The stage stops without telling where.
      scrubbed_.assign(text, size);
      std::ranges::transform(scrubbed_, scrubbed_.begin(), without_control);
      index(scrubbed_.data(), size);
      return false;
    }
    CHECK(error == simdjson::SUCCESS || error == simdjson::UTF8_ERROR || error == simdjson::EMPTY);
    return error != simdjson::UTF8_ERROR;
  }

  void end_with(std::uint32_t size) {
    while (count() > 0 && positions()[count() - 1] >= size) {
      --stage_->n_structural_indexes;
    }
    std::fill_n(stage_->structural_indexes.get() + count(), 3, size);
  }

  [[nodiscard]] auto positions() const -> const std::uint32_t* {
    return stage_->structural_indexes.get();
  }
  [[nodiscard]] auto count() const -> std::size_t { return stage_->n_structural_indexes; }

private:
  auto index(const char* text, std::size_t size) -> simdjson::error_code {
    stage_->n_structural_indexes = 0;
    return stage_->stage1(bytes_of(text), size, simdjson::stage1_mode::regular);
  }

  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage_;
  std::string scrubbed_;
};

StructuralIndex::StructuralIndex() : stage_{std::make_unique<Stage>()} {}
StructuralIndex::StructuralIndex(StructuralIndex&&) noexcept = default;
auto StructuralIndex::operator=(StructuralIndex&&) noexcept -> StructuralIndex& = default;
StructuralIndex::~StructuralIndex() = default;

void StructuralIndex::build(char* text, std::size_t size) {
  clean_ = stage_->run(text, size);
  stage_->end_with(static_cast<std::uint32_t>(size));
  text[size] = '\0';
}

auto StructuralIndex::positions() const noexcept -> const std::uint32_t* {
  return stage_->positions();
}

auto StructuralIndex::count() const noexcept -> std::size_t {
  return stage_->count();
}

} // namespace sluice::record
