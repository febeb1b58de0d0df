import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildFunctions } from "../functions/build";
import { judge } from "../offline/judge";
import { startPack } from "../offline/pack-client";
import { medians } from "./measure";
import { deployedResources } from "./resources";

const home = path.join(__dirname, "..");
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
const REGION = "ap-northeast-1";
const RESOURCES = 1000;

/**
 * This pack against AWSGuard, Pulumi's own pack for AWS: boot, and judging the same 1,000 resources on the same client, in turns in one run.
 * AWSGuard wants an older @pulumi/aws, so it lives in a cache folder and is no dependency.
 */
async function main(): Promise<void> {
  buildFunctions(home);
  const own = path.join(home, "policy-pack");
  const guard = awsGuard();
  const resources = await deployedResources(RESOURCES);
  const boot = async (folder: string): Promise<void> => (await startPack(folder)).close();
  const boots = await medians({ own: () => boot(own), guard: () => boot(guard) }, ROUNDS);
  const packs = { own: await startPack(own), guard: await startPack(guard) };
  try {
    const judging = await medians(
      { own: () => judge(packs.own, resources, REGION), guard: () => judge(packs.guard, resources, REGION) },
      ROUNDS,
    );
    const counts = { own: packs.own.policies().length, guard: packs.guard.policies().length };
    const each = (name: "own" | "guard"): number => judging[name] / resources.length;
    const row = (what: string, mine: number, theirs: number, digits: number): void =>
      console.log(
        `${what.padEnd(34)}${mine.toFixed(digits).padStart(10)}${theirs.toFixed(digits).padStart(10)}${(mine / theirs).toFixed(2).padStart(8)}×`,
      );
    console.log(
      `${`${resources.length} resources, ${ROUNDS} rounds`.padEnd(34)}${"own".padStart(10)}${"AWSGuard".padStart(10)}   ratio`,
    );
    row("policies", counts.own, counts.guard, 0);
    row("boot, ms", boots.own, boots.guard, 0);
    row("judging, ms a resource", each("own"), each("guard"), 3);
    row(
      "judging, µs a resource and policy",
      (1000 * each("own")) / counts.own,
      (1000 * each("guard")) / counts.guard,
      2,
    );
    row("total, ms (aim: ratio at most 1)", boots.own + judging.own, boots.guard + judging.guard, 0);
  } finally {
    await Promise.all([packs.own.close(), packs.guard.close()]);
  }
}

/** AWSGuard as a pack with every rule on; installed on first use. */
function awsGuard(): string {
  const folder = path.join(home, ".cache/awsguard");
  if (!existsSync(path.join(folder, "node_modules/@pulumi/awsguard"))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "package.json"), "{}");
    const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "@pulumi/awsguard@0.3.1"];
    if (spawnSync("npm", install, { cwd: folder, stdio: "inherit" }).status !== 0)
      throw new Error("@pulumi/awsguard 0.3.1 could not be installed");
  }
  mkdirSync(path.join(folder, "dist"), { recursive: true });
  const index = 'const { AwsGuard } = require("@pulumi/awsguard");\nnew AwsGuard({ all: "mandatory" });\n';
  writeFileSync(path.join(folder, "dist/index.js"), index);
  writeFileSync(
    path.join(folder, "package.json"),
    '{ "name": "awsguard", "version": "0.3.1", "main": "dist/index.js", "dependencies": { "@pulumi/awsguard": "0.3.1" } }\n',
  );
  writeFileSync(path.join(folder, "PulumiPolicy.yaml"), "runtime: { name: nodejs, options: { typescript: false } }\n");
  writeFileSync(path.join(folder, "build.mjs"), "");
  return folder;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
