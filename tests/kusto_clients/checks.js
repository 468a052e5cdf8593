// SPDX-License-Identifier: Apache-2.0
'use strict';

/// Runs the checks one after another, prints a line for each, and ends the process: well when all went well.
async function run(checks) {
  let failed = 0;
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
      console.log(`ok ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`not ok ${name}: ${error.stack ?? error}\n${JSON.stringify(error.response?.data ?? '')}`);
    }
  }
  process.exit(failed === 0 ? 0 : 1);
}

module.exports = { run };
