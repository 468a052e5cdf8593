#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# `sluice serve` judged by Microsoft's own client libraries for Azure Data Explorer.

load ../end_to_end/tenant
load ../end_to_end/storage
load serve

teardown() {
  [[ -z $serve_pid ]] || stop_serving
  stop_storage
  stop_tenant
}

@test "azure-kusto-data: queries, both protocols, every type, parameters, failures, commands" {
  start_serving
  client query.js
}

@test "azure-kusto-ingest: queued, streaming, managed; mappings, tags, status" {
  start_serving
  client ingest.js "$work"
}

# start_lending: serves, and what clients upload goes through a container and queues of Azurite.
start_lending() {
  start_storage
  (umask 077; echo "$account_key" >"$work/account_key")
  start_serving --lend-account devstoreaccount1 --lend-key "file:$work/account_key" --lend-blobs "$blob_url" \
    --lend-queues "$queue_url"
}

@test "azure-kusto-ingest: the same through the container and the queues of Azurite" {
  start_lending
  client ingest.js "$work"
  [[ -z $(find "$work/served/uploads" -name 'message-*' -o -name 'told-*') ]]
  lent=$(curl -s "$url/v1/rest/mgmt" -d '{"csl":".get ingestion resources"}' |
    jq -r '.Tables[0].Rows[] | select(.[0] == "TempStorage") | .[1]')
  [[ $lent == "$blob_url/sluice-ingest?"* ]]
  # What was ingested is deleted there; `numbers.json` was named by no message.
  [[ $(curl -s "$lent&restype=container&comp=list" | grep -o '<Name>[^<]*' | sed 's/<Name>//') == numbers.json ]]
  ! grep -qF "$account_key" "$work/serve.log"
}

@test "other hosts, foreign pages and wrong tokens stay outside" {
  printf 'the-token\n' >"$work/token" && chmod 600 "$work/token"
  start_serving
  status_of() { curl -s -o /dev/null -w '%{http_code}' "$url/v1/rest/query" -d '{"csl":"print 1"}' "$@"; }
  [ "$(status_of)" = 200 ]
  [ "$(status_of -H 'Host: rebound.example')" = 403 ]
  [ "$(status_of -H 'Origin: https://page.example')" = 403 ]
  stop_serving
  start_serving --token "file:$work/token" --allow-origin https://page.example
  [ "$(status_of)" = 401 ]
  [ "$(status_of -H 'Authorization: Bearer other')" = 401 ]
  [ "$(status_of -H 'Authorization: Bearer the-token' -H 'Origin: https://page.example')" = 200 ]
  stop_serving
  run "$SLUICE" serve --store "$work/served" --listen 0.0.0.0:0
  [ "$status" = 64 ]
  [[ $output == *token* ]]
}

@test "https with a certificate, answers and questions compressed" {
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 \
    -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 2>/dev/null
  start_serving --certificate "$work/cert.pem" --key "$work/key.pem"
  [[ $url == https:* ]]
  printf '{"csl":"range x from 1 to 5000 step 1"}' | gzip >"$work/body"
  curl -s --cacert "$work/cert.pem" --compressed -H 'Content-Encoding: gzip' "$url/v1/rest/query" \
    --data-binary @"$work/body" -D "$work/head" >"$work/answer"
  grep -qi '^content-encoding: gzip' "$work/head"
  [ "$(jq '.Tables[0].Rows | length' "$work/answer")" = 5000 ]
}

@test "one client's reading order: fragments, a frame a line, keys in their places" {
  start_serving
  curl -s "$url/v2/rest/query" -d '{"csl":"range x from 1 to 3 step 1","properties":"{\"Options\":{\"results_v2_newlines_between_frames\":true,\"results_v2_fragment_primary_tables\":true}}"}' >"$work/frames"
  [[ $(sed -n 1p "$work/frames") == '[{"FrameType":"DataSetHeader","IsProgressive":false,"Version":"v2.0","IsFragmented":true,"ErrorReportingPlacement":"EndOfTable"}' ]]
  [[ $(sed -n 2p "$work/frames") == ',{"FrameType":"DataTable","TableId":0,"TableKind":"QueryProperties",'* ]]
  [[ $(sed -n 3p "$work/frames") == ',{"FrameType":"TableHeader","TableId":1,"TableKind":"PrimaryResult","TableName":"PrimaryResult","Columns":'* ]]
  [[ $(sed -n 4p "$work/frames") == ',{"FrameType":"TableFragment","TableFragmentType":"DataAppend","TableId":1,"Rows":[[1],[2],[3]]}' ]]
  [[ $(sed -n 5p "$work/frames") == ',{"FrameType":"TableCompletion","TableId":1,"RowCount":3}' ]]
  [[ $(tail -n 1 "$work/frames") == ']' ]]
  jq -e . "$work/frames" >/dev/null
}

