#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The archive in Blob Storage, played by Azurite.

load tenant

# The key that every Azurite has (documented).
account_key=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==

teardown() {
  for pid in $storage_pid $tenant_pid; do
    kill "$pid" 2>/dev/null || :
    wait "$pid" 2>/dev/null || :
  done
}

# start_storage: Azurite until the test ends; $blob_url is where its blobs are.
start_storage() {
  local services=$SLUICE_SOURCE_DIR/tests/services
  (cd "$work" && exec "$services/node" "$services/node_modules/.bin/azurite" --silent \
    --inMemoryPersistence --disableTelemetry --blobPort 0 --queuePort 0 --tablePort 0) \
    >"$work/azurite.log" 2>&1 3>&- &
  storage_pid=$!
  for _ in $(seq 600); do
    blob_url=$(sed -n 's/.*Blob service is successfully listening at //p' "$work/azurite.log")
    [[ -n $blob_url ]] && break
    kill -0 "$storage_pid" || { cat "$work/azurite.log"; return 1; }
    read -rt 0.1 <> <(:) || :
  done
  blob_url+=/devstoreaccount1
}

# use_container: the configuration's archive is a container of that storage.
use_container() {
  (umask 077; echo "$account_key" >"$work/account_key")
  write_config
  sed -i "s|^archive:.*|archive: {blob: {account: devstoreaccount1, container: archive, \
endpoint: \"$blob_url\", account_key: \"file:$work/account_key\"}}|" "$work/sluice.yaml"
}

@test "a run whose archive is a container stores exactly what is relevant" {
  start_storage
  start_tenant --events 20000 --subscribed
  use_container
  "$SLUICE" run --once -c "$work/sluice.yaml" 2>"$work/run.log" || { tail "$work/run.log"; false; }
  assert_truth
  [[ ! -e $work/archive ]]
}

@test "a run that is killed goes on from the container, and nothing is lost or twice" {
  start_storage
  start_tenant --events 20000 --subscribed
  use_container
  for step in archive.before_sync archive.between_renames archive.after_commit; do
    run env SLUICE_FAILPOINTS="$step=kill@3" "$SLUICE" run --once -c "$work/sluice.yaml"
    [[ $status -eq 137 ]]
  done
  "$SLUICE" run --once -c "$work/sluice.yaml" 2>>"$work/run.log" || { tail "$work/run.log"; false; }
  assert_truth
}

@test "a ledger that was lost is made anew from the container" {
  start_storage
  start_tenant --events 5000 --subscribed
  use_container
  "$SLUICE" run --once -c "$work/sluice.yaml" 2>"$work/run.log"
  rm -f "$work"/ledger.sqlite*
  rm -rf "$work/store"
  "$SLUICE" run --once -c "$work/sluice.yaml" 2>"$work/run.log"
  grep -q ledger_rebuilt "$work/run.log" || grep -q "made anew" "$work/run.log"
  assert_truth
}

@test "storage that refuses is told with its fix and without the key" {
  start_storage
  start_tenant --events 1000 --subscribed
  use_container
  echo "d3Jvbmcga2V5" >"$work/account_key"
  run "$SLUICE" run --once -c "$work/sluice.yaml"
  [[ $status -ne 0 ]]
  [[ $output == *"AuthenticationFailed"* || $output == *"AuthorizationFailure"* ]]
  [[ $output != *"d3Jvbmcga2V5"* ]]
}
