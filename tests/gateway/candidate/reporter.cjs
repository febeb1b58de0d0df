"use strict";
// Mocha's usual report; the titles of what failed go to a file of their own in $CANDIDATE_RESULTS, for the table.
const { writeFileSync } = require("node:fs");
const path = require("node:path");
const { reporters } = require("mocha");

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failed = [];
    runner.on("fail", (test, error) => failed.push(`${test.fullTitle()}: ${String(error.message).split("\n")[0]}`));
    runner.once("end", () => {
      const result = { passed: runner.stats.passes, failed };
      writeFileSync(path.join(process.env["CANDIDATE_RESULTS"], `${process.pid}.json`), JSON.stringify(result));
    });
  }
};
