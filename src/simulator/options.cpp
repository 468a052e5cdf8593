// SPDX-License-Identifier: Apache-2.0
#include "simulator/options.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "simulator/option_value.hpp"

namespace sluice::simulator {
namespace {

auto set_listen(SimulatorOptions& options, std::string_view value) -> Result<> {
  const auto colon = std::min(value.rfind(':'), value.size());
  if (colon == value.size()) {
    return wrong(value, "of the form HOST:PORT");
  }
  TRY_DO(assign(options.port, value.substr(colon + 1)));
  options.host = value.substr(0, colon);
  return {};
}

auto set_roles(SimulatorOptions& options, std::string_view value) -> Result<> {
  options.roles.clear();
  while (!value.empty()) {
    const auto role = value.substr(0, std::min(value.find(','), value.size()));
    value.remove_prefix(std::min(role.size() + 1, value.size()));
    options.roles.emplace_back(role);
  }
  return {};
}

auto set_now(SimulatorOptions& options, std::string_view value) -> Result<> {
  options.now = parse_iso8601(value);
  return options.now ? Result<>{} : wrong(value, "a time such as 2026-08-30T12:00:00");
}

auto set_secret(SimulatorOptions& options, std::string_view value) -> Result<> {
  TRY(auto text, read_text(value));
  text.erase(text.find_last_not_of("\r\n \t") + 1);
  options.client_secret = Secret{std::move(text)};
  return {};
}

auto set_certificate(SimulatorOptions& options, std::string_view value) -> Result<> {
  TRY(options.client_certificate, read_text(value));
  return {};
}

// NOLINTBEGIN(bugprone-macro-parentheses): `field` is a member access.
#define FIELD(how, field)                                                                          \
  [](SimulatorOptions& options, std::string_view value) { return how(options.field, value); }
// NOLINTEND(bugprone-macro-parentheses)

constexpr std::array table{
    SimulatorOption{"listen",
                    "text",
                    "127.0.0.1:0",
                    "HOST:PORT to listen on; port 0 takes a free one.",
                    false,
                    set_listen},
    SimulatorOption{"certificate",
                    "file",
                    "",
                    "PEM certificate to serve https with; needs --key.",
                    false,
                    FIELD(assign, certificate_file)},
    SimulatorOption{"key", "file", "", "PEM key of --certificate.", false, FIELD(assign, key_file)},
    SimulatorOption{"connections",
                    "number",
                    "256",
                    "Connections served at once.",
                    false,
                    FIELD(assign_positive, connections)},
    SimulatorOption{"rtt",
                    "duration",
                    "0ms",
                    "Time that each reply is held back, as a far network would.",
                    false,
                    FIELD(assign, round_trip)},
    SimulatorOption{"tenant",
                    "text",
                    "11111111-2222-3333-4444-555555555555",
                    "The tenant's id.",
                    false,
                    FIELD(assign_guid, tenant_id)},
    SimulatorOption{"tenant-domain",
                    "text",
                    "contoso.example",
                    "A domain that names the tenant in token URLs too.",
                    false,
                    FIELD(assign, tenant_domain)},
    SimulatorOption{"client-id",
                    "text",
                    "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
                    "The id of the app that may sign in.",
                    false,
                    FIELD(assign_guid, client_id)},
    SimulatorOption{"client-secret",
                    "file",
                    "",
                    "File with the app's secret; without it one is made up.",
                    false,
                    set_secret},
    SimulatorOption{"client-certificate",
                    "file",
                    "",
                    "PEM certificate that the app may sign assertions with.",
                    false,
                    set_certificate},
    SimulatorOption{"secret-expired",
                    "switch",
                    "false",
                    "Refuse the right secret as expired.",
                    false,
                    FIELD(assign, secret_expired)},
    SimulatorOption{"roles",
                    "text",
                    "ActivityFeed.Read,ActivityFeed.ReadDlp",
                    "The permissions in tokens, with commas; empty for none.",
                    false,
                    set_roles},
    SimulatorOption{"token-lifetime",
                    "duration",
                    "3599s",
                    "How long tokens are good for.",
                    false,
                    FIELD(assign_positive, token_lifetime)},
    SimulatorOption{
        "now",
        "time",
        "",
        "The time at the start, which then goes on; without it the machine's. Runs with "
        "the same time and seed give the same bytes.",
        false,
        set_now},
    SimulatorOption{"events",
                    "number",
                    "100000",
                    "Different records over all content types.",
                    false,
                    FIELD(assign_positive, traffic.events)},
    SimulatorOption{
        "seed", "number", "1", "Decides the traffic.", false, FIELD(assign, traffic.seed)},
    SimulatorOption{"span",
                    "duration",
                    "6d",
                    "The traffic came in over so long, up to now.",
                    false,
                    FIELD(assign_positive, traffic.span)},
    SimulatorOption{"users",
                    "number",
                    "400",
                    "People in the tenant.",
                    false,
                    FIELD(assign_positive, traffic.users)},
    SimulatorOption{"story-share",
                    "share",
                    "0.01",
                    "Share of the records that belong to reports, alerts and investigations.",
                    false,
                    FIELD(assign_share, traffic.story_share)},
    SimulatorOption{"duplicate-rate",
                    "share",
                    "0.01",
                    "Share of the records that are delivered again in another chunk.",
                    false,
                    FIELD(assign_share, traffic.duplicate_rate)},
    SimulatorOption{"late-rate",
                    "share",
                    "0.01",
                    "Share of the records that come 1 hour to 5 days late.",
                    false,
                    FIELD(assign_share, traffic.late_rate)},
    SimulatorOption{"out-of-order-rate",
                    "share",
                    "0.2",
                    "Share of the records that stand out of order.",
                    false,
                    FIELD(assign_share, traffic.out_of_order_rate)},
    SimulatorOption{"replay-rate",
                    "share",
                    "0.003",
                    "Share of the chunks that come again days later.",
                    false,
                    FIELD(assign_share, traffic.replay_rate)},
    SimulatorOption{"records-per-chunk",
                    "number",
                    "80",
                    "Records in a chunk, on average.",
                    false,
                    FIELD(assign_positive, traffic.mean_records_per_chunk)},
    SimulatorOption{"big-chunk-records",
                    "number",
                    "15000",
                    "Records in the one chunk that is far bigger; 0 for none.",
                    false,
                    FIELD(assign, traffic.big_chunk_records)},
    SimulatorOption{"chunks-per-blob",
                    "number",
                    "10",
                    "Chunks in one content blob at most.",
                    false,
                    FIELD(assign_positive, chunks_per_blob)},
    SimulatorOption{"blob-span",
                    "duration",
                    "20m",
                    "Time of ingestion in one content blob at most.",
                    false,
                    FIELD(assign_positive, blob_span)},
    SimulatorOption{"rows-per-page",
                    "number",
                    "200",
                    "Blobs on one page of a listing.",
                    false,
                    FIELD(assign_positive, rows_per_page)},
    SimulatorOption{"expiration",
                    "duration",
                    "14d",
                    "How long content can be retrieved; 7, 14 and 21 days were seen.",
                    false,
                    FIELD(assign_positive, expiration)},
    SimulatorOption{"backfill",
                    "duration",
                    "7d",
                    "How far back a new subscription shows content.",
                    false,
                    FIELD(assign, backfill)},
    SimulatorOption{"first-content-delay",
                    "duration",
                    "0s",
                    "How long a new subscription shows nothing; up to 12h is documented.",
                    false,
                    FIELD(assign, first_content_delay)},
    SimulatorOption{"start-interval",
                    "duration",
                    "15m",
                    "A second start of a subscription sooner than this is refused.",
                    false,
                    FIELD(assign, start_interval)},
    SimulatorOption{"subscribed",
                    "switch",
                    "false",
                    "All subscriptions are on from the beginning.",
                    false,
                    FIELD(assign, subscribed)},
    SimulatorOption{"any-tenant",
                    "switch",
                    "false",
                    "Go by the token and ignore the tenant in the URL.",
                    false,
                    FIELD(assign, any_tenant)},
    SimulatorOption{"gzip",
                    "switch",
                    "true",
                    "Compress for clients that accept it.",
                    false,
                    FIELD(assign, gzip)},
    SimulatorOption{"plain-webhooks",
                    "switch",
                    "false",
                    "Take webhooks at http://127.0.0.1 too.",
                    false,
                    FIELD(assign, plain_webhooks)},
    SimulatorOption{"cache-bodies",
                    "switch",
                    "false",
                    "Keep content bodies in memory once made, up to 2 GiB, for benchmarks.",
                    false,
                    FIELD(assign, cache_bodies)},
    SimulatorOption{"faults",
                    "text",
                    "none",
                    "A mix of faults: none, default or hostile. Give it before --fault.",
                    false,
                    [](SimulatorOptions& options, std::string_view value) {
                      return options.faults.use_mix(value);
                    }},
    SimulatorOption{"fault",
                    "text",
                    "",
                    "NAME=RATE of one fault, a chance from 0 to 1.",
                    true,
                    [](SimulatorOptions& options, std::string_view value) {
                      return options.faults.set(value);
                    }},
    SimulatorOption{"fault-seed",
                    "number",
                    "1",
                    "Decides which requests the faults hit.",
                    false,
                    FIELD(assign, faults.seed)},
    SimulatorOption{"drip-pause",
                    "duration",
                    "5ms",
                    "Pause between the twenty pieces of a dripping body.",
                    false,
                    FIELD(assign, drip_pause)},
    SimulatorOption{"vault-folder",
                    "text",
                    "",
                    "A folder whose files are the secrets of the simulated key vault; NAME.pem and "
                    "NAME.pfx are "
                    "its certificates.",
                    false,
                    FIELD(assign, vault_folder)},
    SimulatorOption{
        "vault-challenge",
        "text",
        "",
        "The resource that the vault asks for a token for, in place of its own address.",
        false,
        FIELD(assign, vault_challenge)},
    SimulatorOption{"trap",
                    "text",
                    "",
                    "HOST:PORT that the URLs of an attacker lead to; without it one is opened.",
                    false,
                    FIELD(assign, trap)},
};
#undef FIELD

} // namespace

auto simulator_option_table() -> std::span<const SimulatorOption> {
  return table;
}

auto set_option(SimulatorOptions& options, std::string_view name, std::string_view value)
    -> Result<> {
  const auto* const option = std::ranges::find(table, name, &SimulatorOption::name);
  if (option == table.end()) {
    return Error{ErrorKind::invalid_input, fmt::format("no option --{}", name)};
  }
  return option->set(options, value).while_doing(fmt::format("--{}", name));
}

} // namespace sluice::simulator
