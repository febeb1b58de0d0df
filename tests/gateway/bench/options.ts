import { Agent } from "node:https";
import { cpus } from "node:os";
import type { ContainerPlan } from "../../../components/gateway/containers";
import { serviceContainers } from "../../../components/gateway/containers";
import { Client } from "../support/client";
import { departmentState, onboard } from "../support/departments";
import type { Container, Gateway } from "../support/gateway";
import { World } from "../support/world";
import { backgroundOf, median, millisecondsOf, peakMemory } from "./processor";
import { conversation } from "./prompts";
import { tried, type Option } from "./tried";

/**
 * What each option of LiteLLM and Python gives, beside the task as deployed and in turns with it: `npm run bench:gateway -- options`, or only some:
 * `BENCH_OPTIONS="asyncio,1 worker"`.
 */
const rounds = Number(process.env["BENCH_ROUNDS"] ?? 4);
const wanted = process.env["BENCH_OPTIONS"]?.split(",");
const sizes = [10_000, 100_000, 400_000] as const;
const columns = ["10 KB", "100 KB", "400 KB", "requests a second of 100 KB"] as const;
type Kind = "deployed" | "option";

/** The task's plan and containers with the option. */
function withOption(plan: ContainerPlan, option: Option): { plan: ContainerPlan; containers: [Container, Container] } {
  const configuration = option.files?.(plan.configuration) ?? plan.configuration;
  const changed = { ...plan, configuration };
  const [bootstrap, litellm] = serviceContainers(changed) as unknown as readonly [Container, Container];
  const environment = Object.entries(option.environment ?? {}).map(([name, value]) => ({ name, value }));
  const command = litellm.command.map((word, at, all) =>
    all[at - 1] === "--num_workers" && option.workers !== undefined ? String(option.workers) : word,
  );
  return {
    plan: changed,
    containers: [bootstrap, { ...litellm, command, environment: [...litellm.environment, ...environment] }],
  };
}

/** Sends `count` prompts, some in flight at a time, as an agent does: streamed. */
function sender(client: Client, key: string, gateway: Gateway, bytes: number) {
  const agent = new Agent({ keepAlive: false, rejectUnauthorized: false, maxSockets: 64 });
  const more = { messages: conversation(bytes), stream: true, stream_options: { include_usage: true } };
  return async (count: number, inFlight = 4) => {
    let left = count;
    const run = async () => {
      while (left-- > 0) {
        const answer = await client.chat({ key, url: gateway.url, agent, model: "light", more });
        if (answer.status !== 200) throw new Error(Client.words(answer));
      }
    };
    await Promise.all(Array.from({ length: inFlight }, run));
  };
}

/** One row: the option's numbers to those of the task as deployed. */
async function compare(world: World, client: Client, key: string, option: Option): Promise<string> {
  const { plan, containers } = withOption(world.plan, option);
  await world.putConfiguration(plan.configuration);
  const name = option.name.replaceAll(/[^a-z0-9]+/gi, "-");
  const tasks = { deployed: world.gateways[0]!, option: await world.startGateway(name, plan, containers) };
  const send = (kind: Kind, bytes: number) => sender(client, key, tasks[kind], bytes);
  const ratios: number[][] = columns.map(() => []);
  for (const kind of ["deployed", "option"] as const) for (const size of sizes) await send(kind, size)(16);
  for (let round = 0; round < rounds; round++) {
    const background = await backgroundOf(tasks, 6);
    const found: Record<Kind, number[]> = { deployed: [], option: [] };
    for (const size of sizes) {
      // Who goes first changes, so that a drift of the machine falls on both.
      for (const kind of round % 2 === 0 ? (["deployed", "option"] as const) : (["option", "deployed"] as const))
        found[kind].push(await millisecondsOf(tasks[kind], background[kind], 24, send(kind, size)));
    }
    for (const kind of ["deployed", "option"] as const) {
      const started = performance.now();
      await send(kind, 100_000)(64, 8);
      found[kind].push(64_000 / (performance.now() - started));
    }
    world.bedrock.requests.length = 0;
    console.error(`${option.name}, round ${String(round + 1)}: ${JSON.stringify(found)}`);
    ratios.forEach((column, at) => column.push(found.option[at]! / found.deployed[at]!));
  }
  const memory = peakMemory(tasks.option);
  await tasks.option.stop();
  const cells = ratios.map(
    (column) => `${median(column).toFixed(2)} (${Math.min(...column).toFixed(2)} to ${Math.max(...column).toFixed(2)})`,
  );
  return `| ${[option.name, ...cells, memory.toFixed(0)].join(" | ")} |`;
}

async function main(): Promise<void> {
  // Functions say what they do by objects; this command's own lines are text.
  console.info = () => undefined;
  const world = await World.start(1);
  const client = new Client(world);
  try {
    const state = departmentState("options", { a: {} }, { monthlyBudgetUsd: 1000 });
    const key = (await onboard(world, state))["a"]!;
    const model = cpus()[0]?.model.trim() ?? "?";
    console.log(
      `${new Date().toISOString().slice(0, 10)}, ${String(cpus().length)} × ${model}, ${String(rounds)} rounds in turns\n`,
    );
    console.log(`| to the task as deployed | ${columns.join(" | ")} | memory of a worker, MB |`);
    console.log(`| --- |${" ---: |".repeat(columns.length + 1)}`);
    for (const option of tried.filter(({ name }) => wanted === undefined || wanted.includes(name)))
      console.log(await compare(world, client, key, option));
  } finally {
    client.close();
    await world.stop();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
