// Bundles the pack to dist/index.js. The engine runs that file; without it it would type-check src/ at every start.
import { build } from "esbuild";
import path from "node:path";
import { fileURLToPath } from "node:url";

const home = path.dirname(fileURLToPath(import.meta.url));
await build({
  absWorkingDir: home,
  entryPoints: ["src/index.ts"],
  outfile: "dist/index.js",
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  sourcemap: true,
  external: ["@pulumi/*"],
  logLevel: "warning",
});