@test "the ends of long keep their digits" {
  start_serving
  curl -s "$url/v2/rest/query" -d '{"csl":"print 9223372036854775807, long(-9223372036854775808)"}' >"$work/answer"
  grep -q '"Rows":\[\[9223372036854775807,-9223372036854775808\]\]' "$work/answer"
}

@test "a query is cancelled by its client request id" {
  start_serving
  curl -s "$url/v1/rest/query" -H 'x-ms-client-request-id: long-one' -o "$work/answer" \
    -d '{"csl":"range x from 1 to 1000000 step 1 | extend k = 1 | join kind=inner (range y from 1 to 1000000 step 1 | extend k = 1) on k | count"}' 3>&- &
  query_pid=$!
  for _ in $(seq 100); do
    answer=$(curl -s "$url/v1/rest/mgmt" -d '{"csl":".cancel query \"long-one\""}')
    [[ $answer == *true* ]] && break
  done
  wait "$query_pid"
  jq -e '.error."@message" | contains("stopped")' "$work/answer"
}

@test "sluice query --cluster: values of every type, parameters, commands, failures" {
  start_serving
  ask() { "$SLUICE" query --cluster "$url" --database sluice --format ndjson "$@"; }
  values='print b = true, i = int(-7), l = 9223372036854775807, r = 0.1, n = real(nan), s = "ä€😀", e = "",
    d = datetime(9999-12-31 23:59:59.9999999), t = -1d - 1tick, g = guid(74be27de-1e4e-49d9-b579-fe0b331d3642),
    y = dynamic({"a": [1, null, "x"]}), z = dynamic(null), m = real(+inf)'
  [ "$(ask "$values")" = "$("$SLUICE" query --format ndjson "$values")" ]
  [ "$(ask --parameter n=41 'declare query_parameters(n: long); print x = n + 1')" = '{"x":42}' ]
  [ "$(ask --page-rows 2 --parameter n=3 'declare query_parameters(n: long); range x from 1 to n step 1' | wc -l)" = 3 ]
  [[ $(ask '.show tables | where TableName == "Cases" | project TableName') == '{"TableName":"Cases"}' ]]
  [ "$(ask --limit 3 'range x from 1 to 10 step 1' | wc -l)" = 3 ]
  run ask 'Nowhere | count'
  [ "$status" = 64 ]
  [[ $output == *Nowhere* ]]
  run "$SLUICE" query --cluster http://cluster.example --database d 'print 1'
  [ "$status" = 64 ]
  printf 'the-token\n' >"$work/token" && chmod 600 "$work/token"
  stop_serving
  start_serving --token "file:$work/token"
  run ask 'print 1'
  [ "$status" = 77 ]
  [ "$(ask --token "file:$work/token" 'print x = 1')" = '{"x":1}' ]
}

@test "runs deliver to the store while it is served, and all ways to ask give the same rows" {
  start_tenant --events 3000
  write_config
  start_serving
  stop_serving
  "$SLUICE" serve -c "$work/sluice.yaml" --listen 127.0.0.1:0 --address-file "$work/address2" 2>>"$work/serve.log" 3>&- &
  serve_pid=$!
  for _ in $(seq 100); do [[ -s $work/address2 ]] && break; read -rt 0.1 <> <(:) || :; done
  url=$(<"$work/address2")
  curl -s "$url/v1/rest/query" -d '{"csl":"AuditRecords | count"}' >/dev/null
  "$SLUICE" run --once -c "$work/sluice.yaml" 2>"$work/run.log"
  assert_truth
  query='AuditRecords | project Id, RecordType, CreationTime, Operation, AdditionalFields | sort by Id asc'
  "$SLUICE" query --store "$work/store" --format kusto-v2 "$query" | jq -S '.[2].Rows' >"$work/local"
  curl -s "$url/v2/rest/query" -d "$(jq -n --arg q "$query" '{csl: $q}')" | jq -S '.[2].Rows' >"$work/served_rows"
  [ "$(jq length "$work/local")" -gt 10 ]
  cmp "$work/local" "$work/served_rows"
  "$SLUICE" query --store "$work/store" --format ndjson "$query" >"$work/local"
  "$SLUICE" query --cluster "$url" --database sluice --format ndjson "$query" >"$work/asked"
  cmp "$work/local" "$work/asked"
}

@test "who ingests without a pause leaves other processes their turn" {
  start_serving
  curl -s "$url/v1/rest/mgmt" -d '{"csl":".create table Steady (n: long)"}' >/dev/null
  while curl -sf "$url/v1/rest/ingest/sluice/Steady?streamFormat=json" -d '{"n":1}' >>"$work/ingested"; do
    :
  done 3>&- &
  ingesting=$!
  for _ in 1 2; do
    "$SLUICE" query --store "$work/served" --format ndjson 'Steady | where n > 0 | count' >"$work/counted"
    jq -e ".Count > 0" "$work/counted"
  done
  kill -0 "$ingesting"
  stop_serving
  wait "$ingesting" || :
}
