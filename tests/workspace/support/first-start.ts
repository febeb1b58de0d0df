import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";

/** What one case of first-start.sh ends with. */
export interface Outcome {
  readonly case: string;
  /** Exit codes: of the run that was killed or not, of the last of those after it, and of one more. */
  readonly first: number;
  readonly again: number;
  readonly repeated: number;
  /** Commands of the first run. */
  readonly commands: number;
  /** Last line that the last needed run printed. */
  readonly said: string;
  /** Whether the run after success changed nothing. */
  readonly same: boolean;
  readonly fstab: string;
  readonly mounted: string;
  readonly mounts: number;
  readonly label: string;
  readonly owner: string;
  readonly content: string;
  /** Whether the mark of an unfinished format is there. */
  readonly mark: boolean;
  /** Of a workspace only. */
  readonly users: string;
  readonly ready: boolean;
  readonly home: string;
  readonly grown: boolean;
  /** What dnf or systemctl was asked for last. */
  readonly last: string;
}

/** How a host must end, without what tells one case from another. */
export type Prepared = Omit<Outcome, "case" | "first" | "commands">;

export type Volume = "empty" | "kept";

/** Exit code of a process that SIGKILL has ended. */
export const killed = 128 + 9;

/** Runs cases of first-start.sh, each in a mount namespace of its own. @param files folder with the host's files */
export function firstStart(
  host: "workspace" | "clickhouse",
  files: string,
  volume: Volume,
  cases: readonly string[],
): readonly Outcome[] {
  const root = process.getuid?.() === 0 ? [] : ["sudo"];
  const script = path.join(__dirname, "first-start.sh");
  const [file = "", ...args] = [...root, "unshare", "--mount", "bash", script, host, files, volume, ...cases];
  const { status, stdout, stderr } = spawnSync(file, args, { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const outcomes = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Outcome);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.case),
    cases,
  );
  return outcomes;
}

/** A first run, in one piece or killed, ends as prepared. */
export function assertPrepared(found: Outcome, first: number, prepared: Prepared): void {
  const { case: at, first: code, commands, ...outcome } = found;
  assert.deepEqual({ code, ...outcome }, { code: first, ...prepared }, `${at} of ${String(commands)}`);
}

/**
 * Runs a bootstrap in one piece, then kills it at each `every`th command and runs it again: each time the host must end alike.
 * @param least commands that the bootstrap has at least
 */
export function assertHeals(
  run: (cases: readonly string[]) => readonly Outcome[],
  prepared: Prepared,
  { least, every = 1 }: { readonly least: number; readonly every?: number },
): void {
  const [plain] = run(["none"]);
  assert.ok(plain);
  assertPrepared(plain, 0, prepared);
  assert.ok(plain.commands > least, String(plain.commands));
  const cases = Array.from({ length: plain.commands }, (_, index) => index + 1).filter((at) => at % every === 0);
  for (const outcome of run(cases.map(String))) assertPrepared(outcome, killed, prepared);
}
