// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "http/client.hpp"

namespace sluice::app {

/// What one look at the world found.
struct Finding {
  std::string subject; ///< `tenant contoso`, `key vault`, `archive`.
  bool good = true;
  std::string detail;                        ///< One sentence.
  std::string fix = {};                      ///< What a person is to do; empty when all is well.
  ErrorKind kind = ErrorKind::invalid_input; ///< Of the trouble.
};

/// Looks at everything that `config` needs and that only the world can answer: which way each
/// sign-in goes, what roles it has and when its token ends; whether every secret can be read;
/// whether the archive can be written, and a cluster ingested into. It writes and deletes one small
/// object in a container; nothing else changes. Troubles are findings, never errors.
[[nodiscard]] auto examine(const config::Config& config, http::HttpClient& client, Clock& clock)
    -> std::vector<Finding>;

} // namespace sluice::app
