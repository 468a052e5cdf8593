// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "endpoint/shared_store.hpp"

namespace sluice::endpoint {
namespace {

using std::chrono::milliseconds;

class SharedStoreTest : public testing::Test {
protected:
  SharedStoreTest() {
    auto pattern = (std::filesystem::temp_directory_path() / "sluice-shared-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~SharedStoreTest() override { std::filesystem::remove_all(directory_); }

  /// Another process, which wants the store for itself once `begin_other` was called; it ends well
  /// when it had it.
  void start_other() {
    ASSERT_EQ(::pipe(pipe_), 0);
    other_ = ::fork();
    if (other_ == 0) {
      char go = 0;
      ::close(pipe_[1]);
      static_cast<void>(::read(pipe_[0], &go, 1));
      SystemClock clock;
      for (int i = 0; i < 400; ++i) {
        if (store::Store::open(directory_, {})) {
          ::_exit(0);
        }
        clock.wait(milliseconds{50}, {});
      }
      ::_exit(1);
    }
  }
  void begin_other() const { ASSERT_EQ(::write(pipe_[1], "g", 1), 1); }
  [[nodiscard]] auto other_had_it() const -> bool {
    int status = 1;
    ::waitpid(other_, &status, 0);
    return status == 0;
  }

  std::filesystem::path directory_;
  SystemClock clock_;
  int pipe_[2] = {-1, -1};
  pid_t other_ = -1;
};

TEST_F(SharedStoreTest, readers_that_overlap_leave_another_process_its_turn) {
  start_other();
  SharedStore shared{{.directory = directory_,
                      .turn = milliseconds{50},
                      .pause = milliseconds{300},
                      .overlap = milliseconds{200}},
                     clock_};
  ASSERT_TRUE(shared.change({}));
  std::atomic<int> reads{0};
  std::jthread readers[2]; // Stopped before what they count in is gone.
  for (int i = 0; i < 2; ++i) {
    readers[i] = std::jthread{[&, i](const std::stop_token& stop) {
      clock_.wait(milliseconds{20 * i}, stop);
      while (!stop.stop_requested()) {
        const auto lease = shared.read({});
        reads += lease ? 1 : 0;
        clock_.wait(milliseconds{40}, stop);
      }
    }};
  }
  begin_other();
  EXPECT_TRUE(other_had_it());
  EXPECT_GT(reads, 2);
}

TEST_F(SharedStoreTest, changes_without_a_pause_leave_readers_their_turn) {
  SharedStore shared{{.directory = directory_}, clock_};
  std::atomic<int> changes{0};
  std::vector<std::jthread> changing;
  for (int i = 0; i < 3; ++i) {
    changing.emplace_back([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const auto lease = shared.change({});
        changes += lease ? 1 : 0;
        clock_.wait(milliseconds{1}, stop);
      }
    });
  }
  while (changes < 10) {
    std::this_thread::yield();
  }
  for (int i = 0; i < 20; ++i) {
    const int before = changes;
    const auto lease = shared.read({});
    ASSERT_TRUE(lease);
    EXPECT_LE(changes - before, 8);
  }
}

TEST_F(SharedStoreTest, who_stops_waiting_keeps_nobody_from_it) {
  SharedStore shared{{.directory = directory_}, clock_};
  auto first = shared.change({});
  ASSERT_TRUE(first);
  std::stop_source stop;
  std::jthread waiting{
      [&] { EXPECT_EQ(shared.change(stop.get_token()).error().kind(), ErrorKind::cancelled); }};
  stop.request_stop();
  waiting.join();
  {
    const auto ended = std::move(*first);
  }
  EXPECT_TRUE(shared.read({}));
}

} // namespace
} // namespace sluice::endpoint
