#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# `sluice filter` against jq, over content as the tenant serves it.

bats_require_minimum_version 1.5.0
load tenant

# fetch_content: every content of the tenant's Audit.General feed, raw, in $work/content/N.json.
fetch_content() {
  local token
  token=$(curl -sf "$tenant_url/11111111-2222-3333-4444-555555555555/oauth2/v2.0/token" \
    -d grant_type=client_credentials -d client_id=aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee \
    --data-urlencode "client_secret@$work/secret" --data-urlencode "scope=$tenant_url/.default" |
    jq -r .access_token)
  printf 'header = "Authorization: Bearer %s"\n' "$token" >"$work/curl.conf"
  local root=$tenant_url/api/v1.0/11111111-2222-3333-4444-555555555555/activity/feed
  mkdir -p "$work/content"
  local day from until number=0
  for day in $(seq 6 -1 0); do
    from=$(date -u -d "-$((day * 23 + 23)) hours" +%Y-%m-%dT%H:%M:%S)
    until=$(date -u -d "-$((day * 23)) hours" +%Y-%m-%dT%H:%M:%S)
    for uri in $(curl -sf -K "$work/curl.conf" \
      "$root/subscriptions/content?contentType=Audit.General&startTime=$from&endTime=$until" |
      jq -r '.[].contentUri'); do
      number=$((number + 1))
      curl -sf -K "$work/curl.conf" "$uri" >"$work/content/$number.json"
    done
  done
  [ "$number" -gt 10 ]
}

@test "filter keeps exactly what jq keeps, from arrays, NDJSON and gzip" {
  start_tenant --events 20000 --subscribed --rows-per-page 1000
  fetch_content
  cat "$work"/content/*.json >"$work/arrays.json"
  jq -c '.[]' "$work/arrays.json" >"$work/records.ndjson"
  gzip -k "$work/arrays.json" "$work/records.ndjson"
  jq -c '.[] | select(.RecordType == 40 or .RecordType == 64 or .RecordType == "40" or .RecordType == "64")' \
    "$work/arrays.json" | jq -r .Id | sort >"$work/expected"
  [ "$(wc -l <"$work/expected")" -gt 20 ]
  for input in arrays.json records.ndjson arrays.json.gz records.ndjson.gz; do
    "$SLUICE" filter --where 'RecordType in (40, 64)' "$work/$input" | jq -r .Id | sort >"$work/kept"
    cmp "$work/expected" "$work/kept"
  done
  "$SLUICE" filter --where 'RecordType in (40, 64)' <"$work/arrays.json" | jq -r .Id | sort | cmp "$work/expected" -
}

@test "matching records come byte for byte as they came" {
  printf '[{"RecordType":40,"Name":"a\\/b\\u200b","x":1.50},{"RecordType":41}]' >"$work/in.json"
  run "$SLUICE" filter --where 'RecordType == 40' "$work/in.json"
  [ "$status" = 0 ]
  [ "$output" = '{"RecordType":40,"Name":"a\/b\u200b","x":1.50}' ]
}

@test "a record that lacks the field does not pass, positive or negated" {
  printf '{"Id":"1"}\n{"Id":"2","Status":"x"}\n' >"$work/in.ndjson"
  run "$SLUICE" filter --where 'Status != "y"' "$work/in.ndjson"
  [ "$output" = '{"Id":"2","Status":"x"}' ]
}

@test "a mistake in the predicate is shown with its place" {
  run "$SLUICE" filter --where 'RecordTyp == 40' /dev/null
  [ "$status" = 64 ]
  [[ $output == *'RecordTyp == 40'* && $output == *'^~~~'* && $output == *'RecordType'* ]]
}

@test "truncated content is an error, after what could be read" {
  printf '[{"Id":"1","RecordType":40},{"Id":"2","Reco' >"$work/in.json"
  run --separate-stderr "$SLUICE" filter --where 'RecordType == 40' "$work/in.json"
  [ "$status" = 65 ]
  [[ $stderr == *truncated* || $stderr == *"cut short"* ]]
  [[ ${lines[0]} == '{"Id":"1","RecordType":40}' ]]
}
