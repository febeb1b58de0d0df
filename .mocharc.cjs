"use strict";

module.exports = {
  require: ["./tests/support/stacks-guard.cjs", "tsx/cjs", "tests/setup.ts", "tests/support/quiet.ts"],
  forbidOnly: true,
  forbidPending: true,
  timeout: 120000,
  reporter: "dot",
  // With --parallel, as `npm test` runs: each process takes 1 to 2 GB.
  jobs: Math.min(4, require("node:os").availableParallelism()),
};
