import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { World } from "./world";

/** Where the gateway writes; a sink that says nothing at all is not being read. */
export type Sinks = Readonly<Record<string, string>>;

/** Notes what goes into Redis, from its start to its stop: every command with its values, so also what is gone by the end. */
export class RedisListener {
  private constructor(
    private readonly child: ChildProcess,
    private readonly file: string,
  ) {}

  static async start({ redis, certificates, folder }: World): Promise<RedisListener> {
    const file = path.join(folder, "redis-monitor.txt");
    const output = openSync(file, "w");
    const connect = ["--tls", "--cacert", certificates.ca, "-h", "localhost", "-p", String(redis.port)];
    const child = spawn("redis-cli", [...connect, "monitor"], {
      env: { ...process.env, REDISCLI_AUTH: redis.password },
      stdio: ["ignore", output, "ignore"],
    });
    closeSync(output);
    while (!readFileSync(file, "utf8").startsWith("OK")) await sleep(50);
    return new RedisListener(child, file);
  }

  stop(): string {
    this.child.kill();
    return readFileSync(this.file, "utf8");
  }
}

/** Every file that the gateway's processes and functions have written, and the whole database. Redis is a {@link RedisListener}'s. */
export function sinksOf(world: World): Sinks {
  const { folder, postgres, plan } = world;
  // moto's server is AWS here: its log is none of the gateway's.
  const logs = readdirSync(folder).filter((name) => name.endsWith(".log") && name !== "moto.log");
  const files = [...logs.map((name) => path.join(folder, name)), path.join(postgres.folder, "log")];
  return {
    ...Object.fromEntries(
      files
        .filter((file) => statSync(file).isFile())
        .map((file) => [path.basename(file), readFileSync(file, "utf8")] as const),
    ),
    "the database": execFileSync(
      postgres.program("pg_dump"),
      ["--data-only", "--inserts", "--dbname", postgres.url(plan.database.name)],
      { encoding: "utf8", maxBuffer: 1 << 30 },
    ),
  };
}
