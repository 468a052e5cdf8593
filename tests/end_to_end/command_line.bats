#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The command line's contract: exit codes, where data and messages go, help, mistakes in the configuration.

load tenant

@test "every command has help with examples" {
  for command in demo run query filter status replay validate doctor schema simulate; do
    run "$SLUICE" "$command" --help
    [ "$status" = 0 ]
    [[ $output == *Examples:* ]]
  done
}

@test "a wrong command line exits with 64" {
  run "$SLUICE" colect
  [ "$status" = 64 ]
  run "$SLUICE" run --stages colect
  [ "$status" = 64 ]
}

@test "query answers without a store, in every format" {
  run "$SLUICE" query --format ndjson 'print x = 1 + 1, t = datetime(9999-12-31 23:59:59.9999999)'
  [ "$status" = 0 ]
  [ "$output" = '{"x":2,"t":"9999-12-31T23:59:59.9999999Z"}' ]
  for format in table chart json csv kusto-v1 kusto-v2; do
    run "$SLUICE" query --format "$format" 'print 1'
    [ "$status" = 0 ]
  done
  run "$SLUICE" query --format json 'print x = 1'
  [ "$(jq -c . <<<"$output")" = '[{"x":1}]' ]
}

@test "a query that is not supported is refused by name and place" {
  run "$SLUICE" query 'print 1 | join (print 2) on x'
  [ "$status" = 64 ]
  [[ $output == *join* && $output == *query:1:* ]]
}

@test "query --check says what columns a query gives, over tables that are only described" {
  printf '{"Mail": {"Id": "long", "Extra": "dynamic"}}' >"$work/tables.json"
  run "$SLUICE" query --check --schema "$work/tables.json" \
    'Mail | evaluate bag_unpack(Extra) | where Sender has "x" | extend n = strlen(tostring(Sender))'
  [ "$status" = 0 ]
  [ "$output" = $'Id: long\nSender: unknown\nn: long' ]
  run "$SLUICE" query --check --schema "$work/tables.json" 'Mail | where Sender has "x"'
  [ "$status" = 64 ]
  [[ $output == *'unknown column `Sender`'* ]]
  run "$SLUICE" query --schema "$work/tables.json" 'print geo_info_from_ip_address("192.0.2.1")'
  [ "$status" = 64 ]
  [[ $output == *'`geo_info_from_ip_address` is not supported'* ]]
}

@test "query draws a chart" {
  run "$SLUICE" query --format chart \
    'datatable(t: datetime, n: long)[datetime(2026-01-02), 1, datetime(2026-01-01), 2] | render timechart'
  [ "$status" = 0 ]
  [ "${lines[0]}" = n ]
  [[ ${lines[1]} == '2026-01-01 '*'█ 2' ]]
  [[ ${lines[2]} == '2026-01-02 '*' 1' ]]
}

@test "query reads local copies of the files that it names, and fetches none" {
  printf 'User,Level\nann,3\nbob,x\n' >"$work/users.csv"
  query='externaldata(User: string, Level: long)["https://example.com/u.csv"] with (ignoreFirstRecord=true)'
  run "$SLUICE" query --format ndjson --external "https://example.com/u.csv=$work/users.csv" "$query"
  [ "$status" = 0 ]
  [ "$output" = $'{"User":"ann","Level":3}\n{"User":"bob","Level":null}' ]
  run "$SLUICE" query --format ndjson --watchlist "people=$work/users.csv" \
    "_GetWatchlist('people') | where Level == '3' | project User"
  [ "$output" = '{"User":"ann"}' ]
  run "$SLUICE" query "$query"
  [ "$status" = 64 ]
  [[ $output == *'no local copy'* ]]
}

@test "a missing store, a missing configuration and a bad one exit as they should" {
  run "$SLUICE" query --store "$work/nowhere" 'AuditRecords | count'
  [ "$status" = 74 ]
  run "$SLUICE" run -c "$work/nowhere.yaml"
  [ "$status" = 78 ]
  printf 'tenants:\n  - id: 1\n' >"$work/bad.yaml"
  run "$SLUICE" validate -c "$work/bad.yaml"
  [ "$status" = 78 ]
  [[ $output == *bad.yaml:2:9* ]]
}

@test "a wrong secret is said to be wrong, with a hint, and is not shown" {
  start_tenant --events 1000
  printf 'not-the-secret-canary' >"$work/secret"
  write_config
  run "$SLUICE" run --once -c "$work/sluice.yaml"
  [ "$status" = 77 ]
  [[ $output == *AADSTS7000215* && $output == *hint:* ]]
  [[ $output != *canary* ]]
}

@test "a first Ctrl-C ends a continuous run in order" {
  start_tenant --events 2000
  write_config
  "$SLUICE" run -c "$work/sluice.yaml" 2>"$work/run.log" >&2 &
  pid=$!
  for _ in $(seq 300); do
    # Before there is a ledger, status says nothing.
    delivered=$("$SLUICE" status -c "$work/sluice.yaml" --json 2>/dev/null | jq '[.feeds[].delivered] | add') || :
    [[ $delivered =~ ^[0-9]+$ ]] && break
    read -rt 0.1 <> <(:) || :
  done
  kill -INT "$pid"
  wait "$pid"
  "$SLUICE" run --once -c "$work/sluice.yaml"
  assert_truth
}

@test "two runs on one ledger do not get in each other's way: the second is refused" {
  start_tenant --events 2000
  write_config
  "$SLUICE" run -c "$work/sluice.yaml" 2>/dev/null >&2 &
  pid=$!
  for _ in $(seq 100); do
    [ -e "$work/ledger.sqlite" ] && break
    read -rt 0.1 <> <(:) || :
  done
  run "$SLUICE" run --once -c "$work/sluice.yaml"
  kill -INT "$pid"
  wait "$pid" || :
  [ "$status" = 69 ]
}
