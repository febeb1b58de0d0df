import { execFileSync } from "node:child_process";
import { Agent } from "node:https";
import { cpus } from "node:os";
import { resolve } from "node:path";
import { requestLimits } from "../../../components/gateway/bounds";
import { runCommand } from "../../engine/support/command";
import { Client } from "../support/client";
import { departmentState, onboard, profileOf } from "../support/departments";
import type { Gateway } from "../support/gateway";
import { roomy, World } from "../support/world";
import { buildOf } from "./earlier";
import type { Probe, Probed } from "./probe";
import { backgroundOf, median, millisecondsOf, peakMemory, quantile } from "./processor";
import { conversation } from "./prompts";

/** The build to compare with: the last one that had no edge before LiteLLM. */
const earlier = process.env["BENCH_COMMIT"] ?? "0dc4a3f";
const rounds = Number(process.env["BENCH_ROUNDS"] ?? 4);
const department = "bench";
const kb = 1000;
/** Kilobytes of an agent's turns: at its begin, in its middle, before the conversation is cut. */
const sizes = [10, 100, 400] as const;

const kinds = ["earlier", "now"] as const;
type Kind = (typeof kinds)[number];
const both = <T>(make: () => T): Record<Kind, T> => ({ earlier: make(), now: make() });

class Bench {
  private readonly agent = new Agent({ keepAlive: false, rejectUnauthorized: false, maxSockets: 64 });

  constructor(
    private readonly world: World,
    private readonly client: Client,
    private readonly keys: Readonly<Record<string, string>>,
  ) {}

  /** One prompt, and that it was answered. Some are too large for the earlier build, which then says so. */
  async ask(gateway: Gateway, bytes: number, who: string, model = "light", refusable = false): Promise<void> {
    // The earlier build refuses a stream that asks for no use.
    const more = { messages: conversation(bytes), stream: true, stream_options: { include_usage: true } };
    const answer = await this.client.chat({ key: this.keys[who]!, url: gateway.url, agent: this.agent, model, more });
    if (answer.status !== 200 && !(refusable && answer.status === 400)) throw new Error(Client.words(answer));
  }

  /** So many prompts, some of them in flight at a time. */
  async send(gateway: Gateway, bytes: number, count: number, inFlight: number): Promise<void> {
    let left = count;
    const run = async () => {
      while (left-- > 0) await this.ask(gateway, bytes, "a");
    };
    await Promise.all(Array.from({ length: inFlight }, run));
  }

  /** Requests a second with so many in flight. */
  async rate(gateway: Gateway, bytes: number, count: number, inFlight: number): Promise<number> {
    const started = performance.now();
    await this.send(gateway, bytes, count, inFlight);
    return count / ((performance.now() - started) / 1000);
  }

  async probe(gateway: Gateway): Promise<Probed> {
    const probe: Probe = { url: gateway.url, key: this.keys["c"]!, seconds: 12, perSecond: 8 };
    const { stdout, stderr, code } = await runCommand(
      process.execPath,
      ["-r", "tsx/cjs", resolve(__dirname, "probe.ts"), JSON.stringify(probe)],
      { cwd: process.cwd(), env: process.env, deadlineMs: 120_000 },
    );
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Probed;
  }

  /** The probe while four prompts of 1 MB and the largest admitted body are in flight, all the time. */
  async besideLarge(gateway: Gateway): Promise<Probed> {
    const largest = Math.floor(requestLimits.bytes * 0.9);
    let on = true;
    const keep = async (bytes: number, who: string) => {
      while (on) await this.ask(gateway, bytes, who, "strong", true);
    };
    const large = [1e6, 1e6, 1e6, 1e6, largest].map((bytes, at) => keep(bytes, "defg"[at % 4]!));
    const found = await this.probe(gateway);
    on = false;
    await Promise.all(large);
    this.world.bedrock.requests.length = 0;
    return found;
  }
}

