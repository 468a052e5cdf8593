#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# No secret is in a log, an error, an argument, an environment, a file of the program's own, or a core file:
# a canary in every place that takes one, searched for afterwards.

load tenant
load ../kusto_clients/serve
load storage
load machines

# assert_no_canary FILE...: none of the secrets, nor any token, is in the files, plain, percent-encoded or in
# base64.
assert_no_canary() {
  local canary form
  for canary in "$(<"$work/secret")" "$account_key" 'canaryOfASignature%2F'; do
    for form in "$canary" "$(jq -rn --arg s "$canary" '$s | @uri')" "$(printf %s "$canary" | base64 -w0)"; do
      if grep -aFl -- "$form" "$@"; then
        echo "a secret is in the files above"
        return 1
      fi
    done
  done
  ! grep -aEl 'eyJ[A-Za-z0-9_-]{10,}\.eyJ' "$@"
}

# use_canaries: a secret and a key by file; everything is logged.
use_canaries() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=tenant \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
  start_storage
  start_tenant --events 3000 --subscribed \
    --certificate "$work/certificate.pem" --key "$work/key.pem" "$@"
  use_tables
  cat >>"$work/sluice.yaml" <<YAML
tls: {authorities_file: "$work/certificate.pem"}
log: {level: debug}
YAML
}

