#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How fast records become cases, and what open ones need, with twice as many of them beside it: see
# cases_bench.cpp.
set -euo pipefail
for stories_per_day in 500 1000; do
  "${CASES_BENCH:?set CASES_BENCH to the program}" "${RECORDS:-1000000}" "$stories_per_day"
done
