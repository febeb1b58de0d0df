import { createHash, type Hash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";

/** What the functions' code is made of, besides the packages that package-lock.json pins. */
const sources = ["functions", "config", "package-lock.json"];

/** Names of all functions: the folders with a handler.ts, sorted. */
export function functionNames(root: string): readonly string[] {
  const folder = path.join(root, "functions");
  return readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, "handler.ts")))
    .sort();
}

/** The folder that Lambda runs a function from: one index.js that exports `handler`, with every package inside. */
export const bundleFolder = (root: string, name: string): string => path.join(root, "functions", "dist", name);

/**
 * Bundles every function into `functions/dist/NAME/index.js` and says whether it had to. The bytes depend on sources and pinned packages
 * only, not on where the repository lies, so an asset's hash changes when its code does. Does nothing when no source has changed.
 */
export function buildFunctions(root: string): boolean {
  const stamp = path.join(root, "functions", "dist", "sources.sha256");
  const digest = digestOf(root, sources);
  const names = functionNames(root);
  const built = names.every((name) => existsSync(path.join(bundleFolder(root, name), "index.js")));
  if (built && existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return false;
  for (const name of names) bundle(root, name);
  for (const stale of readdirSync(path.join(root, "functions", "dist"), { withFileTypes: true })) {
    if (stale.isDirectory() && !names.includes(stale.name)) rmSync(bundleFolder(root, stale.name), { recursive: true });
  }
  replaceFile(stamp, digest);
  return true;
}

function bundle(root: string, name: string): void {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [path.join(root, "functions", name, "handler.ts")],
    bundle: true,
    write: false,
    platform: "node",
    target: "node22",
    format: "cjs",
    minify: true,
    keepNames: true,
    legalComments: "none",
    // node_modules may be a link: names inside the bundle must not say where it leads.
    preserveSymlinks: true,
    // pg's native binding, which it asks for only when told to.
    external: ["pg-native"],
    logLevel: "silent",
  });
  const code = outputFiles[0];
  if (code === undefined) throw new Error(`functions/${name}/handler.ts: esbuild gave no output`);
  mkdirSync(bundleFolder(root, name), { recursive: true });
  replaceFile(path.join(bundleFolder(root, name), "index.js"), code.text);
}

/** Another process that reads or builds at the same time sees the old file or the new one, never half of one. */
function replaceFile(file: string, content: string): void {
  const draft = `${file}.${String(process.pid)}`;
  writeFileSync(draft, content);
  renameSync(draft, file);
}

function digestOf(root: string, entries: readonly string[]): string {
  const hash = createHash("sha256");
  for (const entry of entries) addTo(hash, root, entry);
  return hash.digest("hex");
}

function addTo(hash: Hash, root: string, entry: string): void {
  const full = path.join(root, entry);
  if (!/\.(ts|json)$/.test(entry)) {
    for (const child of readdirSync(full).sort()) {
      if (child !== "dist" && (!child.includes(".") || child.endsWith(".ts"))) addTo(hash, root, `${entry}/${child}`);
    }
    return;
  }
  hash.update(`${entry}\0`).update(readFileSync(full)).update("\0");
}

if (require.main === module) buildFunctions(path.join(__dirname, ".."));
