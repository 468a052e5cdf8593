# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the comparisons of bench/ share: times of processes, and figures beside their targets.
# SLUICE names the program that is measured; $work is a directory that is gone afterwards.

: "${SLUICE:?set SLUICE to the program to measure}"
work=$(mktemp -d "${TMPDIR:-/tmp}/sluice-bench.XXXXXX")
tenant_pid=
trap 'stop_tenant; rm -rf "$work"' EXIT

# least NAME VALUE: keeps the smaller one in the variable NAME.
least() {
  local -n kept=$1
  kept=$(awk -v a="${kept:-$2}" -v b="$2" 'BEGIN { print (b + 0 < a + 0 ? b : a) }')
}

# shellcheck disable=SC2034 # for those who source this
# measure COMMAND...: sets $wall and $cpu (user and system), in seconds. Fails as the command does.
measure() {
  local TIMEFORMAT='%R %U %S' user system
  { time "$@" 2>"$work/errors" >/dev/null; } 2>"$work/time" \
    || { cat "$work/errors" "$work/time" >&2; return 1; }
  read -r wall user system <"$work/time"
  cpu=$(awk -v u="$user" -v s="$system" 'BEGIN { printf "%.3f", u + s }')
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / (b > 0 ? b : 0.001) }'; }

# report WHAT FIGURE at_least|at_most TARGET [UNIT]
report() {
  local judgement
  judgement=$(awk -v f="$2" -v how="$3" -v t="$4" \
    'BEGIN { print (how == "at_least" ? f + 0 >= t : f + 0 <= t) ? "met" : "NOT met" }')
  printf '%-58s %9s%-5s target %s %s%s: %s\n' "$1" "$2" "${5:-}" "${3/_/ }" "$4" "${5:-}" "$judgement"
}

# start_tenant [OPTION...]: serves a simulated tenant until the end; sets $tenant_url and writes
# $work/sluice.yaml for it.
start_tenant() {
  stop_tenant
  rm -f "$work/address"
  "$SLUICE" simulate --listen 127.0.0.1:0 --address-file "$work/address" \
    --secret-file "$work/secret" "$@" 2>"$work/tenant.log" &
  tenant_pid=$!
  until [[ -s $work/address ]]; do
    kill -0 "$tenant_pid" 2>/dev/null || { cat "$work/tenant.log" >&2; exit 1; }
    sleep 0.05
  done
  tenant_url=$(<"$work/address")
}

stop_tenant() {
  [[ -n $tenant_pid ]] || return 0
  kill "$tenant_pid" 2>/dev/null || :
  wait "$tenant_pid" 2>/dev/null || :
  tenant_pid=
}

tenant_id=11111111-2222-3333-4444-555555555555
client_id=aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee
content_types=(Audit.AzureActiveDirectory Audit.Exchange Audit.SharePoint Audit.General DLP.All)

# write_config DIRECTORY [LIMITS]: a configuration that collects the tenant into it, as
# DIRECTORY/sluice.yaml. LIMITS are further entries of `limits`.
write_config() {
  mkdir -p "$1"
  cat >"$1/sluice.yaml" <<YAML
tenants:
  - id: $tenant_id
    name: contoso
    cloud: custom
    endpoints: {management: "$tenant_url", login: "$tenant_url"}
    credential: {type: client_secret, client_id: $client_id, secret: "file:$work/secret"}
    content_types: [$(IFS=,; echo "${content_types[*]}")]
archive: {directory: "$1/archive"}
store: {directory: "$1/store"}
limits: {requests_per_minute: 6000000${2:+, $2}}
retry: {first_wait: 20ms, longest_wait: 1s}
YAML
}
