#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Six processes on one ledger in Azure tables, any of them killed at random. SOAK_MACHINE_EVENTS sets the
# size.

load ../end_to_end/tenant
load ../kusto_clients/serve
load ../end_to_end/storage
load ../end_to_end/machines
load campaign

share_and_kill() {
  local name
  for name in discover1 collect1 collect2 correlate1 deliver1 deliver2; do
    start_machine "$name"
  done
  RANDOM=$seed
  kill_machines "$kills" 6
  wait_until_delivered 3000
  stop_machines TERM
}

@test "a hundred thousand events through six processes that are killed at random" {
  start_storage
  start_tenant --events "${SOAK_MACHINE_EVENTS:-100000}" --subscribed
  use_tables
  step "six processes, $kills kills" share_and_kill
}

@test "a hundred thousand events into a cluster by six processes that are killed at random" {
  start_storage
  start_tenant --events "${SOAK_MACHINE_EVENTS:-100000}" --subscribed
  start_serving
  use_tables
  use_cluster
  step "six processes and a cluster, $kills kills" share_and_kill
}

@test "every record of a hundred thousand events goes into a cluster" {
  relevant_ids() { jq -r '.id // empty' "$work/truth.ndjson" | sort; }
  start_tenant --events "${SOAK_MACHINE_EVENTS:-100000}" --subscribed
  start_serving
  write_config 'rules: [{name: all, where: "isnotempty(Id)"}]'
  use_cluster "ledger: {path: \"$work/ledger.sqlite\"}"
  step "collecting, and a cluster" run_once
}
