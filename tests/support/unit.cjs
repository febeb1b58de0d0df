"use strict";
// The unit tier takes seconds because it starts no process: no build, no command, no policy pack. A
// test that does belongs to `npm test` alone.
const childProcess = require("node:child_process");
const { syncBuiltinESMExports } = require("node:module");

for (const name of ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"])
  childProcess[name] = () => {
    throw new Error(`a unit test calls ${name}; leave its file out of test:unit in package.json`);
  };
syncBuiltinESMExports();
