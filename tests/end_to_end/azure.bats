#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The archive in Blob Storage, played by Azurite.

load tenant
load storage

teardown() {
  stop_storage
  stop_tenant
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

# start_vault [OPTION...]: a simulated tenant over TLS, with a key vault that holds one secret.
start_vault() {
  mkdir -p "$work/vault"
  printf 'canary \303\244\n' >"$work/vault/KustoAccessAppKey"
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=tenant \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
  start_tenant --events 10 --vault-folder "$work/vault" --certificate "$work/certificate.pem" \
    --key "$work/key.pem" "$@"
}

sdk() {
  local services=$SLUICE_SOURCE_DIR/tests/services
  NODE_EXTRA_CA_CERTS=$work/certificate.pem "$services/node" "$services/azure_sign_in.mjs" "$@"
}

@test "Microsoft's own clients sign in to the simulated tenant and read its key vault" {
  start_vault
  run sdk "$tenant_url" 11111111-2222-3333-4444-555555555555 aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee \
    "$work/secret"
  [[ $status -eq 0 ]] || { echo "$output" | head -20; false; }
  [[ $output == *"app service token"* ]]
}

@test "Microsoft's own client takes the simulated machine's managed identity" {
  start_tenant --events 10
  touch "$work/certificate.pem"
  AZURE_POD_IDENTITY_AUTHORITY_HOST=$tenant_url run sdk --imds
  [[ $status -eq 0 ]] || { echo "$output" | head -20; false; }
  [[ $output == "imds token" ]]
}

# use_vault [YAML]: the tenant's password is in its own key vault, which a managed identity opens.
use_vault() {
  local managed='azure: {credential: {type: managed_identity}}'
  mkdir -p "$work/vault"
  tr -d '\n' <"$work/secret" >"$work/vault/ClientSecrettoAccessO365"
  write_config "key_vault: {url: \"$tenant_url\"}
${1:-$managed}"
  sed -i "s|secret: \"file:$work/secret\"|secret: \"keyvault:ClientSecrettoAccessO365\"|" \
    "$work/sluice.yaml"
  export AZURE_POD_IDENTITY_AUTHORITY_HOST=$tenant_url
}

@test "a run whose password is in the key vault needs no secret of its own" {
  start_tenant --events 5000 --subscribed --vault-folder "$work/vault"
  use_vault
  "$SLUICE" doctor -c "$work/sluice.yaml" >"$work/doctor" || { cat "$work/doctor"; false; }
  grep -q "good .*tenant contoso: signed in by client_secret; roles: ActivityFeed.Read" "$work/doctor"
  "$SLUICE" run --once -c "$work/sluice.yaml" 2>"$work/run.log" || { tail "$work/run.log"; false; }
  assert_truth
  ! grep -rqF "$(cat "$work/secret")" "$work/doctor" "$work/run.log"
}

@test "a vault that asks for another service's token gets none" {
  start_tenant --events 10 --vault-folder "$work/vault" --vault-challenge https://graph.microsoft.com
  use_vault
  run "$SLUICE" doctor -c "$work/sluice.yaml"
  [[ $status -ne 0 ]]
  [[ $output == *"asks for a token for https://graph.microsoft.com, which is not its domain"* ]]
}

@test "a vault of another tenant is told" {
  start_tenant --events 10 --vault-folder "$work/vault"
  use_vault 'azure: {tenant: 99999999-2222-3333-4444-555555555555, credential: {type: managed_identity}}'
  run "$SLUICE" doctor -c "$work/sluice.yaml"
  [[ $status -ne 0 ]]
  [[ $output == *"belongs to tenant 11111111-2222-3333-4444-555555555555"* ]]
}

@test "doctor names a missing role and a wrong password with their fixes" {
  start_tenant --events 10 --roles ""
  write_config
  run "$SLUICE" doctor --json -c "$work/sluice.yaml"
  [[ $status -eq 77 ]]
  jq -es '.[0].good == false and (.[0].fix | contains("ActivityFeed.Read")) and .[1].good' <<<"$output"
  echo wrong >"$work/secret"
  run "$SLUICE" doctor -c "$work/sluice.yaml"
  [[ $status -eq 77 && $output == *"AADSTS7000215"* ]]
}
