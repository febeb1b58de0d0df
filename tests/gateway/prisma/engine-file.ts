import { buildSync } from "esbuild";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cacheFolder } from "../../engine/support/cli";
import { installed } from "./paths";

/**
 * The query engine as prisma-client-py starts it: an executable in the cache, named by what it is made of. It is one JavaScript file, since
 * each start of a worker, and each `--version`, waits for it.
 */
export function queryEngine(modules = installed("GATEWAY_NODE_MODULES")): string {
  const { outputFiles } = buildSync({
    entryPoints: [path.join(__dirname, "engine/main.ts")],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "error",
  });
  const script = outputFiles[0]?.contents ?? new Uint8Array();
  const hash = createHash("sha256").update(script).update(modules).update(process.execPath).digest("hex").slice(0, 16);
  const folder = path.join(cacheFolder(), "gateway", `engine-${hash}`);
  const executable = path.join(folder, "query-engine");
  if (existsSync(executable)) return executable;
  // Made under a name of its own: another run may be making the same.
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  writeFileSync(path.join(unfinished, "engine.js"), script);
  const wrapper = path.join(unfinished, "query-engine");
  const start = `GATEWAY_NODE_MODULES='${modules}' exec '${process.execPath}' '${path.join(folder, "engine.js")}' "$@"`;
  writeFileSync(wrapper, `#!/bin/sh\n${start}\n`);
  chmodSync(wrapper, 0o755);
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true });
    if (!existsSync(executable)) throw error;
  }
  return executable;
}
