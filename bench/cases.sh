#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How fast records become cases, and what open ones need: with more and more records that passed by
# while about as many cases are open, and with twice as many of them open. See cases_bench.cpp.
set -euo pipefail
records=${RECORDS:-1000000}
bench() { "${CASES_BENCH:?set CASES_BENCH to the program}" "$1" "$2"; }
bench $((records / 10)) 500
bench $((records * 3 / 10)) 500
bench "$records" 500
bench "$records" 1000
