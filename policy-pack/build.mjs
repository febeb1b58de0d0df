// Bundles the pack to dist/index.js. The engine runs that file; without it it would type-check src/ at every start.
import { build } from "esbuild";
import { copyFileSync } from "node:fs";
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
// Read when the first AWS-managed policy is judged, so that no start pays for it.
const table = "aws-managed-policies.json";
copyFileSync(path.join(home, "src/data", table), path.join(home, "dist", table));
