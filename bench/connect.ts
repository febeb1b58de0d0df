import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { loadStackFiles, readStackFiles } from "../config";
import { medians } from "./measure";

const home = path.join(__dirname, "..");
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 9);
const run = promisify(execFile);

/**
 * The own time of `npm run connect`, without AWS's programs: the kept bundle and the TypeScript loader, each against a Node that does
 * nothing. Both must print the same.
 */
async function main(): Promise<void> {
  const [person] = loadStackFiles(readStackFiles(home)).flatMap(({ department }) => department?.developers ?? []);
  assert.ok(person, "no developer in stacks/");
  const node = async (...args: string[]): Promise<string> => (await run(process.execPath, args, { cwd: home })).stdout;
  const works = {
    node: () => node("-e", "0"),
    bundle: () => node("cli/connect/start.cjs", person.id, "--print"),
    loader: () => node("-r", "tsx/cjs", "cli/main.ts", "connect", person.id, "--print"),
  };
  assert.equal(await works.bundle(), await works.loader());
  const times = await medians(works, ROUNDS);
  row(`${ROUNDS} rounds`, "ms", "less Node, ms", "ratio to the bundle");
  const own = times.bundle - times.node;
  for (const [name, ms] of Object.entries(times))
    row(name, ms.toFixed(0), (ms - times.node).toFixed(0), ((ms - times.node) / own).toFixed(2));
}

const row = (...cells: readonly string[]): void => console.log(cells.map((cell) => cell.padEnd(20)).join(""));

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
