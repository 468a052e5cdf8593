#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Stories of all paths, told in every order: the cases are those that the stories say. Two thousand of
# them are enough for scripts/test.

@test "two hundred thousand stories make the cases that they tell of" {
  "${CASE_STORIES:?set CASE_STORIES to the program}" "${SOAK_STORIES:-200000}" >&3
}
