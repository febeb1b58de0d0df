import { execute, type RunOptions } from "./in-process";
import { RunError, ResourceError } from "@pulumi/pulumi/errors";
import type { Registered } from "./monitor";

/** What the parent asks for, as its first message. */
export interface Job extends RunOptions {
  /** The program's file; what it exports is run as the engine's language host would. */
  readonly program: string;
  /** Frames of a fault's stack. 0 is many times faster; more helps to find a fault. */
  readonly stackTraceLimit: number;
}

/** The child's one answer. */
export type Answer =
  | { readonly resources: readonly Registered[]; readonly outputs: Registered["outputs"] }
  /** `told`: the message is meant for the user as it stands; else the program broke, and `stack` says where. */
  | { readonly fault: string; readonly told: boolean; readonly stack: readonly string[] };

async function answer(job: Job): Promise<Answer> {
  Error.stackTraceLimit = job.stackTraceLimit;
  try {
    const monitor = await execute(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- the program is named by the caller, as for `pulumi up`
      const exported: unknown = require(job.program);
      return typeof exported === "function" ? (exported as () => unknown)() : exported;
    }, job);
    return { resources: [...monitor.resources.values()], outputs: monitor.outputs };
  } catch (fault) {
    return describe(fault, job.root ?? process.cwd());
  }
}

/** Never by util.inspect: with colours and source maps it can take minutes on Pulumi's objects. */
function describe(fault: unknown, root: string): Answer {
  if (!(fault instanceof Error)) return { fault: String(fault), told: false, stack: [] };
  const hidden = ResourceError.isInstance(fault) && fault.hideStack === true;
  const told = hidden || RunError.isInstance(fault);
  const stack = (fault.stack ?? "")
    .split("\n")
    .filter(
      (line) => /^\s+at /.test(line) && line.includes(root) && !/node_modules/.test(line) && !line.includes(__dirname),
    )
    .map((line) => line.trim().replaceAll(`${root}/`, ""));
  return { fault: fault.message, told, stack };
}

process.once("message", (job: Job) => {
  void answer(job).then((result) => {
    // Whatever the program left running, the answer is the end of it.
    process.send?.(result, () => process.exit(0));
  });
});
