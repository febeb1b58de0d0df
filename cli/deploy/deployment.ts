import pMap from "p-map";
import type { StackSpec } from "../../config";
import { adviceFor, adviceText, afterStop, saidWrong } from "./advice";
import type { Order } from "./order";
import { advanced, waiting, type Progress } from "./progress";
import type { RunningUp } from "./pulumi";
import { safe, type Screen } from "./screen";

/** How a deployment runs. */
export interface DeploymentOptions {
  /** Stacks of one phase at once. */
  readonly atOnce: number;
  readonly start: (stack: string, onLine: (line: string) => void) => RunningUp;
  readonly screen: Screen;
  /** Aborts once: what runs is asked to end, what waits is not begun. */
  readonly stop: AbortSignal;
}

/** Lines of a stack that are kept for its advice and its errors. */
const kept = 4000;

/** Deploys platforms, then the departments of those that stand. Resolves with how each stack ended. */
export async function deploy(order: Order, options: DeploymentOptions): Promise<readonly Progress[]> {
  const run = new Deployment(order, options);
  await run.phase(order.platforms);
  await run.phase(order.departments);
  options.screen.close();
  return run.progress();
}

class Deployment {
  readonly #progress: Map<string, Progress>;
  readonly #printed = new Map<string, string[]>();

  constructor(
    { platforms, departments }: Order,
    private readonly options: DeploymentOptions,
  ) {
    this.#progress = new Map([...platforms, ...departments].map(({ stack }) => [stack, waiting(stack)]));
  }

  progress(): Progress[] {
    return [...this.#progress.values()];
  }

  /** One stack's failure stops no other stack of the phase. */
  async phase(specs: readonly StackSpec[]): Promise<void> {
    await pMap(specs, (spec) => this.#deploy(spec), { concurrency: this.options.atOnce });
  }

  async #deploy({ stack, sharedFrom }: StackSpec): Promise<void> {
    const platform = sharedFrom === undefined ? undefined : this.#progress.get(sharedFrom);
    const blocked = this.#isStopped()
      ? "stopped by Ctrl-C"
      : platform !== undefined && platform.phase !== "done" && `${platform.stack} is not deployed`;
    if (blocked) {
      this.#set(stack, { phase: "not started", reason: blocked });
      return;
    }
    this.#set(stack, { phase: "preview", started: Date.now() });
    const code = await this.#up(stack);
    const stopped = code !== 0 && this.#isStopped();
    this.#set(stack, { phase: code === 0 ? "done" : stopped ? "stopped" : "failed", ended: Date.now() });
    if (code !== 0) this.#explain(stack, stopped);
  }

  async #up(stack: string): Promise<number> {
    const lines: string[] = [];
    this.#printed.set(stack, lines);
    const up = this.options.start(stack, (line) => {
      lines.push(line);
      if (lines.length > kept) lines.shift();
      this.options.screen.line(stack, line);
      const before = this.#progress.get(stack) ?? waiting(stack);
      const after = advanced(before, line);
      if (after !== before) this.#set(stack, after);
    });
    const stop = (): void => {
      this.options.screen.say(
        `${stack}: Pulumi (process ${up.pid ?? "unknown"}) finishes what it has begun and saves the state.`,
      );
      up.stop();
    };
    this.options.stop.addEventListener("abort", stop, { once: true });
    try {
      return await up.done;
    } finally {
      this.options.stop.removeEventListener("abort", stop);
    }
  }

  readonly #isStopped = (): boolean => this.options.stop.aborted;

  #set(stack: string, change: Partial<Progress>): void {
    this.#progress.set(stack, { ...(this.#progress.get(stack) ?? waiting(stack)), ...change });
    this.options.screen.show(this.progress());
  }

  /** What Pulumi said is wrong, and what is to do. */
  #explain(stack: string, stopped: boolean): void {
    const wrong = saidWrong(this.#printed.get(stack) ?? []);
    const advice =
      stopped && !wrong.some((line) => line.includes("ExpiredToken")) ? afterStop(stack) : adviceFor(stack, wrong);
    const said = wrong.map((line) => `  ${safe(line.trim())}`);
    this.options.screen.say([`${stack}: Pulumi said`, ...said, adviceText(stack, advice)].join("\n"));
  }
}
