// SPDX-License-Identifier: Apache-2.0
#include "identity/program_output.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sluice::identity {
namespace {

constexpr std::size_t most_bytes = 64 * 1024;
constexpr int poll_milliseconds = 100;

/// What the platform gives us to prove who we are is no other program's business.
constexpr std::array secret_variables{std::string_view{"IDENTITY_HEADER="},
                                      std::string_view{"MSI_SECRET="},
                                      std::string_view{"AZURE_CLIENT_SECRET="},
                                      std::string_view{"AZURE_CLIENT_CERTIFICATE_PASSWORD="},
                                      std::string_view{"AZURE_PASSWORD="},
                                      std::string_view{"CREDENTIALS_DIRECTORY="}};

/// Our own environment without these; ends with a null.
auto environment_of_child() -> std::vector<char*> {
  std::vector<char*> kept;
  for (char** each = ::environ; *each != nullptr; ++each) {
    const std::string_view variable{*each};
    if (std::ranges::none_of(secret_variables,
                             [&](auto name) { return variable.starts_with(name); })) {
      kept.push_back(*each);
    }
  }
  kept.push_back(nullptr);
  return kept;
}

/// A running program and the pipe that it writes to. It does not outlive this.
class Child {
public:
  Child(const Child&) = delete;
  auto operator=(const Child&) -> Child& = delete;
  Child() = default;
  ~Child() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      static_cast<void>(wait());
    }
    if (output_ >= 0) {
      ::close(output_);
    }
  }

  auto start(const std::vector<std::string>& words) -> bool {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      return false;
    }
    output_ = ends[0];
    std::vector<char*> arguments;
    for (const auto& word : words) {
      arguments.push_back(const_cast<char*>(word.c_str()));
    }
    arguments.push_back(nullptr);
    auto environment = environment_of_child();
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const auto failed = ::posix_spawnp(
        &pid_, arguments[0], &actions, nullptr, arguments.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    pid_ = failed == 0 ? pid_ : -1;
    return failed == 0;
  }

  [[nodiscard]] auto output() const noexcept -> int { return output_; }
  /// True when it ended well.
  auto wait() -> bool {
    int status = 0;
    const auto ended = ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

private:
  pid_t pid_ = -1;
  int output_ = -1;
};

auto failed(const std::string& program, std::string_view why) -> Error {
  return Error{ErrorKind::unavailable, fmt::format("the program {} {}", program, why)};
}

} // namespace

auto program_output(const std::vector<std::string>& words,
                    std::chrono::milliseconds total_time,
                    const std::stop_token& stop) -> Result<Secret> {
  Child child;
  if (!child.start(words)) {
    return failed(words.front(), "cannot be started");
  }
  const auto end = std::chrono::steady_clock::now() + total_time;
  std::string text(most_bytes, '\0'); // At once, so that no copy of a token is left behind.
  std::size_t size = 0;
  while (true) {
    pollfd ready{.fd = child.output(), .events = POLLIN, .revents = 0};
    ::poll(&ready, 1, poll_milliseconds);
    if (stop.stop_requested()) {
      return Error{ErrorKind::cancelled, "waiting for a program"};
    }
    if (std::chrono::steady_clock::now() > end) {
      return failed(words.front(), "takes too long");
    }
    if (ready.revents == 0) {
      continue;
    }
    const auto got = ::read(child.output(), text.data() + size, text.size() - size);
    if (got <= 0) {
      break;
    }
    size += static_cast<std::size_t>(got);
  }
  Secret output{std::move(text)};
  if (size == most_bytes) { // It may still be writing, so nobody waits for its end.
    return Error{ErrorKind::malformed, fmt::format("{} says too much", words.front())};
  }
  if (!child.wait()) {
    return failed(words.front(), "failed");
  }
  return Secret{std::string{output.reveal().substr(0, size)}};
}

} // namespace sluice::identity
