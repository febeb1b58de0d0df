import { execute, type RunOptions } from "./in-process";
import { RunError, ResourceError } from "@pulumi/pulumi/errors";
import type { Registered } from "./monitor";

/** The parent's request, its first message. */
export interface Job extends RunOptions {
  /** The program's file; its exports run as under the engine's language host. */
  readonly program: string;
  /**
   * Number of stack frames of a fault. 0 is many times faster; more frames help to find a fault.
   */
  readonly stackTraceLimit: number;
}

/** The child's one response. */
export type Answer =
  | { readonly resources: readonly Registered[]; readonly outputs: Registered["outputs"] }
  /**
   * `told`: the message is complete for the user; else the program broke, and `stack` holds the
   * position.
   */
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
    // The response ends the process, whatever the program left running.
    process.send?.(result, () => process.exit(0));
  });
});
