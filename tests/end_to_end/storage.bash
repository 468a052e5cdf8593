# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the tests with Azure Storage share: Azurite, and a configuration that uses it.

# The key that every Azurite has (documented).
account_key=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==

# start_storage: Azurite until the test ends; $blob_url, $queue_url and $table_url are where it answers.
start_storage() {
  local services=$SLUICE_SOURCE_DIR/tests/services
  (cd "$work" && exec "$services/node" "$services/node_modules/.bin/azurite" --silent \
    --inMemoryPersistence --disableTelemetry --skipApiVersionCheck --blobPort 0 --queuePort 0 --tablePort 0) \
    >"$work/azurite.log" 2>&1 3>&- &
  storage_pid=$!
  for _ in $(seq 600); do
    blob_url=$(sed -n 's/.*Blob service is successfully listening at //p' "$work/azurite.log")
    queue_url=$(sed -n 's/.*Queue service is successfully listening at //p' "$work/azurite.log")
    table_url=$(sed -n 's/.*Table service is successfully listening at //p' "$work/azurite.log")
    [[ -n $blob_url && -n $queue_url && -n $table_url ]] && break
    kill -0 "$storage_pid" || { cat "$work/azurite.log"; return 1; }
    read -rt 0.1 <> <(:) || :
  done
  blob_url+=/devstoreaccount1
  queue_url+=/devstoreaccount1
  table_url+=/devstoreaccount1
}

stop_storage() {
  if [[ -n ${storage_pid:-} ]]; then
    kill "$storage_pid" 2>/dev/null || :
    wait "$storage_pid" 2>/dev/null || :
  fi
}

# use_container: writes a configuration whose archive is a container of that storage.
use_container() {
  (umask 077; echo "$account_key" >"$work/account_key")
  write_config "${1:-}"
  sed -i "s|^archive:.*|archive: {blob: {account: devstoreaccount1, container: archive, \
endpoint: \"$blob_url\", account_key: \"file:$work/account_key\"}}|" "$work/sluice.yaml"
}

# use_tables: the same, and the ledger is in tables of that storage. Its processes miss a dead one soon.
use_tables() {
  use_container "ledger: {table: {account: devstoreaccount1, prefix: contoso, silence: 1s, \
endpoint: \"$table_url\", account_key: \"file:$work/account_key\"}}
polling: {interval: 1s}"
}
