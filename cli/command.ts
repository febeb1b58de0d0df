import { exit, UsageError } from "./usage";

/** One of the project's commands. */
export interface Command {
  readonly summary: string;
  readonly help: string;
  /** Resolves with the exit code. */
  readonly run: (args: readonly string[], root: string) => Promise<number>;
}

export const isHelp = (arg: string): boolean => arg === "--help" || arg === "-h";

/** `--help` works in any position, and is answered before any other argument is read. */
export async function runCommand({ help, run }: Command, args: readonly string[], root: string): Promise<number> {
  if (!args.some(isHelp)) return run(args, root);
  process.stdout.write(help);
  return exit.ok;
}

/**
 * Ends the process with a command's exit code.
 * @param isTold whether a fault's message is complete; any other fault also shows its stack
 */
export function endWith(code: Promise<number>, isTold: (error: Error) => boolean): void {
  // A reader that has gone, such as head, is no fault to show.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(exit.fault);
  });
  code.then(
    (status) => {
      process.exitCode = status;
    },
    (error: unknown) => {
      const told = error instanceof Error && (error instanceof UsageError || isTold(error));
      const text = error instanceof Error && !told ? error.stack : undefined;
      process.stderr.write(`${text ?? (error instanceof Error ? error.message : String(error))}\n`);
      // Exits at once: running programs are no longer needed, and end with this process.
      process.exit(exit.fault);
    },
  );
}
