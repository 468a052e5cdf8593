# SPDX-License-Identifier: Apache-2.0
# Serves a store to Microsoft's client libraries. Load it behind ../end_to_end/tenant. SLUICE names the program
# under test.

setup() {
  : "${SLUICE:?set SLUICE to the program under test}" "${SLUICE_SOURCE_DIR:?}"
  work=$BATS_TEST_TMPDIR
  serve_pid=
  tenant_pid=
}

teardown() {
  [[ -z $serve_pid ]] || stop_serving
  stop_tenant
}

# start_serving [OPTION...]: serves $work/served until the test ends; $url is where.
start_serving() {
  rm -f "$work/address"
  "$SLUICE" serve --store "$work/served" --listen 127.0.0.1:0 --address-file "$work/address" "$@" \
    2>>"$work/serve.log" 3>&- &
  serve_pid=$!
  for _ in $(seq 600); do
    [[ -s $work/address ]] && break
    kill -0 "$serve_pid" || { cat "$work/serve.log"; return 1; }
    read -rt 0.1 <> <(:) || :
  done
  url=$(<"$work/address")
}

stop_serving() {
  kill "$serve_pid" 2>/dev/null || :
  wait "$serve_pid" 2>/dev/null || :
  serve_pid=
}

# client SCRIPT [ARGUMENT...]: runs a script of this folder against the endpoint.
client() {
  local script=$1
  shift
  NODE_PATH=$SLUICE_SOURCE_DIR/tests/services/node_modules \
    "$SLUICE_SOURCE_DIR/tests/services/node" "$SLUICE_SOURCE_DIR/tests/kusto_clients/$script" "$url" "$@"
}
