import { spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
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
  /** Whether the plugin says that it has the port; a program that had it before answers there, too. */
  readonly listens: () => boolean;
  /** Ends both programs, and the session by a call: the plugin's own word may not have been sent. */
  readonly end: (aws: Aws, graceMs: number) => Promise<void>;
}

/** The end of what the programs print is enough for a message. */
const mostOutput = 10_000;

/** Between two looks at programs that are to end, in milliseconds. */
const look = 20;

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
  let id: string | undefined;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output = `${output}${text}`.slice(-mostOutput);
    id ??= /SessionId: ?([\w.@+=,-]+)\s/.exec(output)?.[1];
  });
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
      void setTimeout(50).then(end);
    });
  });
  /** False where the group has ended: the plugin may outlive AWS's command line. */
  const signal = (name: NodeJS.Signals | 0): boolean => {
    try {
      return child.pid !== undefined && process.kill(-child.pid, name);
    } catch {
      return false;
    }
  };
  const groupEnds = async (ms: number): Promise<boolean> => {
    const deadline = Date.now() + ms;
    while (signal(0) && Date.now() < deadline) await setTimeout(look);
    return !signal(0);
  };
  return {
    output: () => output,
    ended: () => ended,
    done,
    listens: () => /Port \d+ opened/.test(output),
    refused: () => (ended && code !== 0 && errors.trim() !== "" ? awsErrorOf(errors, code ?? 1) : undefined),
    end: async (aws, graceMs) => {
      signal("SIGINT");
      // Before the agent answers, the plugin ignores the signal.
      const hasEnded = await groupEnds(graceMs);
      if (id !== undefined) await aws(terminateCommand(id));
      id = undefined;
      if (hasEnded) return;
      signal("SIGKILL");
      await groupEnds(graceMs);
    },
  };
}