async function main(): Promise<void> {
  // Functions say what they do by objects; this command's own lines are text.
  console.info = () => undefined;
  const world = await World.start(1);
  const client = new Client(world);
  try {
    // What the earlier build knows of the platform.
    const { monthlyBudgetUsd, caps } = roomy["cline:platform"];
    const build = buildOf(earlier, world.folder, { monthlyBudgetUsd, caps });
    await world.putConfiguration(build.configuration);
    const tasks: Record<Kind, Gateway> = {
      earlier: await world.startGateway("earlier", world.plan, build.containers),
      now: world.gateways[0]!,
    };
    const keys = await onboard(
      world,
      departmentState(department, Object.fromEntries(Array.from("abcdefg", (id) => [id, {}])), {
        monthlyBudgetUsd: 1000,
      }),
    );
    // A model takes seconds to read a prompt of 1 MB.
    world.bedrock.plan(profileOf(department, "strong"), { firstByteMs: 4000 });
    const bench = new Bench(world, client, keys);
    const cpu = both(() => sizes.map((): number[] => []));
    const rate = both<number[]>(() => []);
    const quiet = both<Probed[]>(() => []);
    const beside = both<Probed[]>(() => []);
    for (const kind of kinds) for (const size of sizes) await bench.send(tasks[kind], size * kb, 16, 4);
    for (let round = 0; round < rounds; round++) {
      const background = await backgroundOf(tasks);
      // Who goes first changes, so that a drift of the machine falls on both.
      for (const kind of round % 2 === 0 ? kinds : [...kinds].reverse()) {
        for (const [at, size] of sizes.entries()) {
          const send = (count: number) => bench.send(tasks[kind], size * kb, count, 4);
          cpu[kind][at]!.push(await millisecondsOf(tasks[kind], background[kind], 24, send));
          world.bedrock.requests.length = 0;
        }
        rate[kind].push(await bench.rate(tasks[kind], 100 * kb, 64, 8));
        world.bedrock.requests.length = 0;
        quiet[kind].push(await bench.probe(tasks[kind]));
        beside[kind].push(await bench.besideLarge(tasks[kind]));
        console.error(
          `round ${round + 1} ${kind}: ${JSON.stringify([...cpu[kind].map((one) => one.at(-1)), rate[kind].at(-1), quantile(quiet[kind].at(-1)!.chat, 0.95), quantile(beside[kind].at(-1)!.chat, 0.95), peakMemory(tasks[kind])])}`,
        );
      }
    }
    const chat = (probed: readonly Probed[]) => probed.flatMap((one) => one.chat);
    /** Medians, and the rounds' ratios: the middle one, the smallest and the largest. */
    const turns = (what: string, of: (kind: Kind) => readonly number[], digits = 0) => {
      const ratios = of("now").map((value, round) => value / of("earlier")[round]!);
      const [a, b] = [median(of("earlier")), median(of("now"))];
      const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
      return `| ${what} | ${a.toFixed(digits)} | ${b.toFixed(digits)} | ${median(ratios).toFixed(2)} | ${range} |`;
    };
    const row = (what: string, of: (kind: Kind) => number, digits = 0) => {
      const [a, b] = [of("earlier"), of("now")];
      return `| ${what} | ${a.toFixed(digits)} | ${b.toFixed(digits)} | ${a === 0 ? "–" : (b / a).toFixed(2)} | |`;
    };
    const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
    const lines = [
      `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? "?"}, ${commit} against ${earlier}, ${rounds} rounds in turns, one task of two workers`,
      "",
      "| measured | earlier | now | now to earlier | in the rounds |",
      "| --- | ---: | ---: | ---: | ---: |",
      ...sizes.map((size, at) => turns(`processor a request of ${String(size)} KB, ms`, (kind) => cpu[kind][at]!)),
      turns("requests a second of 100 KB", (kind) => rate[kind], 1),
      row("small requests alone, p95, ms", (kind) => quantile(chat(quiet[kind]), 0.95)),
      row("the same beside the large ones, p95, ms", (kind) => quantile(chat(beside[kind]), 0.95)),
      row("the same, worst, ms", (kind) => Math.max(...chat(beside[kind]))),
      row(
        "p95 beside the large ones to alone",
        (kind) => quantile(chat(beside[kind]), 0.95) / quantile(chat(quiet[kind]), 0.95),
        2,
      ),
      row("liveliness beside the large ones, worst, ms", (kind) =>
        Math.max(...beside[kind].flatMap((one) => one.liveliness)),
      ),
      row("most memory of a worker, MB", (kind) => peakMemory(tasks[kind])),
      row("small requests not answered 200", (kind) => beside[kind].reduce((sum, one) => sum + one.failed, 0)),
    ];
    console.log(lines.join("\n"));
    await tasks.earlier.stop();
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
