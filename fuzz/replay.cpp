// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>

extern "C" auto LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) -> int;

namespace {

void run_target(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

auto replay(const std::filesystem::path& folder) -> std::size_t {
  std::size_t inputs = 0;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator{folder, problem}) {
    std::ifstream file{entry.path(), std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    std::cerr << "replaying " << entry.path() << '\n';
    run_target(bytes);
    ++inputs;
  }
  return inputs;
}

auto run_random(std::chrono::seconds time, std::uint64_t seed) -> std::size_t {
  constexpr std::size_t longest = 96;
  std::cerr << "random inputs, seed " << seed << '\n';
  std::mt19937_64 random{seed};
  const auto end = std::chrono::steady_clock::now() + time;
  std::size_t inputs = 0;
  for (; std::chrono::steady_clock::now() < end; ++inputs) {
    std::string bytes(random() % longest, '\0');
    for (auto& byte : bytes) {
      byte = static_cast<char>(random());
    }
    run_target(bytes);
  }
  return inputs;
}

} // namespace

/// Where libFuzzer is not linked in, runs the target once over each file of a folder; then, for a
/// target that makes something sensible of any bytes, over random ones.
///
///   NAME_fuzz FOLDER [SECONDS [SEED]]
///
/// A folder without files is a failure: it would prove nothing.
auto main(int argc, char** argv) -> int {
  const std::filesystem::path folder = argc > 1 ? argv[1] : "";
  const auto replayed = replay(folder);
  std::cerr << replayed << " inputs replayed from " << folder << '\n';
  if (argc > 2) {
    const std::chrono::seconds time{std::strtol(argv[2], nullptr, 10)};
    const auto seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : std::random_device{}();
    std::cerr << run_random(time, seed) << " random inputs survived\n";
  }
  return replayed > 0 ? 0 : 1;
}
