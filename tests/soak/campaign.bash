# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the long campaigns share: steps that are timed, each judged by the tenant's own truth file.
# SOAK_EVENTS sets the size, SOAK_KILLS the number of kill -9, SOAK_SEED the moments of them.

events=${SOAK_EVENTS:-1000000}
kills=${SOAK_KILLS:-20}
seed=${SOAK_SEED:-1}

say() { echo "# $*" >&3; }

seconds_since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }'; }

run_once() { "$SLUICE" run --once -c "$work/sluice.yaml" 2>>"$work/run.log"; }

# step NAME COMMAND...: runs it, prints how long it took ($took), and compares the store with the truth.
step() {
  local name=$1 began=$EPOCHREALTIME status=0
  shift
  "$@" >>"$work/run.log" || status=$?
  took=$(seconds_since "$began")
  if ((status != 0)); then
    say "$name: exit code $status after $took s; $(grep -E '^error: ' "$work/run.log" | tail -1)"
    return 1
  fi
  if ! assert_truth >"$work/difference"; then
    say "$name: $took s, and the store is NOT what the tenant says:" \
      "$(comm -23 "$work/relevant" "$work/stored" | wc -l) missing," \
      "$(comm -13 "$work/relevant" "$work/stored" | wc -l) too many"
    return 1
  fi
  say "$name: $took s, $(wc -l <"$work/stored") relevant records as the tenant says"
}

forget() {
  local name
  for name in "$@"; do
    rm -rf "${work:?}/$name"
  done
}

forget_all() { forget archive store ledger.sqlite ledger.sqlite-wal ledger.sqlite-shm; }

# run_and_kill SECONDS: a run that gets kill -9 at a random moment within so long, unless it ended.
run_and_kill() {
  local moment pid
  moment=$(awk -v most="$1" -v r="$RANDOM" 'BEGIN { printf "%.3f", most * r / 32768 }')
  "$SLUICE" run --once -c "$work/sluice.yaml" 2>>"$work/run.log" >&2 3>&- &
  pid=$!
  sleep "$moment"
  kill -KILL "$pid" 2>/dev/null || :
  wait "$pid" || :
}

# kill_and_run SECONDS: the kills, spread over a run that takes so long, and then one to the end.
kill_and_run() {
  local longest
  longest=$(awk -v s="$1" -v n="$kills" 'BEGIN { print 2 * s / n }')
  RANDOM=$seed
  for _ in $(seq "$kills"); do
    run_and_kill "$longest"
  done
  run_once
}

# campaign [OPTION OF sluice simulate...]: all steps against one tenant.
campaign() {
  local failed=0 whole
  start_tenant --events "$events" "$@"
  write_config
  say "$events events, $*"
  step 'run --once' run_once || failed=1
  whole=$took
  step 'run --once again' run_once || failed=1
  forget store
  step 'run --once without the store' run_once || failed=1
  forget store
  step 'replay without the store' "$SLUICE" replay -c "$work/sluice.yaml" || failed=1
  forget_all
  step "run --once after $kills times kill -9" kill_and_run "$whole" || failed=1
  say "what the tenant did: $(curl -s "$tenant_url/simulator/report" | jq -c '{requests, faults, trap_hits, without_publisher, misplaced_tokens}')"
  return "$failed"
}
