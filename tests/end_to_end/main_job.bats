#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The main job against a simulated tenant, judged by the tenant's own truth file.

bats_require_minimum_version 1.5.0
load tenant

# account FIELD: the sum of a figure of `sluice status` over all feeds.
account() {
  "$SLUICE" status -c "$work/sluice.yaml" --json | jq "[.feeds[].$1] | add"
}

@test "what is relevant is stored, all of it and once, and a second run changes nothing" {
  start_tenant --events 20000 --faults default
  write_config
  "$SLUICE" run --once -c "$work/sluice.yaml"
  assert_truth
  "$SLUICE" run --once -c "$work/sluice.yaml"
  assert_truth
  [ "$(account in_flight)" = 0 ]
  [ "$(account listed)" = "$(account delivered)" ]
  [ "$(account records)" = $(($(account kept) + $(account dropped) + $(account duplicate))) ]
}

@test "a deleted store is filled again by the next run" {
  start_tenant --events 10000
  write_config
  "$SLUICE" run --once -c "$work/sluice.yaml"
  rm -r "$work/store"
  "$SLUICE" run --once -c "$work/sluice.yaml"
  assert_truth
}

@test "a deleted ledger and store are made again from the archive, without the tenant" {
  start_tenant --events 10000
  write_config
  "$SLUICE" run --once -c "$work/sluice.yaml"
  kill "$tenant_pid" && wait "$tenant_pid" || :
  tenant_pid=
  rm -r "$work/store" "$work"/ledger.sqlite*
  "$SLUICE" replay -c "$work/sluice.yaml"
  assert_truth
}

@test "a replay applies today's rules to what is archived" {
  start_tenant --events 10000
  write_config
  "$SLUICE" run --once -c "$work/sluice.yaml"
  write_config 'rules: [{name: sign_ins, where: "RecordType == 15"}]'
  "$SLUICE" replay -c "$work/sluice.yaml"
  stored_ids >"$work/stored"
  jq -r 'select(.record_type == 15) | .id' "$work/truth.ndjson" | sort >"$work/expected"
  [ -s "$work/expected" ]
  cmp "$work/expected" "$work/stored"
}

@test "a hostile tenant neither gets a token elsewhere nor makes a record go missing" {
  start_tenant --events 8000 --faults hostile --token-lifetime 60s --rows-per-page 5 --records-per-chunk 20 --chunks-per-blob 2 \
    --fault foreign_content_uri=0.05
  write_config
  "$SLUICE" run --once -c "$work/sluice.yaml" 2>"$work/run.log" || { tail "$work/run.log"; false; }
  assert_truth
  curl -s "$tenant_url/simulator/report" >"$work/report"
  jq . "$work/report"
  [ "$(jq .trap_hits "$work/report")" = 0 ]
  [ "$(jq .without_publisher "$work/report")" = 0 ]
  [ "$(jq .misplaced_tokens "$work/report")" = 0 ]
  [ "$(jq .faults.foreign_content_uri "$work/report")" -gt 0 ]
  grep -q "leads" "$work/run.log"
  ! grep -F "$(cat "$work/secret")" "$work/run.log"
}

@test "a next page that leads elsewhere is never asked for, and is reported" {
  start_tenant --events 8000 --rows-per-page 2 --records-per-chunk 20 --chunks-per-blob 2 --fault foreign_next_page=0.2
  write_config
  "$SLUICE" run --once -c "$work/sluice.yaml" 2>"$work/run.log" || { tail "$work/run.log"; false; }
  assert_truth
  curl -s "$tenant_url/simulator/report" >"$work/report"
  jq . "$work/report"
  [ "$(jq .faults.foreign_next_page "$work/report")" -gt 0 ]
  [ "$(jq '.trap_hits + .misplaced_tokens' "$work/report")" = 0 ]
  grep -q "leads" "$work/run.log"
  "$SLUICE" status -c "$work/sluice.yaml" --json >"$work/status"
  jq -c . "$work/status"
  [ "$(jq .refused_entries "$work/status")" = "$(jq .faults.foreign_next_page "$work/report")" ]
}

@test "kill -9 at any moment loses nothing and repeats nothing" {
  start_tenant --events 60000 --faults default --rtt 5ms
  write_config
  for round in $(seq 20); do
    "$SLUICE" run --once -c "$work/sluice.yaml" 2>/dev/null >&2 &
    pid=$!
    read -rt "0.$((RANDOM % 9))$((RANDOM % 10))" <> <(:) || :
    kill -9 "$pid" 2>/dev/null || :
    wait "$pid" || :
  done
  "$SLUICE" run --once -c "$work/sluice.yaml"
  assert_truth
  [ "$(account in_flight)" = 0 ]
}

@test "the stages run apart and hand over through the ledger" {
  start_tenant --events 10000
  write_config
  "$SLUICE" run --once --stages discover -c "$work/sluice.yaml"
  [ "$(account in_flight)" = "$(account listed)" ]
  "$SLUICE" run --once --stages collect -c "$work/sluice.yaml"
  [ ! -e "$work/store/store.duckdb" ]
  "$SLUICE" run --once --stages deliver -c "$work/sluice.yaml"
  assert_truth
}

@test "the demo prints the answer to the reference query" {
  run --separate-stderr "$SLUICE" demo --events 20000 --rows 7
  [ "$status" = 0 ]
  [[ ${lines[0]} == Name*Severity*Investigat*Status* ]]
  [ "${lines[-1]}" = "(7 rows)" ]
}
