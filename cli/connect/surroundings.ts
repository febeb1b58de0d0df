/** Deadlines and pauses, in milliseconds. */
export interface Timings {
  /** From the start of a stopped workspace until its agent is connected. */
  readonly ready: number;
  /** Between two questions to AWS. */
  readonly poll: number;
  /** From the start of a session until code-server answers. */
  readonly healthy: number;
  /** Between two requests to /healthz, and the longest answer of one. */
  readonly probe: number;
  /** Between two looks at a tunnel that stands. */
  readonly watch: number;
  /** An answer of AWS's command line that takes longer is announced. */
  readonly quiet: number;
  /** For the plugin to resume a tunnel by itself, and to end after SIGINT. */
  readonly grace: number;
}

/** A start takes EC2 one to two minutes. A session is open within seconds; the plugin resumes one in far less than a second. */
export const timings: Timings = {
  ready: 300_000,
  poll: 3000,
  healthy: 60_000,
  probe: 1000,
  watch: 5000,
  quiet: 5000,
  grace: 10_000,
};

/** Sessions opened anew after one another, before the command gives up. */
export const mostReconnects = 5;

/** What the run uses of the machine. */
export interface Surroundings {
  /** Environment of the programs; holds the person's own credentials. */
  readonly env: NodeJS.ProcessEnv;
  /** A line for the person. Never a credential. */
  readonly say: (text: string) => void;
  /** False where another program reads: nobody answers a question, or signs in by a browser. */
  readonly interactive: boolean;
  /** A line that the person types; undefined at the end of the input. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /** Opens an address in a browser. */
  readonly browse: (url: string) => void;
  /** True after the machine slept or changed its network since the last call. */
  readonly changed: () => boolean;
  readonly stop: AbortSignal;
  readonly timings: Timings;
}

/** What stops a connection: one sentence with the next step. */
export class ConnectFault extends Error {
  override readonly name = "ConnectFault";
  /** @param expired true where signing in again may help */
  constructor(
    message: string,
    readonly expired = false,
  ) {
    super(message);
  }
}

/** Waits; ends early, without an error, when the run is stopped. */
export function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      clearTimeout(timer);
      stop.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    stop.addEventListener("abort", end);
  });
}
