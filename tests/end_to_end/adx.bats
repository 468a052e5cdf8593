#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Azure Data Explorer as destination, played by `sluice serve` with a store of its own.

load tenant
load storage
load ../kusto_clients/serve

teardown() {
  [[ -z $serve_pid ]] || stop_serving
  stop_storage
  stop_tenant
}

# use_cluster [YAML]: the configuration brings what it collects to the served store too.
use_cluster() {
  write_config "destinations: {adx: {cluster: \"$url\", database: sluice${1:+, $1}}}"
}

# run_once: a whole run; what it says goes to $work/run.log.
run_once() {
  "$SLUICE" run --once -c "$work/sluice.yaml" 2>>"$work/run.log" || { tail "$work/run.log"; false; }
}

ask() {
  "$SLUICE" query --cluster "$url" --database sluice --format ndjson --limit 0 "$@"
}

# assert_cluster_truth: the cluster holds exactly what the tenant says is relevant, once.
assert_cluster_truth() {
  ask 'AuditRecords | project Id' | jq -r .Id | sort >"$work/in_cluster"
  relevant_ids >"$work/relevant"
  [[ -s $work/relevant ]]
  diff "$work/relevant" "$work/in_cluster" | head -20
  cmp "$work/relevant" "$work/in_cluster"
}

@test "a run brings records and cases to a cluster, and all ways to ask give the same rows" {
  start_tenant --events 20000 --subscribed
  start_serving
  use_cluster
  "$SLUICE" init -c "$work/sluice.yaml" 2>"$work/init.log" || { cat "$work/init.log"; false; }
  "$SLUICE" init -c "$work/sluice.yaml"
  run_once
  assert_truth
  assert_cluster_truth
  for query in \
    'AuditRecords | where RecordType == 40 | project CreationTime, Id, Name, Severity, Category, Status | sort by Id asc' \
    'AuditRecords | summarize Records = count() by Operation, RecordType | sort by Operation asc, RecordType asc' \
    'LatestCases() | project CaseId, Version, Outcome, Reporter, Subject, ProcessedTime | sort by CaseId asc'; do
    "$SLUICE" query --store "$work/store" --format ndjson --limit 0 "$query" >"$work/local"
    ask "$query" >"$work/asked"
    cmp "$work/local" "$work/asked"
    [[ -s $work/local ]]
    jq -c '[.[]]' "$work/local" >"$work/local_rows"
    client rows.js sluice "$query" | jq -c '[.[]]' >"$work/client_rows"
    cmp "$work/local_rows" "$work/client_rows"
  done
  # The query of the reference architecture. What came at once has no order: the rows are compared as a set.
  query='AuditRecords
    | extend IngestionTime=ingestion_time()
    | order by IngestionTime desc
    | project Name,Severity,InvestigationType,InvestigationName,InvestigationId,CreationTime,
      StartTimeUtc,LastUpdateTimeUtc,EndTimeUtc,Operation,ResultStatus,UserKey,ObjectId,Data,
      Actions,Source,Comments,Status'
  "$SLUICE" query --store "$work/store" --format ndjson --limit 0 "$query" | jq -c '[.[]]' | sort >"$work/local_rows"
  ask "$query" | jq -c '[.[]]' | sort >"$work/asked_rows"
  client rows.js sluice "$query" | jq -c '[.[]]' | sort >"$work/client_rows"
  [[ -s $work/local_rows ]]
  cmp "$work/local_rows" "$work/asked_rows"
  cmp "$work/local_rows" "$work/client_rows"
}

