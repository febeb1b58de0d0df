/** The command was called in a way it cannot be; the message says how it can. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Exit codes of every command. */
export const exit = {
  ok: 0,
  /** A mandatory policy is violated. */
  refused: 1,
  /** The stack files, the program or the call are at fault: nothing was judged. */
  fault: 2,
} as const;
