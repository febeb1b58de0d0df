import { spawn } from "node:child_process";
import { awsErrorOf, type Aws, type AwsFailure } from "../deploy/aws";
import { terminateCommand, type Command } from "./plan";

/** A running `aws ssm start-session` with the plugin as its child. */
export interface Plugin {
  /** What it printed so far; AWS's command line prints no token. */
  readonly output: () => string;
  readonly ended: () => boolean;
  /** Resolves when it has ended, by whatever exit code: the plugin ends with 0 after failures, too. */
  readonly done: Promise<void>;
  /** AWS's refusal to open the session; undefined where it opened one. */
  readonly refused: () => AwsFailure | undefined;
  /** Ends the session and both programs. */
  readonly end: (aws: Aws, graceMs: number) => Promise<void>;
}

/** The end of what the programs print is enough for a message. */
const mostOutput = 10_000;

/**
 * Starts a session without a terminal. The programs have a process group of their own: AWS's command
 * line ignores SIGINT, and the plugin ends its session by it. SIGTERM would leave the session open
 * until its idle time.
 */
export function startPlugin(command: Command, region: string, env: NodeJS.ProcessEnv): Plugin {
  const child = spawn("aws", [...command, "--region", region, "--output", "json"], {
    env: { ...env, AWS_PAGER: "", AWS_CLI_AUTO_PROMPT: "off" },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [output, errors, ended] = ["", "", false];
  let code: number | null = null;
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output = `${output}${text}`.slice(-mostOutput)));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors = `${errors}${text}`.slice(-mostOutput)));
  const done = new Promise<void>((resolve) => {
    const end = (): void => {
      ended = true;
      resolve();
    };
    child.once("error", (error) => {
      errors = error.message;
      end();
    });
    child.once("exit", (status) => {
      code = status;
      // The output's last piece comes after the end.
      setTimeout(end, 50);
    });
  });
  const signal = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // The group has ended.
    }
  };
  return {
    output: () => output,
    ended: () => ended,
    done,
    refused: () => (ended && code !== 0 && errors.trim() !== "" ? awsErrorOf(errors, code ?? 1) : undefined),
    end: async (aws, graceMs) => {
      if (ended) return;
      signal("SIGINT");
      const hasEnded = await within(done, graceMs);
      // Before its port is open, the plugin ignores the signal; one that ends otherwise leaves its session behind.
      const session = /Exiting session/.test(output) ? undefined : /SessionId: ?([\w.@+=,-]+)/.exec(output)?.[1];
      if (session !== undefined) await aws(terminateCommand(session));
      if (hasEnded) return;
      signal("SIGKILL");
      await within(done, graceMs);
    },
  };
}

/** Whether a promise resolves in time. */
async function within(promise: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
