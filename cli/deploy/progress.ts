/** How far a stack is. */
export interface Progress {
  readonly stack: string;
  readonly phase: "waiting" | "preview" | "update" | "done" | "failed" | "stopped" | "not started";
  /** Changes that the preview announced. */
  readonly announced: number;
  /** Changes that are made. */
  readonly made: number;
  /** Milliseconds since 1970. */
  readonly started?: number;
  readonly ended?: number;
  /** Why it failed or was not started, in a few words. */
  readonly reason?: string;
}

export const waiting = (stack: string): Progress => ({ stack, phase: "waiting", announced: 0, made: 0 });

const announcement = /^ +\S+ (\d+) to (?:create|update|delete|replace|import|read)$/;
const finished =
  /^ *\S{1,3} +\S+ \S+ (?:created|updated|deleted|replaced|imported|read|discarded|(?:created|deleted) replaced?|created replacement|deleted original)(?: \(|\s*$)/;

/** Pulumi's sign of life of every few seconds. The next row follows it on the same line. */
const heartbeat = /^ *@ [a-z]+\.*/;

/** The progress after one more line of `pulumi up`. Pure. */
export function advanced(progress: Progress, printed: string): Progress {
  const line = printed.replace(heartbeat, "");
  if (line.startsWith("Previewing update")) return { ...progress, phase: "preview", announced: 0 };
  if (line.startsWith("Updating (")) return { ...progress, phase: "update", made: 0 };
  if (progress.phase === "preview") {
    const count = announcement.exec(line)?.[1];
    return count === undefined ? progress : { ...progress, announced: progress.announced + Number(count) };
  }
  if (progress.phase === "update" && finished.test(line)) return { ...progress, made: progress.made + 1 };
  return progress;
}

/** One line about a stack. @param now milliseconds since 1970 */
export function progressLine(progress: Progress, now: number, width: number): string {
  const { stack, phase, announced, made, started, ended, reason } = progress;
  const seconds = started === undefined ? "" : `  ${duration((ended ?? now) - started)}`;
  const count = phase === "update" || phase === "stopped" || phase === "failed" ? ` ${made} of ${announced}` : "";
  const changes = phase === "done" ? (announced === 0 ? ", nothing to change" : `, ${made} changes`) : "";
  return `${stack.padEnd(width)}  ${phase}${count}${changes}${seconds}${reason === undefined ? "" : `  ${reason}`}`;
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
