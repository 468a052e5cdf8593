# SPDX-License-Identifier: Apache-2.0
# What the end-to-end tests share: a simulated tenant, a configuration that collects it, and questions
# about what came out. SLUICE names the program under test.

setup() {
  : "${SLUICE:?set SLUICE to the program under test}"
  work=$BATS_TEST_TMPDIR
  tenant_pid=
}

teardown() { stop_tenant; }

stop_tenant() {
  if [[ -n $tenant_pid ]]; then
    kill "$tenant_pid" 2>/dev/null || :
    wait "$tenant_pid" 2>/dev/null || :
  fi
}

# start_tenant [OPTION...]: serves a simulated tenant until the test ends; $tenant_url is where: $tenant_listen
# (HOST:PORT), or anywhere.
start_tenant() {
  rm -f "$work/address"
  "$SLUICE" simulate --listen "${tenant_listen:-127.0.0.1:0}" --address-file "$work/address" \
    --secret-file "$work/secret" --truth "$work/truth.ndjson" "$@" \
    2>>"$work/tenant.log" 3>&- &
  tenant_pid=$!
  for _ in $(seq 600); do
    [[ -s $work/address ]] && break
    kill -0 "$tenant_pid" || { cat "$work/tenant.log"; return 1; }
    read -rt 0.1 <> <(:) || :
  done
  tenant_url=$(<"$work/address")
}

# write_config [YAML]: a configuration for the simulated tenant, in $work/sluice.yaml.
write_config() {
  cat >"$work/sluice.yaml" <<YAML
tenants:
  - id: 11111111-2222-3333-4444-555555555555
    name: contoso
    cloud: custom
    endpoints: {management: "$tenant_url", login: "$tenant_url"}
    credential: {type: client_secret, client_id: aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee, secret: "file:$work/secret"}
    content_types: [Audit.AzureActiveDirectory, Audit.Exchange, Audit.SharePoint, Audit.General, DLP.All]
archive: {directory: "$work/archive"}
store: {directory: "$work/store"}
limits: {requests_per_minute: 6000000}
retry: {first_wait: 20ms, longest_wait: 1s}
${1:-}
YAML
}

# stored_ids: the record ids in the store, one a line, sorted; one that is there twice comes twice.
stored_ids() {
  "$SLUICE" query --store "$work/store" --format ndjson --limit 0 'AuditRecords | project Id' |
    jq -r .Id | sort
}

# relevant_ids: the ids that must be in the store, by the tenant's own account.
relevant_ids() {
  jq -r 'select(.relevant == true) | .id' "$work/truth.ndjson" | sort
}

# assert_truth: the store holds exactly what the tenant says is relevant.
assert_truth() {
  stored_ids >"$work/stored"
  relevant_ids >"$work/relevant"
  [[ -s $work/relevant ]]
  diff "$work/relevant" "$work/stored" | head -20
  cmp "$work/relevant" "$work/stored"
}
