"use strict";
// Modules that Pulumi.yaml loads into Node before the program: the TypeScript loader, source
// positions of our own files in errors, and immediate error messages.
const { createRequire } = require("node:module");
const util = require("node:util");

require("tsx/cjs");
// Pulumi's runner maps stack frames with this package, which alone does not see a loader's compiled
// output.
createRequire(require.resolve("@pulumi/pulumi"))("source-map-support").install({ hookRequire: true });

// Pulumi prints an uncaught error with util.inspect in colours. Node's colouring of `node_modules`
// never ends on a source-mapped frame such as node_modules/@pulumi/resource.ts. A simple mistake
// would take 20 to 60 seconds and 4 GB to appear.
util.inspect = new Proxy(util.inspect, {
  apply: (inspect, self, [value, options, ...rest]) =>
    Reflect.apply(inspect, self, [value, options?.colors ? { ...options, colors: false } : options, ...rest]),
});
