#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# No secret is in a log, an error, an argument, an environment, a file of the program's own, or a core file:
# a canary in every place that takes one, searched for afterwards.

load tenant
load storage
load machines

teardown() {
  stop_machines KILL
  stop_storage
  if [[ -n $tenant_pid ]]; then
    kill "$tenant_pid" 2>/dev/null || :
    wait "$tenant_pid" 2>/dev/null || :
  fi
}

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
