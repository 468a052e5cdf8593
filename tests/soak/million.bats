#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The main job at full size. Each step compares the ids in the store with the tenant's truth file.

load ../end_to_end/tenant
load campaign

@test "a million events with the default faults" {
  campaign --faults default
}

@test "a million events of a hostile tenant" {
  campaign --faults hostile --token-lifetime 60s --rows-per-page 20
  [ "$(curl -s "$tenant_url/simulator/report" | jq '.trap_hits + .without_publisher + .misplaced_tokens')" = 0 ]
}
