import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Seconds for a gateway task to start; a busy machine needs more (`GATEWAY_START_SECONDS`). */
export const startSeconds = Number(process.env["GATEWAY_START_SECONDS"] ?? 240);

/** How a server is started. */
export interface ServerOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Where its output goes. */
  readonly log: string;
  /** Loopback port that it opens when it is ready to be asked. */
  readonly port: number;
  /** Further sign of being ready; asked again until it is true. */
  readonly ready?: () => Promise<boolean>;
  readonly deadlineMs: number;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) killTree(child, "SIGKILL");
});

function killTree({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    // The group: its workers leave with it.
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

/** A process with a port on loopback, ended by its process id. */
export class Server {
  private constructor(
    readonly options: ServerOptions,
    private child: ChildProcess,
  ) {}

  /** @throws Error with the end of its log when it is not ready in time. */
  static async start(options: ServerOptions): Promise<Server> {
    const server = new Server(options, Server.spawn(options));
    await server.waitUntilReady();
    return server;
  }

  private static spawn({ file, args, env, cwd, log }: ServerOptions): ChildProcess {
    const output = openSync(log, "a");
    const child = spawn(file, args, { env, cwd, stdio: ["ignore", output, output], detached: true });
    closeSync(output);
    running.add(child);
    child.once("exit", () => running.delete(child));
    return child;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async waitUntilReady(): Promise<void> {
    const { port, ready, deadlineMs, file, log } = this.options;
    const end = Date.now() + deadlineMs;
    for (;;) {
      if (await isOpen(port)) if (ready === undefined || (await ready().catch(() => false))) return;
      if (this.ended || Date.now() > end) {
        await this.stop("SIGKILL");
        throw new Error(`${file} is not ready on port ${port}:\n${readFileSync(log, "utf8").slice(-4000)}`);
      }
      await sleep(100);
    }
  }

  /** Ends it with its children and waits until it is gone. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (this.ended) return;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    killTree(this.child, signal);
    const late = setTimeout(() => killTree(this.child, "SIGKILL"), 15_000);
    await gone;
    clearTimeout(late);
    killTree(this.child, "SIGKILL");
  }

  /** Starts it again as it was. */
  async restart(): Promise<void> {
    await this.stop();
    this.child = Server.spawn(this.options);
    await this.waitUntilReady();
  }
}

/** Whether something listens on a loopback port. */
export function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** A loopback port that nothing listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
