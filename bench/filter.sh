#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `sluice filter` against jq and against a bare simdjson On-Demand pass, over the same generated file,
# all on one core and in turns.
set -euo pipefail
# shellcheck source=bench/figures.bash
source "$(dirname "$0")/figures.bash"
: "${FILTER_BENCH:?set FILTER_BENCH to the program filter_bench}"

content=$work/content.json
where='RecordType in (40, 64)'
same_in_jq='.[] | select(.RecordType == 40 or .RecordType == 64)'
"$FILTER_BENCH" --write "$content"
core=$(taskset -cp $$ | sed 's/.*[ ,-]//')
rounds=${ROUNDS:-3}

filter() { taskset -c "$core" "$SLUICE" filter --where "$where" "$content"; }
with_jq() { taskset -c "$core" jq -c "$same_in_jq" "$content"; }
on_demand() { taskset -c "$core" "$FILTER_BENCH" --on-demand "$content"; }

for _ in $(seq "$rounds"); do
  measure with_jq
  least jq_wall "$wall"
  least jq_cpu "$cpu"
  for _ in 1 2 3; do
    measure filter
    least filter_wall "$wall"
    least filter_cpu "$cpu"
    measure on_demand
    least on_demand_wall "$wall"
  done
done
filter | jq -c . >"$work/filter.out"
with_jq >"$work/jq.out"

echo "$(($(stat -c %s "$content") >> 20)) MiB of records, $(wc -l <"$work/jq.out") of them kept; best of $rounds rounds"
# shellcheck disable=SC2154 # set by least
printf '  jq %s s (CPU %s s), sluice filter %s s (CPU %s s), simdjson On-Demand %s s\n' \
  "$jq_wall" "$jq_cpu" "$filter_wall" "$filter_cpu" "$on_demand_wall"
if cmp -s "$work/filter.out" "$work/jq.out"; then same=1; else same=0; fi
report 'filter gives what jq gives (1: yes)' "$same" at_least 1
report 'filter against jq, wall' "$(ratio "$jq_wall" "$filter_wall")" at_least 25 x
report 'filter against On-Demand, program against program' "$(ratio "$on_demand_wall" "$filter_wall")" at_least 0.7 x
"$FILTER_BENCH"
