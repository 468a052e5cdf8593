#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Six processes on one ledger in Azure tables, any of them killed at random. SOAK_MACHINE_EVENTS sets the
# size.

load ../end_to_end/tenant
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
