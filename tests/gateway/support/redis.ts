import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Certificates } from "./certificates";
import { freePort, Server } from "./server";

/** A Redis in Valkey's place, with TLS and a password as ElastiCache has them. */
export interface Redis {
  readonly port: number;
  readonly password: string;
  readonly server: Server;
}

export async function startRedis(folder: string, certificates: Certificates): Promise<Redis> {
  const home = join(folder, "redis");
  mkdirSync(home, { recursive: true });
  const port = await freePort();
  const password = "test-cache-password";
  const server = await Server.start({
    file: "redis-server",
    args: [
      ...["--port", "0", "--tls-port", String(port), "--bind", "127.0.0.1"],
      ...["--tls-cert-file", certificates.certificate, "--tls-key-file", certificates.key],
      ...["--tls-ca-cert-file", certificates.ca, "--tls-auth-clients", "no"],
      ...["--requirepass", password, "--maxmemory-policy", "volatile-lru"],
      ...["--save", "", "--appendonly", "no", "--dir", home],
    ],
    log: join(folder, "redis.log"),
    port,
    deadlineMs: 10_000,
  });
  return { port, password, server };
}

/** What `redis-cli` says to a command. */
export function redisSays({ port, password }: Redis, { ca }: Certificates, ...command: readonly string[]): string {
  const connect = ["--tls", "--cacert", ca, "-h", "localhost", "-p", String(port)];
  const env = { ...process.env, REDISCLI_AUTH: password };
  return execFileSync("redis-cli", [...connect, ...command], { encoding: "utf8", env }).trim();
}