@test "runs that are killed at every step bring nothing twice and lose nothing" {
  start_tenant --events 5000 --subscribed
  start_serving
  use_cluster
  "$SLUICE" init -c "$work/sluice.yaml" 2>"$work/init.log"
  for step in deliver.after_group kusto.after_upload kusto.after_enqueue deliver.before_mark \
    kusto.after_enqueue@2; do
    run env SLUICE_FAILPOINTS="${step%@*}=kill@$([[ $step == *@* ]] && echo "${step#*@}" || echo 1)" \
      "$SLUICE" run --once -c "$work/sluice.yaml"
    [[ $status -eq 137 ]] || { echo "$step: $status"; false; }
  done
  run_once
  assert_truth
  assert_cluster_truth
  "$SLUICE" query --store "$work/store" --format ndjson 'Cases | project CaseId, Version | sort by CaseId asc, Version asc' >"$work/local"
  ask 'Cases | project CaseId, Version | sort by CaseId asc, Version asc' >"$work/asked"
  cmp "$work/local" "$work/asked"
}

@test "without tables the run says so and goes on from there after init" {
  start_tenant --events 2000 --subscribed
  start_serving
  use_cluster
  run "$SLUICE" run --once -c "$work/sluice.yaml"
  [[ $status -ne 0 ]]
  [[ $output == *"sluice init"* ]]
  "$SLUICE" init -c "$work/sluice.yaml" 2>"$work/init.log"
  run_once
  assert_cluster_truth
}

@test "streaming brings the same" {
  start_tenant --events 2000 --subscribed
  start_serving
  use_cluster "mode: streaming"
  "$SLUICE" init -c "$work/sluice.yaml" 2>"$work/init.log"
  run_once
  assert_cluster_truth
}

@test "over REST, with the blobs in a container of one's own that the cluster reads as a managed identity" {
  start_tenant --events 2000 --subscribed
  start_serving --prefer-rest
  staging="{account: contosologs, container: staging, endpoint: \"$url/sluiceaccount\", managed_identity: system}"
  use_cluster "staging: $staging"
  echo 'azure: {credential: {type: managed_identity}}' >>"$work/sluice.yaml"
  export AZURE_POD_IDENTITY_AUTHORITY_HOST=$tenant_url
  run "$SLUICE" init --print -c "$work/sluice.yaml"
  [[ $output == *".alter-merge database ['sluice'] policy managed_identity"* ]]
  "$SLUICE" init -c "$work/sluice.yaml" 2>"$work/init.log" || { cat "$work/init.log"; false; }
  grep -q 'there is  container staging' "$work/init.log"
  run_once
  assert_cluster_truth
  "$SLUICE" doctor -c "$work/sluice.yaml" >"$work/doctor" || { cat "$work/doctor"; false; }
  grep -q 'good .*database sluice of .*: lends 1 containers and takes blobs over REST' "$work/doctor"
  grep -q 'good .*staging staging of contosologs: can be written' "$work/doctor"
  grep -q 'good .*azure, for https://storage.azure.com: signed in by managed_identity; .*the token ends 20' "$work/doctor"
  [[ -z $(find "$work" -path '*/uploads/blob-*') ]]
}

@test "through a container and queues of a storage account that the cluster lends" {
  start_storage
  (umask 077; echo "$account_key" >"$work/account_key")
  start_tenant --events 2000 --subscribed
  start_serving --lend-account devstoreaccount1 --lend-key "file:$work/account_key" --lend-blobs "$blob_url" \
    --lend-queues "$queue_url"
  use_cluster
  "$SLUICE" init -c "$work/sluice.yaml" 2>"$work/init.log"
  run_once
  assert_cluster_truth
  [[ -z $(find "$work/served/uploads" -name 'blob-*' -o -name 'message-*') ]]
  run "$SLUICE" serve --store "$work/other" --lend-account devstoreaccount1 --listen 127.0.0.1:0
  [[ $status -ne 0 && $output == *--lend-key* ]]
}

@test "without an embedded store everything is in the cluster alone" {
  start_tenant --events 2000 --subscribed
  start_serving
  use_cluster
  sed -i '/^store:/d' "$work/sluice.yaml"
  "$SLUICE" init -c "$work/sluice.yaml" 2>"$work/init.log"
  run_once
  assert_cluster_truth
  [[ ! -e $work/store ]]
  run "$SLUICE" query -c "$work/sluice.yaml" 'AuditRecords | count'
  [[ $status -ne 0 && $output == *"--cluster $url --database sluice"* ]]
}

@test "init without rights prints what an administrator must run, and that works" {
  start_tenant --events 10
  printf 'the-token\n' >"$work/token" && chmod 600 "$work/token"
  start_serving --token "file:$work/token"
  use_cluster
  run "$SLUICE" init -c "$work/sluice.yaml"
  [[ $status -eq 77 ]]
  run "$SLUICE" doctor -c "$work/sluice.yaml"
  [[ $status -eq 77 && $output == *"trouble  database sluice of $url"*"sign in"* ]]
  run "$SLUICE" init -c "$work/sluice.yaml"
  [[ $output == *".create-merge table AuditRecords (['Id']:string,"* ]]
  [[ $output == *".add database ['sluice'] ingestors ('aadapp="* ]]
  "$SLUICE" init --print -c "$work/sluice.yaml" | grep '^\.' | grep -v '^.add database' >"$work/commands"
  while read -r command; do
    ask --token "file:$work/token" "$command"
  done <"$work/commands"
}

@test "a result that is longer than the limit says so, and one that is stopped ends at once" {
  start_serving
  few() { "$SLUICE" query --cluster "$url" --database sluice --format ndjson --limit "$1" 'range x from 1 to 10 step 1'; }
  few 3 >"$work/rows" 2>"$work/messages"
  [[ $(wc -l <"$work/rows") -eq 3 ]]
  grep -q 'only the first 3 rows are shown' "$work/messages"
  few 10 >"$work/rows" 2>"$work/messages"
  [[ $(wc -l <"$work/rows") -eq 10 && ! -s $work/messages ]]
  run timeout --foreground --signal INT --kill-after 60 2 "$SLUICE" query --cluster "$url" --database sluice \
    'range x from 1 to 1000000 step 1 | extend k = 1 | join kind=inner (range y from 1 to 1000000 step 1 | extend k = 1) on k | count'
  [[ $status -eq 124 ]]
  ask 'print 1'
}

@test "the rehearsal of docs/azure.md runs from the page's own commands" {
  awk '/^### Rehearsing/ { here = 1; next } /^##/ { here = 0 } here' "$SLUICE_SOURCE_DIR/docs/azure.md" |
    awk '/^```sh/ { code = 1; next } /^```/ { code = 0 } code' >"$work/commands"
  grep -q 'sluice init' "$work/commands"
  cd "$work" && PATH=$(dirname "$SLUICE"):$PATH
  printf 'set -eum\ntrap "kill %%1 %%2" ERR\n%s\n' "$(<"$work/commands")" >"$work/script"
  timeout 300 bash "$work/script" >"$work/answers" 2>"$work/messages" 3>&- ||
    { tail "$work/messages" "$work/answers"; false; }
  grep -q 'good .*tenant contoso: signed in by client_secret' "$work/answers"
  grep -q 'good .*database sluice of .*: lends 1 containers' "$work/answers"
  grep -q '^CreationTime .*Severity' "$work/answers"
  [[ $(grep -c '^20[0-9][0-9]-' "$work/answers") -gt 3 ]]
  ! grep -rqF "$(cat "$work/vault/ClientSecrettoAccessO365")" "$work/messages" "$work/answers" "$work/archive"
}
