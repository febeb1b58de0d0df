import path from "node:path";
import { projectName, stackConfig } from "../cli/stack-config";
import { buildFunctions } from "../functions/build";
import { judge } from "../offline/judge";
import { startPack } from "../offline/pack-client";
import { runProgram, type ProgramRun } from "../offline/run";
import type { RawProps } from "../offline/values";
import { median, medians, timed } from "./measure";
import { benchProject, emptyPack } from "./project";

const home = path.join(__dirname, "..");
const SIZES = [10, 50, 250] as const;
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);

/**
 * What a preview costs, as ratios of things measured in turns in one run, since seconds say more of the machine than of the program:
 * a 50-developer department against as many plain security groups, growth by developers, the pack's boot against an empty pack's.
 */
async function main(): Promise<void> {
  buildFunctions(home);
  const project = benchProject(SIZES);
  const empty = emptyPack(home);
  try {
    const runs = await programs(project.root);
    await boots(empty.root);
    await judging(runs);
  } finally {
    project.remove();
    empty.remove();
  }
}

/** Times the programs' child processes; pack and platform run are left out. Gives the largest department's run. */
async function programs(root: string): Promise<ProgramRun> {
  const project = projectName(root);
  const run = (stack: string, preview: boolean, references: Readonly<Record<string, RawProps>>): Promise<ProgramRun> =>
    runProgram({
      program: path.join(root, "index.ts"),
      root,
      stack,
      project,
      preview,
      references,
      config: { ...stackConfig(root, project, stack), ...(!preview && { "cline:offline": "true" }) },
    });
  const platform = await run("platform", false, {});
  const references = { [`organization/${project}/platform`]: platform.outputs };
  const department = (size: number) => run(`bench-${size}`, true, references);
  const fifty = await department(50);
  const bare = (count: number) =>
    runProgram({
      program: path.join(home, "bench/fixtures/bare.ts"),
      root: home,
      stack: "bare",
      config: { "cline:count": String(count) },
    });
  const count = fifty.resources.length - 1;
  const times = await medians(
    { fifty: () => department(50), bare: () => bare(count), ten: () => department(10), large: () => department(250) },
    ROUNDS,
  );
  const largest = await department(250);
  say(`department of 50 developers: ${fifty.resources.length} resources`, times.fifty);
  say(`${count} plain security groups on the same monitor`, times.bare);
  ratio("department against plain security groups", times.fifty / times.bare, 1.5);
  say("department of 10 developers", times.ten);
  say(`department of 250 developers: ${largest.resources.length} resources`, times.large);
  const [early, late] = [(times.fifty - times.ten) / 40, (times.large - times.fifty) / 200];
  say("each developer more, from 10 to 50", early);
  say("each developer more, from 50 to 250", late);
  ratio("growth: a later developer against an earlier one", late / early, 1.3);
  return largest;
}

async function boots(empty: string): Promise<void> {
  const boot = async (folder: string): Promise<void> => (await startPack(folder)).close();
  const times = await medians({ own: () => boot(path.join(home, "policy-pack")), empty: () => boot(empty) }, ROUNDS);
  say("the pack's boot", times.own);
  say("an empty pack's boot", times.empty);
  ratio("boot against an empty pack's", times.own / times.empty, 1.2);
}

async function judging(run: ProgramRun): Promise<void> {
  const pack = await startPack(path.join(home, "policy-pack"));
  try {
    const times: number[] = [];
    for (let round = 0; round <= ROUNDS; round++)
      times.push(await timed(() => judge(pack, run.resources, "ap-northeast-1")));
    const time = median(times.slice(1));
    say(
      `${pack.policies().length} policies over ${run.resources.length} resources, 32 in flight, and the whole stack`,
      time,
    );
    say("a resource", time / run.resources.length);
  } finally {
    await pack.close();
  }
}

const say = (what: string, milliseconds: number): void =>
  console.log(`${(milliseconds >= 100 ? milliseconds.toFixed(0) : milliseconds.toFixed(2)).padStart(8)} ms  ${what}`);

const ratio = (what: string, value: number, aim: number): void =>
  console.log(
    `${value.toFixed(2).padStart(8)} ×   ${what} (aim: at most ${aim.toFixed(1)}${value <= aim ? "" : ", missed"})`,
  );

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
