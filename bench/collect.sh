#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The collect stage (download, inflate, archive, filter, ledger) of 1,000 blobs with 200 MB of records
# against `curl --parallel` that fetches the same URLs to nowhere, in turns. The tenant has made all
# bodies before, so that its work is the same small part of both.
set -euo pipefail
# shellcheck source=bench/figures.bash
source "$(dirname "$0")/figures.bash"

rounds=${ROUNDS:-5}
limits='parallel_retrievals: 50'
traffic=(--events 142000 --records-per-chunk 60 --chunks-per-blob 20 --blob-span 28m
  --big-chunk-records 0 --rows-per-page 2000 --subscribed --gzip --cache-bodies)

sign_in() {
  curl --silent --fail "$tenant_url/$tenant_id/oauth2/v2.0/token" \
    --data grant_type=client_credentials --data "client_id=$client_id" \
    --data-urlencode "client_secret@$work/secret" \
    --data 'scope=https://manage.office.com/.default' | jq -r .access_token
}

# list_contents: the URLs of all contents, listed in windows of six hours as sluice does: content is
# cut when it is listed, so only the same windows give the same URLs.
list_contents() {
  local type now start end
  local width=$((6 * 3600))
  now=$(date +%s)
  for type in "${content_types[@]}"; do
    for ((start = (now - 7 * 86400) / width * width + width; start < now; start = end)); do
      end=$((start + width < now ? start + width : now))
      printf 'url="%s/api/v1.0/%s/activity/feed/subscriptions/content?contentType=%s&startTime=%s&endTime=%s&PublisherIdentifier=%s"\n' \
        "$tenant_url" "$tenant_id" "$type" \
        "$(date -u -d "@$start" +%FT%T)" "$(date -u -d "@$end" +%FT%T)" "$tenant_id"
    done
  done | curl --silent --fail --header "Authorization: Bearer $1" --config - | jq -r '.[].contentUri'
}

# fetch [OPTION...]: all contents to nowhere.
fetch() {
  curl --silent --fail --parallel --parallel-max 50 --header "Authorization: Bearer $token" \
    --config "$work/urls" "$@"
}

collect() { "$SLUICE" run --once --stages collect -c "$1/sluice.yaml"; }

# A directory of its own for each round: what a removed one leaves behind slows down the file system.
prepare() {
  write_config "$1" "$limits"
  cp "$work"/found/ledger.sqlite* "$1"
}

compare() {
  local rtt=$1 round curl_wall='' curl_cpu='' decoding_cpu='' collect_wall='' collect_cpu=''
  start_tenant --rtt "${rtt}ms" "${traffic[@]}"
  token=$(sign_in)
  list_contents "$token" >"$work/uris"
  awk -v id="$tenant_id" '{ printf "url=\"%s?PublisherIdentifier=%s\"\noutput=/dev/null\n", $0, id }' \
    "$work/uris" >"$work/urls"
  local received inflated
  received=$(fetch --header 'Accept-Encoding: gzip' --write-out '%{size_download}\n' | awk '{ n += $1 } END { printf "%d", n / 1e6 }')
  inflated=$(fetch --write-out '%{size_download}\n' | awk '{ n += $1 } END { printf "%d", n / 1e6 }')
  rm -rf "$work/found"
  write_config "$work/found" "$limits"
  "$SLUICE" run --once --stages discover -c "$work/found/sluice.yaml" 2>/dev/null >&2
  for round in $(seq "$rounds"); do
    measure fetch --header 'Accept-Encoding: gzip'
    least curl_wall "$wall"
    least curl_cpu "$cpu"
    measure fetch --compressed
    least decoding_cpu "$cpu"
    prepare "$work/$rtt.$round"
    measure collect "$work/$rtt.$round"
    least collect_wall "$wall"
    least collect_cpu "$cpu"
  done
  local count
  count=$("$SLUICE" status -c "$work/$rtt.1/sluice.yaml" --json | jq '[.feeds[].listed] | add')
  echo "round-trip time $rtt ms: $(wc -l <"$work/uris") blobs, $received MB received, $inflated MB inflated; best of $rounds rounds"
  printf '  curl %s s (CPU %s s; %s s when it inflates), collect %s s (CPU %s s)\n' \
    "$curl_wall" "$curl_cpu" "$decoding_cpu" "$collect_wall" "$collect_cpu"
  report '  contents that collect had more or less than curl' \
    "$((count - $(wc -l <"$work/uris")))" at_most 0
  report '  collect against curl, wall' "$(ratio "$collect_wall" "$curl_wall")" at_most 1.5 x
  report '  collect against curl, CPU' "$(ratio "$collect_cpu" "$curl_cpu")" at_most 4 x
  printf '%-58s %9sx\n' '  collect against curl that inflates, CPU' "$(ratio "$collect_cpu" "$decoding_cpu")"
}

compare 0
compare 50
