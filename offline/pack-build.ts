import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const STAMP = "sources.sha256";

/** The policy pack does not build, start or answer. */
export class PackError extends Error {
  override readonly name = "PackError";
}

/** Running builds of packs in this process, so that each is built once. */
const underWay = new Map<string, Promise<boolean>>();

/**
 * Builds the policy pack in `folder` unless its build matches the sources. A missing build would
 * make the SDK type-check the sources at every start; a stale one would silently judge by old
 * rules. Returns whether it built.
 */
export function buildPack(folder: string): Promise<boolean> {
  const running = underWay.get(folder) ?? build(folder).finally(() => underWay.delete(folder));
  underWay.set(folder, running);
  return running;
}

async function build(folder: string): Promise<boolean> {
  const stamp = path.join(folder, "dist", STAMP);
  const digest = digestOf(folder);
  if (existsSync(path.join(folder, "dist", "index.js")) && existsSync(stamp) && readFileSync(stamp, "utf8") === digest)
    return false;
  try {
    await promisify(execFile)(process.execPath, ["build.mjs"], { cwd: folder });
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr).split(/\n(?:\s+at |node:)/)[0] ?? "";
    throw new PackError(`the policy pack in ${folder} does not build:\n${said}`, { cause: error });
  }
  writeFileSync(stamp, digest);
  return true;
}

/** SHA-256 over all inputs of the build in the folder. */
function digestOf(folder: string): string {
  const hash = createHash("sha256");
  const add = (entry: string): void => {
    const file = path.join(folder, entry);
    if (!existsSync(file)) return;
    if (/\.\w+$/.test(entry)) hash.update(`${entry}\0`).update(readFileSync(file)).update("\0");
    else for (const child of readdirSync(file).sort()) add(`${entry}/${child}`);
  };
  for (const entry of ["src", "package.json", "build.mjs"]) add(entry);
  return hash.digest("hex");
}
