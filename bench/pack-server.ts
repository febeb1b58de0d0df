import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import path from "node:path";
import { buildFunctions } from "../functions/build";
import { judge, type Verdict } from "../offline/judge";
import { startPack } from "../offline/pack-client";
import { medians } from "./measure";
import { deployedResources } from "./resources";
import { sdkPack } from "./sdk-pack";

const home = path.join(__dirname, "..");
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
const RESOURCES = Number(process.env["BENCH_RESOURCES"] ?? 3000);
const REGION = "ap-northeast-1";

/**
 * The pack with Analyze, AnalyzeStack and Configure of its own (frame/server.ts) against the same policies on the SDK's server alone: boot,
 * and judging the same resources in turns in one run. Both must find the same.
 */
async function main(): Promise<void> {
  buildFunctions(home);
  const folders = { own: path.join(home, "policy-pack"), sdk: sdkPack(home) };
  const resources = await deployedResources(RESOURCES);
  try {
    const boot = async (folder: string): Promise<void> => (await startPack(folder)).close();
    const boots = await medians({ own: () => boot(folders.own), sdk: () => boot(folders.sdk) }, ROUNDS);
    const packs = { own: await startPack(folders.own), sdk: await startPack(folders.sdk) };
    try {
      const judged = (name: "own" | "sdk"): Promise<Verdict> => judge(packs[name], resources, REGION);
      assert.deepEqual(textsOf(await judged("own")), textsOf(await judged("sdk")));
      const times = await medians({ own: () => judged("own"), sdk: () => judged("sdk") }, ROUNDS);
      row(`${resources.length} resources, ${ROUNDS} rounds`, "own", "SDK", "ratio");
      compare("boot, ms", boots.own, boots.sdk, 0);
      compare("judging, ms a resource", times.own / resources.length, times.sdk / resources.length, 2);
    } finally {
      await Promise.all([packs.own.close(), packs.sdk.close()]);
    }
  } finally {
    rmSync(folders.sdk, { recursive: true });
  }
}

const textsOf = ({ findings }: Verdict): string[] => findings.map((finding) => JSON.stringify(finding)).sort();

const row = (what: string, ...cells: string[]): void =>
  console.log(what.padEnd(34) + cells.map((cell) => cell.padStart(10)).join(""));

const compare = (what: string, own: number, sdk: number, digits: number): void =>
  row(what, own.toFixed(digits), sdk.toFixed(digits), `${(sdk / own).toFixed(2)} ×`);

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
