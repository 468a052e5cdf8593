# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Stages in processes of their own, as on many machines: what they share is in storage alone. Load it behind
# tenant, serve and storage, whose processes it ends too.

declare -gA machine_pids=()

teardown() {
  stop_machines KILL
  stop_storage
  [[ -z ${serve_pid:-} ]] || stop_serving
  stop_tenant
}

# start_machine NAME: NAME is a stage and a number, such as collect2.
start_machine() {
  "$SLUICE" run --stages "${1%[0-9]}" -c "$work/sluice.yaml" >/dev/null 2>>"$work/$1.log" 3>&- &
  machine_pids[$1]=$!
}

# stop_machine SIGNAL NAME
stop_machine() {
  kill "-$1" "${machine_pids[$2]}" 2>/dev/null || :
  wait "${machine_pids[$2]}" 2>/dev/null || :
  unset "machine_pids[$2]"
}

stop_machines() {
  local name
  for name in "${!machine_pids[@]}"; do
    kill "-$1" "${machine_pids[$name]}" 2>/dev/null || :
  done
  for name in "${!machine_pids[@]}"; do
    stop_machine "$1" "$name"
  done
}

# kill_machines TIMES SECONDS: kill -9 for one of them at a time, each after up to so long, and a new one in
# its place.
kill_machines() {
  local names=("${!machine_pids[@]}") name
  for _ in $(seq "$1"); do
    name=${names[RANDOM % ${#names[@]}]}
    read -rt "$(awk -v most="$2" -v r="$RANDOM" 'BEGIN { printf "%.3f", most * r / 32768 }')" <> <(:) || :
    stop_machine KILL "$name"
    echo "killed $name" >>"$work/kills.log"
    start_machine "$name"
  done
}

in_flight() {
  "$SLUICE" status --json -c "$work/sluice.yaml" 2>>"$work/status.log" |
    jq '[.feeds[].in_flight] | if length > 0 then add else "nothing" end'
}

# wait_until_delivered SECONDS: until everything that is listed by then has been delivered.
wait_until_delivered() {
  local deadline=$((SECONDS + $1))
  stop_machine TERM discover1
  "$SLUICE" run --once --stages discover -c "$work/sluice.yaml" >/dev/null 2>>"$work/discover1.log"
  while [[ $(in_flight) != 0 ]]; do
    ((SECONDS < deadline)) || { tail -n 3 "$work"/*.log | cut -c1-300; return 1; }
    read -rt 0.5 <> <(:) || :
  done
}

# use_cluster [YAML]: the configuration brings all records to the served store alone, which is what is judged then.
use_cluster() {
  stored_ids() {
    "$SLUICE" query --cluster "$url" --database sluice --format ndjson --limit 0 'AuditRecords | project Id' |
      jq -r .Id | sort
  }
  sed -i "s|^store:.*|destinations: {adx: {cluster: \"$url\", database: sluice}}${1:+\n$1}|" "$work/sluice.yaml"
  "$SLUICE" init -c "$work/sluice.yaml" 2>"$work/init.log"
}
