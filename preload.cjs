"use strict";
// What Pulumi.yaml has Node load before the program: the TypeScript loader, lines of our own files in errors, and errors told at once.
const { createRequire } = require("node:module");
const util = require("node:util");

require("tsx/cjs");
// Pulumi's runner maps stack frames back with this package, which by itself does not see what a loader compiled.
createRequire(require.resolve("@pulumi/pulumi"))("source-map-support").install({ hookRequire: true });

// Pulumi prints an uncaught error with util.inspect in colours, and Node's colouring of `node_modules` never ends on a source-mapped frame
// such as node_modules/@pulumi/resource.ts: 20 to 60 seconds and 4 GB pass before a simple mistake is told.
util.inspect = new Proxy(util.inspect, {
  apply: (inspect, self, [value, options, ...rest]) =>
    Reflect.apply(inspect, self, [value, options?.colors ? { ...options, colors: false } : options, ...rest]),
});
