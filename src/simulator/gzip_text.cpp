// SPDX-License-Identifier: Apache-2.0
#include "simulator/gzip_text.hpp"

#include <cstdint>
#include <vector>

#include <isa-l/igzip_lib.h>

#include "base/check.hpp"

namespace sluice::simulator {

auto gzip_text(std::string_view text) -> std::string {
  // Stored blocks, the worst case, add five bytes to every 64 KiB.
  std::string out(text.size() + text.size() / 1000 + 1024, '\0');
  std::vector<std::uint8_t> work(ISAL_DEF_LVL1_DEFAULT);
  isal_zstream stream;
  isal_deflate_stateless_init(&stream);
  stream.level = 1;
  stream.level_buf = work.data();
  stream.level_buf_size = static_cast<std::uint32_t>(work.size());
  stream.gzip_flag = IGZIP_GZIP;
  stream.end_of_stream = 1;
  stream.flush = NO_FLUSH;
  // The library does not write to its input; its header just does not say so.
  stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<std::uint32_t>(text.size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = static_cast<std::uint32_t>(out.size());
  const int outcome = isal_deflate_stateless(&stream);
  CHECK(outcome == COMP_OK);
  out.resize(stream.total_out);
  return out;
}

} // namespace sluice::simulator
