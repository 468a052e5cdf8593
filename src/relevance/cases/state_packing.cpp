// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/state_packing.hpp"

#include <cstdint>

#include "relevance/cases/state_codec.hpp"

namespace sluice::relevance {
namespace {

/// Before the members of a state, so that a later release can tell an earlier one's.
constexpr std::uint8_t state_version = 1;

/// In the memory that is there, if it fits: a million of them may be held.
void put(std::string_view written, std::string& bytes) {
  constexpr std::size_t spare = 32;
  if (bytes.capacity() < written.size() || bytes.capacity() > written.size() + 2 * spare) {
    std::string fitting;
    fitting.reserve(written.size() + spare);
    bytes.swap(fitting); // An assignment might keep the memory that does not fit.
  }
  bytes.assign(written);
}

template <class State>
void write(const State& state, std::string& bytes) {
  thread_local std::string buffer;
  StateWriter writer{buffer};
  writer(state_version, state);
  put(writer.written(), bytes);
}

template <class State>
auto read(std::string_view bytes, State& state) -> bool {
  StateReader reader{bytes};
  std::uint8_t version = 0;
  reader(version, state);
  return reader.good() && version == state_version;
}

} // namespace

void pack(const AlertState& state, std::string& bytes) {
  write(state, bytes);
}

void pack(const InvestigationState& state, std::string& bytes) {
  write(state, bytes);
}

auto unpack(std::string_view bytes, AlertState& state) -> bool {
  return read(bytes, state);
}

auto unpack(std::string_view bytes, InvestigationState& state) -> bool {
  return read(bytes, state);
}

} // namespace sluice::relevance
