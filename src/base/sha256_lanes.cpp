// SPDX-License-Identifier: Apache-2.0
#include "base/sha256_lanes.hpp"

#include <utility>

#ifdef __x86_64__
#include <intel-ipsec-mb.h>
#endif

#include "base/check.hpp"

namespace sluice {

struct Sha256Lanes::Ticket::Text {
  std::vector<std::byte> bytes;
  Sha256 digest{};
  bool done = false;
  /// Keeps itself while the lanes have it.
  std::shared_ptr<Text> self;
};

#ifdef __x86_64__

class Sha256Lanes::Engine {
public:
  using Text = Ticket::Text;

  Engine() {
    CHECK(manager_ != nullptr);
    init_mb_mgr_auto(manager_.get(), nullptr);
    CHECK(imb_get_errno(manager_.get()) == 0);
  }
  Engine(const Engine&) = delete;
  auto operator=(const Engine&) -> Engine& = delete;
  ~Engine() {
    while (IMB_JOB* job = IMB_FLUSH_JOB(manager_.get())) {
      complete(*job);
    }
  }

  void begin(std::shared_ptr<Text> text) {
    IMB_JOB* job = IMB_GET_NEXT_JOB(manager_.get());
    *job = IMB_JOB{};
    job->cipher_mode = IMB_CIPHER_NULL;
    job->cipher_direction = IMB_DIR_ENCRYPT;
    job->chain_order = IMB_ORDER_HASH_CIPHER;
    job->hash_alg = IMB_AUTH_SHA_256;
    job->src = reinterpret_cast<const std::uint8_t*>(text->bytes.data());
    job->msg_len_to_hash_in_bytes = text->bytes.size();
    job->auth_tag_output = reinterpret_cast<std::uint8_t*>(text->digest.data());
    job->auth_tag_output_len_in_bytes = text->digest.size();
    job->user_data = text.get();
    text->self = text;
    job = IMB_SUBMIT_JOB(manager_.get());
    while (job != nullptr) {
      complete(*job);
      job = IMB_GET_COMPLETED_JOB(manager_.get());
    }
  }

  void finish(const Text& text) {
    while (!text.done) {
      IMB_JOB* job = IMB_FLUSH_JOB(manager_.get());
      CHECK(job != nullptr);
      complete(*job);
    }
  }

private:
  struct Free {
    void operator()(IMB_MGR* manager) const noexcept { free_mb_mgr(manager); }
  };

  static void complete(IMB_JOB& job) {
    CHECK(job.status == IMB_STATUS_COMPLETED);
    const auto text = std::move(static_cast<Text*>(job.user_data)->self);
    text->bytes = {};
    text->done = true;
  }

  std::unique_ptr<IMB_MGR, Free> manager_{alloc_mb_mgr(0)};
};

#else

/// Elsewhere processors have instructions for SHA.
class Sha256Lanes::Engine {
public:
  using Text = Ticket::Text;

  void begin(const std::shared_ptr<Text>& text) {
    text->digest = sha256(text->bytes);
    text->bytes = {};
    text->done = true;
  }
  void finish(const Text& text) { CHECK(text.done); }
};

#endif

Sha256Lanes::Sha256Lanes() : engine_{std::make_unique<Engine>()} {}
Sha256Lanes::~Sha256Lanes() = default;

auto Sha256Lanes::begin(std::vector<std::byte> text) -> Ticket {
  CHECK(text.size() <= longest);
  Ticket ticket;
  ticket.text_ = std::make_shared<Ticket::Text>();
  ticket.text_->bytes = std::move(text);
  if (ticket.text_->bytes.empty()) { // The library counts that as a mistake.
    ticket.text_->digest = sha256(std::string_view{});
    ticket.text_->done = true;
    return ticket;
  }
  const std::lock_guard lock{mutex_};
  engine_->begin(ticket.text_);
  return ticket;
}

auto Sha256Lanes::digest(const Ticket& ticket) -> Sha256 {
  const std::lock_guard lock{mutex_};
  engine_->finish(*ticket.text_);
  return ticket.text_->digest;
}

} // namespace sluice
