#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Alerts joined with investigations, judged by the tenant's own truth file.

bats_require_minimum_version 1.5.0
load tenant

no_waiting='cases: {alert_grace: 0s, investigation_grace: 0s}'

# expected_cases: what the tenant says must come out, one line a case.
expected_cases() {
  jq -c 'select(.case) | .case | select(.outcome != "")
    | [.alert_id, .investigation_id, .outcome, .processed, .status, (.links | sort)]' \
    "$work/truth.ndjson" | sort
}

# found_cases: the newest versions in the store, in the same form.
found_cases() {
  "$SLUICE" cases -c "$work/sluice.yaml" --json |
    jq -c '[.AlertId, .InvestigationId, .Outcome, .Processed, .InvestigationStatus, ((.Links // []) | sort)]' | sort
}

assert_cases() {
  expected_cases >"$work/expected"
  found_cases >"$work/found"
  [ -s "$work/expected" ]
  diff "$work/expected" "$work/found" | head -20
  cmp "$work/expected" "$work/found"
}

# all_versions: everything that was ever told, in order, without the time of it.
all_versions() {
  "$SLUICE" query --store "$work/store" --format ndjson --limit 0 \
    'Cases | project-away EmittedTime | sort by CaseId asc, Version asc'
}

stage() { "$SLUICE" run --once --stages "$1" -c "$work/sluice.yaml"; }

# Collects a tenant whose every tenth record belongs to a story, in many small contents.
collect_stories() {
  start_tenant --events "$1" --story-share 0.1 --records-per-chunk 20 --chunks-per-blob 2
  write_config "$no_waiting"
  stage discover
  stage collect
}

@test "the cases are those that the tenant says, and a second run and a replay change none" {
  start_tenant --events 20000 --story-share 0.05 --faults default
  write_config "$no_waiting"
  "$SLUICE" run --once -c "$work/sluice.yaml"
  assert_truth
  assert_cases
  all_versions >"$work/first"
  "$SLUICE" run --once -c "$work/sluice.yaml"
  all_versions | cmp - "$work/first"
  "$SLUICE" replay -c "$work/sluice.yaml"
  assert_cases
}

@test "a deleted store gets its cases again, with the same versions" {
  start_tenant --events 10000 --story-share 0.05
  write_config "$no_waiting"
  "$SLUICE" run --once -c "$work/sluice.yaml"
  all_versions >"$work/first"
  rm -r "$work/store"
  "$SLUICE" run --once -c "$work/sluice.yaml"
  all_versions | cmp - "$work/first"
}

@test "a deleted ledger leads to the same cases, told once" {
  start_tenant --events 10000 --story-share 0.05
  write_config "$no_waiting"
  "$SLUICE" run --once -c "$work/sluice.yaml"
  rm "$work"/ledger.sqlite*
  "$SLUICE" run --once -c "$work/sluice.yaml"
  assert_cases
  all_versions | jq -c '[.CaseId, .Version]' >"$work/versions"
  [ -z "$(sort "$work/versions" | uniq -d)" ]
}

@test "kill -9 between any two steps: no case is lost and none is told twice" {
  collect_stories 10000
  cp -r "$work/archive" "$work/archive.before"
  cp "$work/ledger.sqlite" "$work/ledger.before"
  stage correlate
  stage deliver
  assert_cases
  all_versions >"$work/undisturbed"
  kills=0
  for point in correlate.before_record ledger.after_begin ledger.state_before_cases \
    ledger.cases_before_position ledger.before_commit ledger.after_commit correlate.after_record \
    deliver.before_cases store.before_cases_commit store.after_cases_commit deliver.before_cases_mark; do
    for visit in 1 2 5; do
      rm -rf "$work/store" "$work"/ledger.sqlite*
      cp "$work/ledger.before" "$work/ledger.sqlite"
      for name in correlate deliver; do
        SLUICE_FAILPOINTS=$point=kill@$visit stage "$name" 2>/dev/null || kills=$((kills + 1))
        stage "$name"
      done
      all_versions >"$work/disturbed"
      cmp "$work/undisturbed" "$work/disturbed" || { echo "after $point, visit $visit"; false; }
    done
  done
  echo "$kills deaths"
  [ "$kills" -ge 15 ]
}

@test "a case and a record are explained in sentences" {
  start_tenant --events 10000 --story-share 0.05
  write_config "$no_waiting"
  "$SLUICE" run --once -c "$work/sluice.yaml"
  "$SLUICE" cases -c "$work/sluice.yaml" --outcome Finished --json >"$work/cases"
  id=$(jq -r .CaseId "$work/cases" | head -1)
  run -0 "$SLUICE" explain -c "$work/sluice.yaml" "$id"
  [[ ${lines[0]} == "$id, version "*": Finished, processed." ]]
  [[ $output == *"They belong together because"* ]]
  [[ $output == *"AIR has analysed it"* ]]
  record=$(jq -r '.RecordIds[0]' "$work/cases" | head -1)
  run -0 "$SLUICE" explain -c "$work/sluice.yaml" "$record"
  [[ $output == *"Rule user_reported_phishing_"*" keeps it"* ]]
  [[ $output == *"It is one of the records of case-"* ]]
  run -65 "$SLUICE" explain -c "$work/sluice.yaml" no-such-id
}

@test "the tests of rules that come as examples pass, and a wrong one says what is wrong" {
  run -0 "$SLUICE" rules test "$SLUICE_SOURCE_DIR"/examples/rules/*.yaml
  [[ ${lines[-1]} == *" 0 failed" ]]
  sed 's/Outcome: Finished/Outcome: Aborted/' \
    "$SLUICE_SOURCE_DIR/examples/rules/user_reported_phishing.yaml" >"$work/wrong.yaml"
  run -65 "$SLUICE" rules test "$work/wrong.yaml"
  [[ $output == *'Outcome of case-'*' is "Finished"'* ]]
  run -64 --separate-stderr "$SLUICE" rules test "$SLUICE_SOURCE_DIR/examples/smallest.yaml"
  [[ $stderr == *'has a list `tests`'* ]]
}

@test "another kind of alert is a matter of configuration" {
  start_tenant --events 10000 --story-share 0.05
  write_config 'rules: [all_alerts, malicious_url_click]
cases: {kinds: [malicious_url_click], alert_grace: 0s, investigation_grace: 0s}'
  "$SLUICE" run --once -c "$work/sluice.yaml"
  "$SLUICE" cases -c "$work/sluice.yaml" --json >"$work/cases"
  [ -s "$work/cases" ]
  [ "$(jq -r .Kind "$work/cases" | sort -u)" = malicious_url_click ]
}
