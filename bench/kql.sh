#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Hunting queries against hand-written SQL, translation, and a query as a process: see kql_bench.cpp.
# QUERY_FILE names the query that is translated, SCHEMA_FILE the tables that it asks.
set -euo pipefail
# shellcheck source=bench/figures.bash
source "$(dirname "$0")/figures.bash"

"${KQL_BENCH:?set KQL_BENCH to the program}" "${ROWS:-1000000}" ${QUERY_FILE:+"$QUERY_FILE"} ${SCHEMA_FILE:+"$SCHEMA_FILE"}
for _ in $(seq "${ROUNDS:-5}"); do
  measure "$SLUICE" query 'print 1'
  least fastest "$(awk -v s="$wall" 'BEGIN { print s * 1000 }')"
done
report "sluice query 'print 1' as a process" "$fastest" at_most 100 " ms"
