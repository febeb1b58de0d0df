import * as pulumi from "@pulumi/pulumi";
import type { ProviderScope } from "./checked";
import { FaultWatch } from "./fault-watch";
import { keepStructure } from "./json-text";
import { Monitor, type Registered } from "./monitor";
import { methodsOf } from "./transport";
import { documentProps, type RawProps } from "./values";

/** Options of a program's run. */
export interface RunOptions {
  readonly stack: string;
  /** Default `cline`. */
  readonly project?: string;
  /** Default `organization`, the engine's name on a backend without organizations. */
  readonly organization?: string;
  /** True (default): a preview, in which AWS's values are unknown. False: as deployed. */
  readonly preview?: boolean;
  /**
   * Configuration by namespaced key; objects as JSON text. `aws:region` and `aws:allowedAccountIds`
   * set region and account.
   */
  readonly config?: Readonly<Record<string, string>>;
  /** Outputs of other stacks by full name, e.g. `organization/cline/platform`. */
  readonly references?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Base folder of source positions; default the working directory. */
  readonly root?: string;
}

/**
 * A resource as in the preview document: unknowns are `[unknown]`, secrets `[secret]`. `raw` is the
 * wire form.
 */
export interface DocumentResource extends Omit<Registered, "inputs" | "outputs"> {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly raw: Registered;
}

export interface RunResult {
  /** In the order of registration; the stack is first. */
  readonly resources: readonly DocumentResource[];
  /** The stack's outputs, as the document shows them. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The stack's outputs in wire form, for another stack's StackReference. */
  readonly rawOutputs: RawProps;
}

const SAMPLE_ACCOUNT = "111122223333";
const SAMPLE_REGION = "ap-northeast-1";

/** Region and account from the configuration; samples without it. */
export function scopeOf(config: Readonly<Record<string, string>>): ProviderScope {
  const accounts: unknown = JSON.parse(config["aws:allowedAccountIds"] ?? "[]");
  const first: unknown = Array.isArray(accounts) ? accounts[0] : undefined;
  return {
    region: config["aws:region"] ?? SAMPLE_REGION,
    accountId: typeof first === "string" ? first : SAMPLE_ACCOUNT,
  };
}

/** Pulumi keeps its state in the process, so runs wait for each other. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a program against a monitor in this process and returns its registrations. Rejects with the
 * program's first fault: one it throws, now or later, or one the monitor answers (a duplicate URN,
 * an unknown stack).
 */
export function runInProcess(program: () => unknown, options: RunOptions): Promise<RunResult> {
  const run = last.then(() => runNow(program, options));
  last = run.catch(() => undefined);
  return run;
}

async function runNow(program: () => unknown, options: RunOptions): Promise<RunResult> {
  return resultOf(await execute(program, options));
}

/** Runs the program alone in its process and returns the monitor with its registrations. */
export async function execute(program: () => unknown, options: RunOptions): Promise<Monitor> {
  const {
    stack,
    project = "cline",
    organization = "organization",
    preview = true,
    config = {},
    references = {},
  } = options;
  const monitor = new Monitor({
    stack,
    project,
    organization,
    preview,
    scope: scopeOf(config),
    references: references as Readonly<Record<string, RawProps>>,
    root: options.root ?? process.cwd(),
  });
  const faults = new FaultWatch();
  const restore = preview ? keepStructure() : undefined;
  try {
    pulumi.runtime.setMockOptions(methodsOf(monitor), project, stack, preview, organization);
    pulumi.runtime.setAllConfig({ ...config });
    await Promise.race([faults.first, completion(program)]);
  } finally {
    // Unhandled rejections are emitted after the microtasks: wait for that turn.
    await new Promise((resolve) => setImmediate(resolve));
    faults.close();
    restore?.();
  }
  await Promise.race([faults.first, Promise.resolve()]);
  return monitor;
}

async function completion(program: () => unknown): Promise<void> {
  await pulumi.runtime.runInPulumiStack(async () => (await program()) as pulumi.Inputs | undefined);
  await pulumi.runtime.disconnect();
}

/** The monitor's content, in the form of the document. */
export function resultOf(monitor: Monitor): RunResult {
  return {
    resources: [...monitor.resources.values()].map((raw) => ({
      ...raw,
      inputs: documentProps(raw.inputs, raw.options.additionalSecretOutputs),
      outputs: documentProps(raw.outputs, raw.options.additionalSecretOutputs),
      raw,
    })),
    outputs: documentProps(monitor.outputs),
    rawOutputs: monitor.outputs,
  };
}
