import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { issue, type Issued } from "../../../functions/certificate/issue";
import { Server } from "../../gateway/support/server";
import { memoryAuthority } from "../../support/certificate";

/** The private zone of the trace store's names. */
export const zone = "traces.platform.example.internal";
export const hosts = { langfuse: `langfuse.${zone}`, clickHouse: `clickhouse.${zone}` } as const;

/** A folder, a DNS server, and what was started: all of it ends with `end`. */
export class World {
  readonly folder = mkdtempSync(path.join(tmpdir(), "cline-trace-store-"));
  readonly #ends: (() => unknown)[] = [];

  /** Ends this before everything that came earlier. */
  later(end: () => unknown): void {
    this.#ends.push(end);
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Writes a file that every user may read. */
  file(name: string, text: string): string {
    const place = path.join(this.folder, name);
    writeFileSync(place, text, { mode: 0o644 });
    return place;
  }

  /** A process with a port, which ends with the world. */
  async start(name: string, port: number, [file = "", ...args]: readonly string[], env = process.env): Promise<Server> {
    const log = path.join(this.folder, `${name}.log`);
    const server = await Server.start({ file, args, env, log, port, deadlineMs: 30_000 });
    this.later(() => server.stop());
    return server;
  }

  /** The zone's names, all on the loopback. */
  async names(): Promise<Server> {
    return this.start("dns", 53, [
      "/usr/sbin/dnsmasq",
      "--keep-in-foreground",
      "--no-hosts",
      "--no-resolv",
      "--user=root",
      "--listen-address=127.0.0.1",
      "--bind-interfaces",
      "--pid-file",
      `--address=/${zone}/127.0.0.1`,
    ]);
  }
}

/** Certificates of the program's own issuer: of the trace store's authority, and of another one with the same name. */
export async function certificates() {
  const [own, other] = [memoryAuthority(zone), memoryAuthority(zone)];
  const now = new Date();
  const langfuse = await issue(own, hosts.langfuse, undefined, now);
  const of = (host: string): Promise<Issued> => issue(own, host, langfuse.chain, now);
  const [clickHouse, foreign] = await Promise.all([
    of(hosts.clickHouse),
    issue(other, hosts.clickHouse, undefined, now),
  ]);
  return { langfuse, clickHouse, foreign };
}

/** Sends a text and gives all that comes back until the other end closes, or until `enough`. */
export async function exchange(port: number, text: string, enough: (answer: string) => boolean): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port });
  let answer = "";
  socket.on("data", (chunk: Buffer) => {
    answer += chunk.toString();
    if (enough(answer)) socket.end();
  });
  socket.on("error", () => undefined);
  socket.write(text);
  await new Promise((resolve) => socket.once("close", resolve));
  return answer;
}

/** Asks again until something is as it should be. @throws Error after a minute */
export async function until(true_: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await true_())) {
    if (Date.now() > end) throw new Error("not within a minute");
    await sleep(200);
  }
}
