import { existsSync } from "node:fs";
import path from "node:path";
import { loadStacks, type StackSpec } from "../../config";
import { buildFunctions } from "../../functions/build";
import { buildPack } from "../../offline/pack-build";
import { policyConfig } from "../policy-config";
import { parseFlags, UsageError } from "../usage";
import { awsCli } from "./aws";
import { checkAll } from "./checks";
import { deploy } from "./deployment";
import { orderOf, type Order } from "./order";
import { progressLine, type Progress } from "./progress";
import { pulumiCli, startUp } from "./pulumi";
import { screenOn } from "./screen";
import { stopOnSignals } from "./signals";

export const summary = "checks what a deployment needs, then deploys: the platform first, then departments in parallel";

export const help = `npm run deploy [-- STACK… OPTIONS]

${summary}.
Without a STACK: all of stacks/. It runs \`pulumi up --yes\` with the policy pack for each stack, and asks nothing:
look at \`npm run preview\` first. Credentials are those of the environment, as aws and pulumi read them.

  --check        the checks only
  --plans FOLDER applies the saved plan FOLDER/STACK.json of each stack, and nothing else
  --at-once N    departments at once, 1 to 16; default 4
  --local-state  accepts a state on this machine, and there secrets under a passphrase, for trials
Ctrl-C asks Pulumi to finish what it has begun and waits until the state is saved.
Exit codes: 0 every stack stands (--check: every check passed), 1 a stack failed or was not started, 2 a check failed
or the call has a fault: nothing was changed, 130 stopped by Ctrl-C, with the state saved.
`;

const flags = {
  check: { type: "boolean" },
  plans: { type: "string" },
  "at-once": { type: "string" },
  "local-state": { type: "boolean" },
} as const;

/** Exit codes of this command. */
const exits = { ok: 0, failed: 1, refused: 2, stopped: 130 } as const;

/** Checks, and deploys unless told not to. Resolves with the exit code. */
export async function run(args: readonly string[], root: string): Promise<number> {
  const { values, positionals } = parseFlags(args, flags, help);
  const atOnce = atOnceOf(values["at-once"]);
  const order = orderOf(loadStacks(root), positionals);
  plansBelong(order, values.plans);
  const specs = [...order.platforms, ...order.departments];
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  say(`checking ${specs.map(({ stack }) => stack).join(", ")}`);
  const lines = await check(root, specs, values["local-state"] ?? false);
  if (lines.length > 0) {
    process.stderr.write(`${lines.join("\n")}\n${lines.length} to mend; nothing was changed\n`);
    return exits.refused;
  }
  const next = [...positionals, ...(values["local-state"] === true ? ["--local-state"] : [])];
  const call = ["npm run deploy", ...(next.length > 0 ? ["--", ...next] : [])].join(" ");
  say(`every check passed, ready to apply${values.check === true ? `: ${call}` : ""}`);
  if (values.check === true) return exits.ok;
  if (buildFunctions(root)) say("functions bundled");
  if (await buildPack(path.join(root, "policy-pack"))) say("policy pack built");
  return deployAll(order, root, { atOnce, plans: values.plans });
}

function atOnceOf(text = "4"): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 16) return count;
  throw new UsageError(`--at-once: found ${text}; allowed a whole number from 1 to 16; leave it out for 4`);
}

/** A department's plan rests on the facts of a platform that stands: both are never applied by plans of one moment. */
function plansBelong({ platforms, departments }: Order, plans: string | undefined): void {
  if (plans === undefined) return;
  const specs = [...platforms, ...departments];
  const without = specs.filter(({ stack }) => !existsSync(path.resolve(plans, `${stack}.json`)));
  if (without.length > 0)
    throw new UsageError(
      `--plans: found no ${without.map(({ stack }) => `${stack}.json`).join(", ")} in ${plans}; allowed a plan for each stack; scripts/plan-stacks.sh ${plans} ${specs.map(({ stack }) => stack).join(" ")}`,
    );
  if (platforms.length > 0 && departments.length > 0)
    throw new UsageError(
      "--plans: found a platform with departments; allowed one or the other; deploy the platform, then plan the departments",
    );
}

const check = (root: string, specs: readonly StackSpec[], localState: boolean): Promise<string[]> => {
  const region = specs[0]?.region ?? "us-east-1";
  return checkAll({ root, specs, localState, aws: awsCli(region), pulumi: pulumiCli(root), env: process.env });
};

/** How a run goes. */
interface Run {
  readonly atOnce: number;
  /** Folder of saved plans; absent: what the files say now. */
  readonly plans: string | undefined;
}

/** A second signal to Pulumi would end it before the state is saved. */
const waiting =
  "still saving the state: what was made and not saved would stand in the account and in no state. To end it all the same, send SIGINT to the processes named above.";

async function deployAll(order: Order, root: string, { atOnce, plans }: Run): Promise<number> {
  const screen = screenOn(process.stdout);
  const signals = stopOnSignals(screen.say, waiting);
  const configs = new Map([...order.platforms, ...order.departments].map((spec) => [spec.stack, policyConfig(spec)]));
  const start = (stack: string, onLine: (line: string) => void) =>
    startUp(
      { root, stack, policyConfig: configs.get(stack) ?? "", plan: plans && path.resolve(plans, `${stack}.json`) },
      onLine,
    );
  try {
    const all = await deploy(order, { atOnce, start, screen, stop: signals.stop });
    process.stdout.write(`\n${table(all)}\n`);
    if (all.every(({ phase }) => phase === "done")) return exits.ok;
    return signals.stop.aborted ? exits.stopped : exits.failed;
  } finally {
    signals.end();
  }
}

function table(all: readonly Progress[]): string {
  const width = Math.max(0, ...all.map(({ stack }) => stack.length));
  return all.map((each) => progressLine(each, Date.now(), width)).join("\n");
}
