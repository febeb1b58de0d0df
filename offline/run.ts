import path from "node:path";
import type { Answer, Job } from "./child";
import type { RunOptions } from "./in-process";
import type { Registered } from "./monitor";
import { end, spawnNode } from "./spawn";
import type { RawProps } from "./values";

/** Registrations of a program run in its own process. */
export interface ProgramRun {
  readonly resources: readonly Registered[];
  /** The stack's outputs, in wire form. */
  readonly outputs: RawProps;
  /** The program's messages through Pulumi's log, in order. */
  readonly notes: readonly string[];
  /** Other output of the program. */
  readonly printed: readonly string[];
}

/**
 * A fault of the program, not of the preview: an error it threw, or one that the monitor answered.
 */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
}

export interface ProgramOptions extends RunOptions {
  /** Absolute path of the program's file. */
  readonly program: string;
  readonly root: string;
  /** Seconds; default 300, long enough for a thousand developers on a slow machine. */
  readonly seconds?: number;
}

const DEADLINE_SECONDS = 300;

/**
 * The order matters: tsx does not read modules loaded before it, which saves half a second on the
 * SDK's thousand modules.
 */
const PRELOADED = ["@pulumi/pulumi", "@pulumi/aws", "tsx/cjs"];

/**
 * Runs a program in a child process of its own. Rejects with a ProgramError that names the fault
 * and, where known, its line.
 */
export async function runProgram(options: ProgramOptions): Promise<ProgramRun> {
  const run = await attempt(options, 0);
  if (!("fault" in run.answer)) return { ...run.answer, ...said(run.output) };
  // Without stack frames a program runs several times faster; only a failed one runs again with
  // them.
  const again = run.answer.told ? run : await attempt(options, 10);
  const { fault, stack } = "fault" in again.answer ? again.answer : run.answer;
  throw new ProgramError([fault, ...stack.slice(0, 5).map((frame) => `    ${frame}`)].join("\n"));
}

interface Attempt {
  readonly answer: Answer;
  /** Lines of standard output and standard error. */
  readonly output: readonly string[];
}

async function attempt(options: ProgramOptions, stackTraceLimit: number): Promise<Attempt> {
  const { seconds = DEADLINE_SECONDS, ...job } = options;
  const child = spawnNode(
    [...PRELOADED.flatMap((module) => ["-r", require.resolve(module)]), path.join(__dirname, "child.ts")],
    {
      cwd: options.root,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { PULUMI_NODEJS_ROOT_DIRECTORY: options.root, PULUMI_ERROR_OUTPUT_STRING: "true" },
      seconds,
    },
  );
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  let answer: Answer | undefined;
  child.on("message", (message) => {
    answer = message as Answer;
  });
  try {
    child.send({ ...job, stackTraceLimit } satisfies Job);
    await new Promise<void>((resolve, reject) => child.once("close", () => resolve()).once("error", reject));
  } finally {
    await end(child);
  }
  const output = chunks
    .join("")
    .split("\n")
    .filter((line) => line !== "");
  if (answer !== undefined) return { answer, output };
  throw new ProgramError(
    child.signalCode === "SIGKILL"
      ? `stack ${options.stack}: the program did not end within ${seconds} seconds and was stopped`
      : [
          `stack ${options.stack}: the program ended (${child.signalCode ?? child.exitCode ?? "?"}) before it had told anything`,
          ...output.slice(-10),
        ].join("\n"),
  );
}

/** Pulumi's log writes `warning: [runtime] …` without an engine. */
const LOGGED = /^(?:info|warning|error): \[runtime\] /;

const said = (output: readonly string[]): Pick<ProgramRun, "notes" | "printed"> => ({
  notes: output.filter((line) => LOGGED.test(line)).map((line) => line.replace(LOGGED, "")),
  printed: output.filter((line) => !LOGGED.test(line)),
});
