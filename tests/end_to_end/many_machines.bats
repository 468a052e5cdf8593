#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Stages that run apart, and in parallel, on one ledger in Azure tables, played by Azurite.

load tenant
load ../kusto_clients/serve
load storage
load machines

@test "one process works from tables as from a file" {
  start_storage
  start_tenant --events 5000 --subscribed
  use_tables
  "$SLUICE" run --once -c "$work/sluice.yaml" 2>"$work/run.log" || { tail "$work/run.log"; false; }
  assert_truth
  "$SLUICE" run --once -c "$work/sluice.yaml" 2>"$work/run.log"
  assert_truth
  [[ ! -e $work/archive && ! -e $work/ledger.sqlite ]]
}

@test "init makes the container and the tables, and keeps them" {
  start_storage
  start_tenant --events 10
  use_tables
  for _ in 1 2; do
    "$SLUICE" init -c "$work/sluice.yaml" 2>"$work/init.log" || { cat "$work/init.log"; false; }
    [[ $(grep -c '^there is  \(container archive\|table contosoledger\|table contosoclaims\)$' "$work/init.log") -eq 3 ]]
  done
}

@test "a stage with a credential of its own runs alone, and one that needs no tenant reads no secret of it" {
  start_storage
  start_tenant --events 1000 --subscribed
  use_tables
  "$SLUICE" run --once --stages discover,collect -c "$work/sluice.yaml" 2>"$work/run.log"
  mv "$work/secret" "$work/kept"
  "$SLUICE" run --once --stages correlate,deliver -c "$work/sluice.yaml" 2>"$work/run.log" ||
    { tail "$work/run.log"; false; }
  assert_truth
  echo 'azure: {stages: [{stage: deliver, credential: {type: managed_identity}}]}' >>"$work/sluice.yaml"
  run "$SLUICE" run --once --stages correlate,deliver -c "$work/sluice.yaml"
  [[ $status -ne 0 && $output == *"has a credential of its own"* ]]
}

# start_machines: two collectors, two that deliver, and the two stages of which one leads.
start_machines() {
  local name
  for name in discover1 collect1 collect2 correlate1 deliver1 deliver2; do
    start_machine "$name"
  done
}

# assert_account: the ledger's own account adds up, and nothing of it is on this disk.
assert_account() {
  "$SLUICE" status --json -c "$work/sluice.yaml" |
    jq -e '[.feeds[] | .listed == .delivered and .records == .kept + .dropped + .duplicate] | all'
  [[ ! -e $work/archive && ! -e $work/ledger.sqlite ]]
}

@test "six processes fill one store, any of them is killed, and nothing is lost or twice" {
  start_storage
  start_tenant --events 10000 --subscribed
  use_tables
  start_machines
  RANDOM=1
  kill_machines 8 1.5
  wait_until_delivered 100
  stop_machines TERM
  assert_truth
  assert_account
}

@test "100,000 events through six processes into a cluster, any of them is killed, and nothing is lost or twice" {
  start_storage
  start_tenant --events 100000 --subscribed
  start_serving
  use_tables
  use_cluster
  start_machines
  RANDOM=2
  kill_machines 16 3
  wait_until_delivered 400
  stop_machines TERM
  assert_truth
  assert_account
  [[ ! -e $work/store ]]
}
