import { chmodSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Older unfinished files are leftovers of a run that was killed, in milliseconds. */
const leftover = 60_000;

/** Replaces a file in one step, and removes what killed runs left beside it. */
export function replaceFile(file: string, content: string | Buffer, mode: number): void {
  const folder = path.dirname(file);
  const unfinished = `.${path.basename(file)}.cline-`;
  for (const name of readdirSync(folder))
    if (name.startsWith(unfinished) && age(path.join(folder, name)) > leftover)
      rmSync(path.join(folder, name), { force: true });
  const fresh = path.join(folder, `${unfinished}${process.pid}`);
  try {
    writeFileSync(fresh, content, { mode: 0o600, flag: "wx" });
    chmodSync(fresh, mode);
    renameSync(fresh, file);
  } finally {
    rmSync(fresh, { force: true });
  }
}

/** Milliseconds since a file was written; none where another run has just renamed it. */
function age(file: string): number {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}