@test "processes that work have no secret in their arguments, environments or logs, and leave no core" {
  cd "$work"
  ulimit -c unlimited
  use_canaries
  for name in discover1 collect1 correlate1 deliver1; do
    start_machine "$name"
  done
  wait_until_delivered 100
  mkdir "$work/seen"
  for name in "${!machine_pids[@]}"; do
    pid=${machine_pids[$name]}
    tr '\0' '\n' <"/proc/$pid/cmdline" >"$work/seen/$name.arguments"
    # Nobody but root may look there.
    { tr '\0' '\n' <"/proc/$pid/environ"; } >"$work/seen/$name.environment" 2>/dev/null || :
  done
  "$SLUICE" status -c "$work/sluice.yaml" >"$work/seen/status" 2>&1
  "$SLUICE" doctor -c "$work/sluice.yaml" >"$work/seen/doctor" 2>&1
  stop_machine ABRT collect1
  [[ -z $(find "$work" -name 'core*') ]]
  stop_machines TERM
  assert_truth
  assert_no_canary "$work"/*.log "$work"/seen/* "$work/sluice.yaml"
  ! grep -raFl -- "$(<"$work/secret")" "$work/store"
}

@test "what is refused is told without the secret that was shown" {
  use_canaries --secret-expired
  run "$SLUICE" run --once -c "$work/sluice.yaml"
  [[ $status -ne 0 ]]
  echo "$output" >"$work/refused"
  printf d3Jvbmcga2V5Y2FuYXJ5 >"$work/account_key"
  run "$SLUICE" run --once -c "$work/sluice.yaml"
  [[ $status -ne 0 ]]
  echo "$output" >>"$work/refused"
  printf 'sv=2021-12-02&sig=canaryOfASignature%%2F' >"$work/signature"
  sed -i "s|account_key: \"file:$work/account_key\"|signature: \"file:$work/signature\"|" "$work/sluice.yaml"
  run "$SLUICE" run --once -c "$work/sluice.yaml"
  [[ $status -ne 0 ]]
  echo "$output" >>"$work/refused"
  [[ $(wc -l <"$work/refused") -gt 2 ]]
  assert_no_canary "$work/refused"
  ! grep -F d3Jvbmcga2V5Y2FuYXJ5 "$work/refused"
}

@test "a vault, a certificate, an identity, another program and a cluster: their secrets are nowhere" {
  cd "$work"
  ulimit -c unlimited
  openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj /CN=application \
    -keyout "$work/application.key" -out "$work/application.pem" 2>/dev/null
  mkdir "$work/vault" "$work/bin" "$work/seen"
  cat "$work/application.key" "$work/application.pem" >"$work/vault/ApplicationCertificate"
  start_tenant --events 3000 --subscribed --vault-folder "$work/vault" --client-certificate "$work/application.pem"
  start_serving
  write_config "key_vault: {url: \"$tenant_url\"}
azure: {credential: {type: automatic}}
destinations: {adx: {cluster: \"$url\", database: sluice}}
log: {level: debug}"
  sed -i "s|type: client_secret\(.*\), secret: [^}]*|type: client_certificate\1, certificate: \"keyvault:ApplicationCertificate\"|" \
    "$work/sluice.yaml"
  export AZURE_POD_IDENTITY_AUTHORITY_HOST=$tenant_url
  "$SLUICE" init -c "$work/sluice.yaml" 2>"$work/init.log"
  "$SLUICE" run -c "$work/sluice.yaml" 2>"$work/run.log" >"$work/seen/run" 3>&- &
  run_pid=$!
  for _ in $(seq 300); do
    [[ $("$SLUICE" query --cluster "$url" --database sluice --format csv 'Cases | count' | tail -1) != 0 ]] && break
    read -rt 0.2 <> <(:) || :
  done
  tr '\0' '\n' <"/proc/$run_pid/cmdline" >"$work/seen/arguments"
  "$SLUICE" doctor -c "$work/sluice.yaml" >"$work/seen/doctor" 2>&1
  curl -s "$url/v1/rest/mgmt" -d '{"csl":".get ingestion resources"}' >"$work/lent"
  curl -s "$url/v1/rest/mgmt" -d '{"csl":".get kusto identity token"}' >>"$work/lent"
  kill -ABRT "$run_pid" "$serve_pid"
  wait "$run_pid" "$serve_pid" || :
  [[ -z $(find "$work" -name 'core*') ]]
  assert_no_canary "$work"/*.log "$work"/seen/* "$work/sluice.yaml"
  sed -n 2p "$work/application.key" >"$work/canaries"
  grep -oE 'sig=[^"&]+' "$work/lent" | sort -u | cut -d= -f2 >>"$work/canaries"
  [[ $(wc -l <"$work/canaries") -ge 2 ]]
  ! grep -raFl -f "$work/canaries" "$work"/*.log "$work/seen" "$work/sluice.yaml" "$work/store" "$work/archive"
  ! grep -aF PRIVATE "$work"/*.log "$work"/seen/*
}

@test "a token for a served store is nowhere, nor does another program see who we are" {
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=served \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
  printf canary-of-a-served-store >"$work/token"
  printf canary-of-another-token >"$work/other"
  start_serving --certificate "$work/certificate.pem" --key "$work/key.pem" --token "file:$work/token"
  tenant_url=$url
  write_config "tls: {authorities_file: \"$work/certificate.pem\"}
log: {level: debug}"
  ask() { "$SLUICE" query --cluster "$url" --database sluice "$@" 'print 42'; }
  run ask --token "file:$work/token"
  [[ $status -ne 0 ]] # An authority of its own that nobody named.
  echo "$output" >"$work/messages"
  ask -c "$work/sluice.yaml" --token "file:$work/token" >"$work/answer" 2>>"$work/messages"
  grep -q 42 "$work/answer"
  run ask -c "$work/sluice.yaml" --token "file:$work/other"
  [[ $status -eq 77 ]]
  echo "$output" >>"$work/messages"
  # Who signed in with `az login`: the program that gives their token sees nothing of ours.
  mkdir "$work/bin"
  printf '#!/bin/sh\nenv >"%s"\necho "$@" >>"%s"\nexit 1\n' "$work/environment" "$work/environment" >"$work/bin/az"
  chmod +x "$work/bin/az"
  IDENTITY_HEADER=canary-of-the-platform PATH=$work/bin:$PATH run "$SLUICE" query \
    --cluster https://cluster.example --database sluice 'print 1'
  [[ $status -ne 0 ]]
  grep -q get-access-token "$work/environment"
  echo "$output" >>"$work/messages"
  ! grep -aF canary "$work"/*.log "$work/messages" "$work/environment" "$work/answer"
}

# sign_in_by YAML: the tenant is signed in to that way, in place of the password.
sign_in_by() {
  sed -i "s|credential: {type: [^}]*}|credential: {$1}|" "$work/sluice.yaml"
}

# assert_nowhere FILE...: no line of $work/canaries is in the files or in what a run keeps, in any form.
assert_nowhere() {
  local canary
  while read -r canary; do
    jq -rn --arg s "$canary" '$s | @uri' >>"$work/forms"
    printf %s "$canary" | base64 -w0 >>"$work/forms"
    echo >>"$work/forms"
    printf '%s\n' "$canary" >>"$work/forms"
  done <"$work/canaries"
  [[ -s $work/forms ]]
  ! grep -raFl -f "$work/forms" "$@"
}

@test "the platform's identity header and a federated token are nowhere" {
  start_tenant --events 1000 --subscribed
  write_config "log: {level: debug}"
  cat "$work/secret" >"$work/canaries" # The header that the simulated App Service asks for.
  sign_in_by "type: managed_identity"
  IDENTITY_ENDPOINT=$tenant_url/msi/token IDENTITY_HEADER=$(<"$work/secret") \
    "$SLUICE" run --once -c "$work/sluice.yaml" 2>"$work/run.log" || { tail "$work/run.log"; false; }
  IDENTITY_ENDPOINT=$tenant_url/msi/token IDENTITY_HEADER=$(<"$work/secret") \
    "$SLUICE" doctor -c "$work/sluice.yaml" >"$work/doctor" 2>&1
  grep -q "signed in by managed_identity" "$work/doctor"
  echo canary-of-a-header >>"$work/canaries"
  IDENTITY_ENDPOINT=$tenant_url/msi/token IDENTITY_HEADER=canary-of-a-header \
    run "$SLUICE" run --once -c "$work/sluice.yaml"
  [[ $status -ne 0 ]]
  echo "$output" >"$work/refused"
  sign_in_by "type: workload_identity"
  echo eyJhbGciOiJSUzI1NiJ9.Y2FuYXJ5LW9mLWEtZmVkZXJhdGVkLXRva2Vu.c2lnbmVk >"$work/federated"
  cat "$work/federated" >>"$work/canaries"
  AZURE_FEDERATED_TOKEN_FILE=$work/federated AZURE_AUTHORITY_HOST=$tenant_url \
    AZURE_TENANT_ID=11111111-2222-3333-4444-555555555555 AZURE_CLIENT_ID=aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee \
    run "$SLUICE" run --once -c "$work/sluice.yaml"
  [[ $status -ne 0 && $output == *AADSTS* ]]
  echo "$output" >>"$work/refused"
  assert_nowhere "$work"/*.log "$work/doctor" "$work/refused" "$work/sluice.yaml" "$work/store" "$work/archive"
}

@test "the password of a PFX and the signature of a staging container are nowhere" {
  openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj /CN=application \
    -keyout "$work/application.key" -out "$work/application.pem" 2>/dev/null
  echo canary-of-a-pfx >"$work/password"
  openssl pkcs12 -export -passout "file:$work/password" -inkey "$work/application.key" \
    -in "$work/application.pem" -out "$work/application.pfx"
  start_tenant --events 1000 --subscribed --client-certificate "$work/application.pem"
  start_serving
  lent=$(curl -s "$url/v1/rest/mgmt" -d '{"csl":".get ingestion resources"}' |
    jq -r '.Tables[0].Rows[] | select(.[0] == "TempStorage") | .[1]')
  echo "${lent#*\?}" >"$work/signature"
  write_config "log: {level: debug}
azure: {credential: {type: managed_identity}}
destinations:
  adx:
    cluster: \"$url\"
    staging: {account: contosologs, container: tempstorage, endpoint: \"$url/sluiceaccount\", signature: \"file:$work/signature\"}"
  sed -i "0,/credential: {type: [^}]*}/s||credential: {type: client_certificate, client_id: aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee, certificate: \"file:$work/application.pfx\", password: \"file:$work/password\"}|" "$work/sluice.yaml"
  { cat "$work/password"; grep -oE 'sig=.+' "$work/signature" | cut -d= -f2; sed -n 2p "$work/application.key"; } >"$work/canaries"
  "$SLUICE" init -c "$work/sluice.yaml" 2>"$work/init.log" || { cat "$work/init.log"; false; }
  "$SLUICE" run --once -c "$work/sluice.yaml" 2>"$work/run.log" || { tail "$work/run.log"; false; }
  "$SLUICE" doctor -c "$work/sluice.yaml" >"$work/doctor" 2>&1
  "$SLUICE" query --cluster "$url" --database sluice --format ndjson 'AuditRecords | count' | jq -e '.Count > 0'
  echo canary-of-another-pfx >"$work/password"
  echo 'sv=2026-04-06&sig=canaryOfAStaging%2F' >"$work/signature"
  printf '%s\n' canary-of-another-pfx canaryOfAStaging >>"$work/canaries"
  run "$SLUICE" doctor -c "$work/sluice.yaml"
  [[ $status -ne 0 && $output == *"password of the PFX is wrong"* ]]
  echo "$output" >"$work/refused"
  echo canary-of-a-pfx >"$work/password"
  run "$SLUICE" doctor -c "$work/sluice.yaml"
  [[ $status -ne 0 && $output == *"trouble  staging tempstorage"* ]]
  echo "$output" >>"$work/refused"
  assert_nowhere "$work"/*.log "$work/doctor" "$work/refused" "$work/sluice.yaml" "$work/store" "$work/archive"
}
