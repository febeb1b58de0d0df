import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { Agent, request } from "node:https";
import type { Socket } from "node:net";
import type { Gateway } from "./gateway";

/** A connection that one worker of a task answers, and the worker's process. */
export interface Pinned {
  readonly gateway: Gateway;
  readonly worker: number;
  readonly agent: Agent;
}

/** Process ids of a task's workers: the children of LiteLLM's first process that have the API's port. The one for large requests has not. */
export function workersOf({ server, port }: Gateway): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === server.pid && holds(pid, inodeOf(port)))
    .sort((a, b) => a - b);
}

/** Process ids of a task: its first process, the workers and what they have started. */
export function processesOf({ server }: Gateway): number[] {
  const parents = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(Number(name))] as const),
  );
  const within = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === server.pid || within(parents.get(pid)));
  return [...parents.keys()].filter(within);
}

/** A connection to each worker of a task, kept alive until its agent is destroyed. @throws Error when a worker is not reached. */
export async function pinEach(gateway: Gateway): Promise<Pinned[]> {
  const workers = workersOf(gateway);
  const found = new Map<number, Pinned>();
  for (let attempt = 0; attempt < 64 && found.size < workers.length; attempt++) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
    const localPort = await touch(gateway, agent);
    const worker = workers.find((pid) => holds(pid, inodeOf(gateway.port, localPort)));
    if (worker === undefined || found.has(worker)) agent.destroy();
    else found.set(worker, { gateway, worker, agent });
  }
  if (found.size < workers.length || workers.length === 0) {
    throw new Error(`${gateway.name}: reached ${found.size} of ${workers.length} workers`);
  }
  return [...found.values()];
}

function touch(gateway: Gateway, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${gateway.url}/health/liveliness`, { agent }, (answer) => {
      const { localPort = 0 } = answer.socket;
      answer.resume().once("end", () => resolve(localPort));
    });
    sent.once("socket", (socket: Socket) => socket.setNoDelay(true));
    sent.once("error", reject).end();
  });
}

const read = (file: string) => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // The process has ended meanwhile.
    return "";
  }
};
const entriesOf = (folder: string) => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};
const parentOf = (pid: number) => Number(/\) \S (\d+)/.exec(read(`/proc/${pid}/stat`))?.[1]);

/** Inode of an accepted socket, from the kernel's table: its own port and the caller's, which the listening one has not. */
function inodeOf(ownPort: number, callersPort = 0): string | undefined {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, "0");
  const line = read("/proc/net/tcp")
    .split("\n")
    .map((text) => text.trim().split(/\s+/))
    .find(([, own, callers]) => own?.endsWith(`:${hex(ownPort)}`) && callers?.endsWith(`:${hex(callersPort)}`));
  return line?.[9];
}

function holds(pid: number, inode: string | undefined): boolean {
  if (inode === undefined) return false;
  const folder = `/proc/${pid}/fd`;
  return entriesOf(folder).some((name) => {
    try {
      return readlinkSync(`${folder}/${name}`) === `socket:[${inode}]`;
    } catch {
      return false;
    }
  });
}
