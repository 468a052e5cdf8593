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

# make_certificates: the application's certificate, which ends in DAYS (or 90) days, and its key; in the vault as
# PEM and as PFX.
make_certificates() {
  mkdir -p "$work/vault"
  openssl req -x509 -newkey rsa:2048 -nodes -days "${1:-90}" -subj /CN=application \
    -keyout "$work/application.key" -out "$work/application.pem" 2>/dev/null
  cat "$work/application.key" "$work/application.pem" >"$work/vault/AsPem.pem"
  openssl pkcs12 -export -passout pass: -inkey "$work/application.key" -in "$work/application.pem" \
    -out "$work/vault/AsPfx.pfx"
}

# start_vault [OPTION...]: a simulated tenant over TLS, with a key vault that holds one secret and two certificates.
start_vault() {
  make_certificates
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

# use_vault_certificate NAME: the tenant is signed in to by that certificate of the vault.
use_vault_certificate() {
  write_config "key_vault: {url: \"$tenant_url\"}
azure: {credential: {type: managed_identity}}"
  sed -i "s|type: client_secret\(.*\), secret: [^}]*|type: client_certificate\1, certificate: \"keyvault:$1\"|" \
    "$work/sluice.yaml"
  export AZURE_POD_IDENTITY_AUTHORITY_HOST=$tenant_url
}

@test "a run signs in by a certificate of the key vault, and doctor shows when it ends" {
  make_certificates
  start_tenant --events 5000 --subscribed --vault-folder "$work/vault" --client-certificate "$work/application.pem"
  for name in AsPem AsPfx; do
    use_vault_certificate "$name"
    "$SLUICE" doctor -c "$work/sluice.yaml" >"$work/doctor" || { cat "$work/doctor"; false; }
    grep -q "good .*tenant contoso: signed in by client_certificate; roles: ActivityFeed.Read" "$work/doctor"
    grep -q "good .*the certificate keyvault:$name of the application aaaaaaaa.*: ends 20.*, in [89][0-9] days" \
      "$work/doctor"
  done
  "$SLUICE" run --once -c "$work/sluice.yaml" 2>"$work/run.log" || { tail "$work/run.log"; false; }
  assert_truth
  ! grep -q credential_ends "$work/run.log"
}

@test "a certificate that ends within a week is told by run and doctor" {
  make_certificates 5
  start_tenant --events 100 --subscribed --vault-folder "$work/vault" --client-certificate "$work/application.pem"
  use_vault_certificate AsPem
  "$SLUICE" run --once -c "$work/sluice.yaml" 2>"$work/run.log"
  [[ $(grep -c "the certificate keyvault:AsPem of the application .* ends soon .*days_left=4" "$work/run.log") -eq 1 ]]
  run "$SLUICE" doctor -c "$work/sluice.yaml"
  [[ $status -eq 77 && $output == *"trouble  the certificate keyvault:AsPem"*"in 4 days"* ]]
}

# delivered: how many contents have been, by the ledger.
delivered() {
  "$SLUICE" status --json -c "$work/sluice.yaml" 2>/dev/null | jq '[.feeds[].delivered] | add // 0'
}

# until_so SECONDS COMMAND...: waits until it succeeds.
until_so() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    read -rt 0.2 <> <(:) || :
  done
}

some_are_delivered() { [[ $(delivered) -gt 0 ]]; }

tokens_are_issued() { curl -s "$tenant_url/simulator/report" | jq -e '.tokens_issued > 0' >/dev/null; }

# all_are_kept: what the ledger says was kept and delivered is as many records as the tenant calls relevant.
all_are_kept() {
  "$SLUICE" status --json -c "$work/sluice.yaml" |
    jq -e --argjson relevant "$(relevant_ids | wc -l)" \
      '([.feeds[].kept] | add) == $relevant and ([.feeds[].in_flight] | add) == 0' >/dev/null
}

@test "a run takes up a certificate that is renewed while it works" {
  local now tenant=(--events 3000 --subscribed --token-lifetime 4s)
  now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  make_certificates
  cat "$work/application.key" "$work/application.pem" >"$work/in_use"
  start_tenant "${tenant[@]}" --now "$now" --client-certificate "$work/application.pem"
  write_config 'polling: {interval: 1s}'
  sed -i "s|type: client_secret\(.*\), secret: [^}]*|type: client_certificate\1, certificate: \"file:$work/in_use\"|" \
    "$work/sluice.yaml"
  "$SLUICE" run -c "$work/sluice.yaml" >/dev/null 2>"$work/run.log" 3>&- &
  run_pid=$!
  until_so 60 some_are_delivered
  # The application has another certificate from now on, which lies where the first one was.
  stop_tenant
  make_certificates
  cat "$work/application.key" "$work/application.pem" >"$work/new"
  chmod 600 "$work/new" && mv "$work/new" "$work/in_use"
  tenant_listen=${tenant_url#http://} \
    start_tenant "${tenant[@]}" --now "$now" --client-certificate "$work/application.pem"
  until_so 60 grep -q 'a credential was renewed' "$work/run.log"
  until_so 60 tokens_are_issued
  until_so 60 all_are_kept
  kill "$run_pid"
  wait "$run_pid"
  assert_truth
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

@test "the configuration of docs/azure.md for an empty subscription is valid" {
  awk '/^## From an empty/ { here = 1; next } /^## / { here = 0 } here' "$SLUICE_SOURCE_DIR/docs/azure.md" |
    awk '/^```yaml/ { code = 1; next } /^```/ { code = 0 } code' >"$work/sluice.yaml"
  run "$SLUICE" validate -c "$work/sluice.yaml"
  [[ $status -eq 0 && $output == *"database sluice of https://contoso.westeurope.kusto.windows.net"* ]]
  "$SLUICE" init --print -c "$work/sluice.yaml" | grep -q "^.add database \['sluice'\] ingestors"
}

# token_for RESOURCE: of the simulated machine's identity.
token_for() {
  curl -s -H Metadata:true "$tenant_url/metadata/identity/oauth2/token?api-version=2018-02-01&resource=$1" |
    jq -r .access_token
}

# vault_says TOKEN: what the simulated vault answers.
vault_says() {
  curl -s -w '%{http_code}' -H "Authorization: Bearer $1" "$tenant_url/secrets/KustoAccessAppKey?api-version=7.4"
}

@test "a token for another service, of another tenant or that has ended opens no vault" {
  mkdir "$work/vault"
  echo canary >"$work/vault/KustoAccessAppKey"
  start_tenant --events 10 --vault-folder "$work/vault" --token-lifetime 2s
  [[ $(vault_says "$(token_for https://vault.azure.net)") == *canary*200 ]]
  [[ $(vault_says "$(token_for https://storage.azure.com)") == *"AKV10022: Invalid audience"*"found: https://storage.azure.com."*401 ]]
  [[ $(vault_says none) == *401 ]]
  token=$(token_for https://vault.azure.net)
  has_ended() { [[ $(vault_says "$token") == *"the token has expired"*401 ]]; }
  until_so 20 has_ended
  stop_tenant
  start_tenant --events 10 --vault-folder "$work/vault" --tenant 99999999-2222-3333-4444-555555555555
  [[ $(vault_says "$token") == *401 ]]
}

@test "a vault is read on with tokens that end while it is" {
  start_tenant --events 100 --subscribed --vault-folder "$work/vault" --token-lifetime 2s
  use_vault
  "$SLUICE" run --once -c "$work/sluice.yaml" 2>"$work/run.log" || { tail "$work/run.log"; false; }
  assert_truth
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
