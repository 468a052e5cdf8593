// SPDX-License-Identifier: Apache-2.0
#include "ledger/schema.hpp"

#include <array>

#include <fmt/format.h>

namespace sluice::ledger::sqlite {
namespace {

/// "Sluc" in the file's header, so that `file` and we know a ledger when we see one.
constexpr std::int64_t application_id = 0x536C7563;

/// Times are ticks of 100 ns since year 1. `state` is `ledger::State`.
constexpr const char* version_1 = R"sql(
CREATE TABLE tenants (
  tenant_no INTEGER PRIMARY KEY,
  tenant    TEXT NOT NULL UNIQUE
);
CREATE TABLE feeds (
  feed_no      INTEGER PRIMARY KEY,
  tenant_no    INTEGER NOT NULL,
  content_type TEXT NOT NULL,
  watermark    INTEGER,
  start_after   INTEGER,
  late         INTEGER NOT NULL DEFAULT 0,
  UNIQUE (tenant_no, content_type)
);
CREATE TABLE contents (
  content_no    INTEGER PRIMARY KEY,
  feed_no       INTEGER NOT NULL,
  content_id    TEXT NOT NULL,
  created       INTEGER NOT NULL,
  expiration    INTEGER NOT NULL,
  listed_at     INTEGER NOT NULL,
  state         INTEGER NOT NULL DEFAULT 0,
  attempts      INTEGER NOT NULL DEFAULT 0,
  next_attempt  INTEGER NOT NULL DEFAULT 0,
  code          TEXT NOT NULL DEFAULT '',
  reason        TEXT NOT NULL DEFAULT '',
  generation    INTEGER NOT NULL DEFAULT 0,
  collected_at  INTEGER,
  records       INTEGER NOT NULL DEFAULT 0,
  kept          INTEGER NOT NULL DEFAULT 0,
  dropped       INTEGER NOT NULL DEFAULT 0,
  duplicate     INTEGER NOT NULL DEFAULT 0,
  quarantined   INTEGER NOT NULL DEFAULT 0,
  raw_name      TEXT,
  raw_bytes     INTEGER,
  raw_sha256    BLOB,
  staged_name   TEXT,
  staged_bytes  INTEGER,
  staged_sha256 BLOB,
  duplicates    BLOB NOT NULL DEFAULT x'',
  UNIQUE (feed_no, content_id)
);
CREATE INDEX contents_waiting ON contents (expiration, content_no) WHERE state = 0;
CREATE INDEX contents_undelivered ON contents (created, content_id, content_no) WHERE state = 1;
CREATE INDEX contents_quarantined ON contents (content_no) WHERE state = 4;
-- Who owns a record id: 16 bytes of a GUID, or the SHA-256 of any other text.
CREATE TABLE claims (
  tenant_no  INTEGER NOT NULL,
  record_key BLOB NOT NULL,
  content_no INTEGER NOT NULL,
  PRIMARY KEY (tenant_no, record_key)
) WITHOUT ROWID;
-- The same the other way round, one row a content: much cheaper than an index over all claims.
CREATE TABLE owned (
  content_no INTEGER PRIMARY KEY,
  claimed_at INTEGER NOT NULL,
  keys       BLOB NOT NULL
);
CREATE INDEX owned_since ON owned (claimed_at);
CREATE TABLE rule_counts (
  content_no INTEGER NOT NULL,
  rule       TEXT NOT NULL,
  matched    INTEGER NOT NULL,
  PRIMARY KEY (content_no, rule)
) WITHOUT ROWID;
CREATE TABLE destinations (
  destination_no INTEGER PRIMARY KEY,
  name           TEXT NOT NULL UNIQUE,
  active         INTEGER NOT NULL
);
CREATE TABLE deliveries (
  content_no     INTEGER NOT NULL,
  destination_no INTEGER NOT NULL,
  generation     INTEGER NOT NULL,
  PRIMARY KEY (content_no, destination_no)
) WITHOUT ROWID;
CREATE TABLE findings (
  finding_no INTEGER PRIMARY KEY,
  feed_no    INTEGER NOT NULL,
  entry      TEXT NOT NULL,
  why        TEXT NOT NULL,
  last_seen  INTEGER NOT NULL,
  times      INTEGER NOT NULL,
  UNIQUE (feed_no, entry, why)
);
CREATE TABLE memory (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;
)sql";

/// Cases. `correlated` is one more than the generation that was correlated.
constexpr const char* version_2 = R"sql(
ALTER TABLE contents ADD COLUMN correlated INTEGER NOT NULL DEFAULT 0;
CREATE INDEX contents_uncorrelated ON contents (created, content_id, content_no)
  WHERE staged_name IS NOT NULL AND state IN (1, 2) AND correlated <= generation;
CREATE TABLE correlation_state (
  key   TEXT PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE cases (
  sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
  organization TEXT NOT NULL,
  case_id      TEXT NOT NULL,
  version      INTEGER NOT NULL,
  told_at      INTEGER NOT NULL,
  row          TEXT NOT NULL,
  UNIQUE (case_id, version)
);
CREATE TABLE case_deliveries (
  destination_no INTEGER PRIMARY KEY,
  sequence       INTEGER NOT NULL
);
CREATE TABLE case_findings (
  kind      TEXT NOT NULL,
  text      TEXT NOT NULL,
  times     INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  PRIMARY KEY (kind, text)
) WITHOUT ROWID;
INSERT INTO memory (name, value) VALUES ('case_epoch', lower(hex(randomblob(16))));
)sql";

/// Step n takes version n to n + 1. A released step is never changed; a change is a new one.
constexpr std::array steps = {version_1, version_2};

auto version_of(Database& database) -> Result<std::int64_t> {
  TRY(const auto version, database.number("PRAGMA user_version"));
  TRY(const auto application, database.number("PRAGMA application_id"));
  TRY(const auto tables, database.number("SELECT count(*) FROM sqlite_schema"));
  if (tables != 0 && application != application_id) {
    return Error{ErrorKind::invalid_input, "the file is a database, but not a ledger"}.with_hint(
        "name another file for the ledger");
  }
  if (version.value_or(0) > std::ssize(steps)) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("the ledger has version {}, this program knows up to {}",
                             *version,
                             steps.size())}
        .with_hint("use the newer program that made it");
  }
  return version.value_or(0);
}

} // namespace

auto migrate(Database& database) -> Result<> {
  TRY(auto transaction, Transaction::begin(database));
  TRY(const auto version, version_of(database));
  if (version == std::ssize(steps)) {
    return {};
  }
  for (auto step = static_cast<std::size_t>(version); step < steps.size(); ++step) {
    TRY_DO(database.script(steps[step]));
  }
  TRY_DO(database.script(fmt::format(
      "PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, steps.size())));
  return transaction.commit();
}

auto check_version(Database& database) -> Result<> {
  TRY(const auto version, version_of(database));
  if (version != std::ssize(steps)) {
    return Error{
        ErrorKind::invalid_input,
        fmt::format("the ledger has version {}, this program needs {}", version, steps.size())}
        .with_hint("`sluice run` brings it up to date");
  }
  return {};
}

} // namespace sluice::ledger::sqlite
