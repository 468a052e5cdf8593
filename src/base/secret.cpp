// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include <cstring>
#include <utility>

namespace sluice {
namespace {

void wipe_text(std::string& text) noexcept {
  text.resize(text.capacity());
  explicit_bzero(text.data(), text.size());
  text.clear();
}

} // namespace

Secret::Secret(std::string&& text) : text_{text} {
  wipe_text(text);
}

auto Secret::operator=(const Secret& other) -> Secret& {
  if (this != &other) {
    wipe();
    text_ = other.text_;
  }
  return *this;
}

Secret::Secret(Secret&& other) noexcept : text_{other.text_} {
  other.wipe();
}

auto Secret::operator=(Secret&& other) noexcept -> Secret& {
  if (this != &other) {
    wipe();
    text_ = other.text_;
    other.wipe();
  }
  return *this;
}

Secret::~Secret() {
  wipe();
}

void Secret::wipe() noexcept {
  wipe_text(text_);
}

} // namespace sluice
