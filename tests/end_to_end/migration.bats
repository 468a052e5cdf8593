#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# From the variables of runbooks to a configuration that works.

load tenant
load ../kusto_clients/serve

@test "the commands of docs/migrating-from-runbooks.md run as they stand" {
  awk '/^```sh/ { code = 1; next } /^```/ { code = 0 } code' "$SLUICE_SOURCE_DIR/docs/migrating-from-runbooks.md" \
    >"$work/commands"
  grep -q import-variables "$work/commands"
  cd "$work"
  PATH=$(dirname "$SLUICE"):$PATH bash -eu "$work/commands" >"$work/answers" 2>"$work/messages" 3>&- ||
    { cat "$work/messages"; false; }
  grep -q 'sluice.yaml: valid: 1 tenant, archive archive of the account contosologs, database sluice of' "$work/answers"
  grep -q '^taken     KustoCluster: destinations.adx.cluster: https://contoso.westeurope' "$work/messages"
  grep -q '^left out  StorageAccountforFileShareAccessKey: ' "$work/messages"
  grep -q '^left out  KustoTable: ' "$work/messages"
  grep -q '\.create-merge table AuditRecords' "$work/init.kql"
}

@test "an imported configuration collects, ingests and answers" {
  start_tenant --events 2000 --subscribed --vault-folder "$work/vault"
  mkdir -p "$work/vault"
  tr -d '\n' <"$work/secret" >"$work/vault/Secret-for-O365"
  start_serving
  cat >"$work/variables.json" <<'JSON'
[{"Name": "tenant_guid", "Value": "11111111-2222-3333-4444-555555555555", "Encrypted": false},
 {"Name": "TenantName", "Value": "contoso", "Encrypted": false},
 {"Name": "App ID", "Value": "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee", "Encrypted": false},
 {"Name": "Secret for O365", "Value": null, "Encrypted": true},
 {"Name": "KeyVaultName", "Value": "contoso-sluice", "Encrypted": false},
 {"Name": "KustoCluster", "Value": "contoso.westeurope", "Encrypted": false},
 {"Name": "KustoDatabase", "Value": "sluice", "Encrypted": false}]
JSON
  "$SLUICE" import-variables "$work/variables.json" >"$work/sluice.yaml" 2>"$work/messages"
  "$SLUICE" validate -c "$work/sluice.yaml"
  # The simulated services in place of Azure's.
  sed -i -e "s|https://contoso.westeurope.kusto.windows.net|$url|" \
    -e "s|https://contoso-sluice.vault.azure.net|$tenant_url|" \
    -e "s|^    name: \"contoso\"|&\n    cloud: custom\n    endpoints: {management: \"$tenant_url\", login: \"$tenant_url\"}|" \
    "$work/sluice.yaml"
  export AZURE_POD_IDENTITY_AUTHORITY_HOST=$tenant_url
  "$SLUICE" init -c "$work/sluice.yaml" 2>"$work/init.log" || { cat "$work/init.log"; false; }
  "$SLUICE" run --once -c "$work/sluice.yaml" 2>"$work/run.log" || { tail "$work/run.log"; false; }
  "$SLUICE" query --cluster "$url" --database sluice --format ndjson --limit 0 'AuditRecords | project Id' |
    jq -r .Id | sort >"$work/stored"
  relevant_ids >"$work/relevant"
  [[ -s $work/relevant ]]
  cmp "$work/relevant" "$work/stored"
}

@test "what is no export is refused" {
  echo '{"a": 1}' >"$work/other.json"
  run "$SLUICE" import-variables "$work/other.json"
  [[ $status -eq 64 ]]
  [[ $output == *"no name"* ]]
}
