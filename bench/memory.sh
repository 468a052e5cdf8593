#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Peak memory of `sluice run --once` over all content types with the default faults, for 100,000 and
# for 1,000,000 events in contents of the same size. FAULTS=none leaves the faults, and so the waits, out.
set -euo pipefail
# shellcheck source=bench/figures.bash
source "$(dirname "$0")/figures.bash"

faults=${FAULTS:-default}

# peak_of PID: the most memory that the process has had resident at once, in kB, when it has ended.
peak_of() {
  local peak=0 line
  while line=$(grep VmHWM "/proc/$1/status" 2>/dev/null); do
    [[ $line =~ ([0-9]+) ]] && peak=${BASH_REMATCH[1]}
    sleep 0.02
  done
  echo "$peak"
}

# run_over EVENTS: sets $peak in MB and $took in seconds.
run_over() {
  local began run
  # A span that does not cut contents short where there is less traffic.
  start_tenant --events "$1" --faults "$faults" --blob-span 6h
  write_config "$work/$1"
  began=$EPOCHREALTIME
  "$SLUICE" run --once -c "$work/$1/sluice.yaml" 2>"$work/errors" >&2 &
  run=$!
  peak=$(peak_of "$run")
  wait "$run" || { tail -5 "$work/errors" >&2; exit 1; }
  took=$(awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')
  peak=$(awk -v kb="$peak" 'BEGIN { printf "%.1f", kb / 1000 * 1.024 }')
  stop_tenant
}

run_over 100000
small=$peak
echo "100,000 events: $peak MB at most, $took s"
run_over 1000000
echo "1,000,000 events: $peak MB at most, $took s"
report 'peak memory over 1,000,000 events' "$peak" at_most 150 ' MB'
# A tenth is the noise of the allocator and of threads.
report 'peak memory, 1,000,000 events against 100,000' "$(ratio "$peak" "$small")" at_most 1.1 x
