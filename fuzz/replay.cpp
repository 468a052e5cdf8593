// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

extern "C" auto LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) -> int;

/// Runs the fuzz target once over each file of the corpus folder that is its only argument, where
/// libFuzzer is not linked in. A folder without files is a failure: it would prove nothing.
auto main(int argc, char** argv) -> int {
  std::size_t inputs = 0;
  std::error_code problem;
  const std::filesystem::path folder = argc == 2 ? argv[1] : "";
  for (const auto& entry : std::filesystem::directory_iterator{folder, problem}) {
    std::ifstream file{entry.path(), std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    std::cerr << "replaying " << entry.path() << '\n';
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    ++inputs;
  }
  std::cerr << inputs << " inputs replayed from " << folder << '\n';
  return inputs > 0 ? 0 : 1;
}
