import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { planCollectorConfig, type Route } from "../../../functions/langfuse-provisioner/collector-config";
import { cacheFolder, onPath } from "../../engine/support/cli";
import { issueCertificate } from "../../support/certificate";
import { freePort, Server } from "./server";

const source = path.resolve(__dirname, "../collector");

/** A cold build takes 3 minutes on two idle cores. */
const buildMs = 20 * 60_000;

/** The OpenTelemetry Collector, built once from collector/go.mod and kept in the cache folder. */
function binary(): string {
  const hash = createHash("sha256");
  for (const file of ["main.go", "go.mod", "go.sum"]) hash.update(readFileSync(path.join(source, file)));
  const kept = path.join(cacheFolder(), "gateway", `collector-${hash.digest("hex").slice(0, 16)}`, "collector");
  if (existsSync(kept)) return kept;
  const go = onPath("go");
  if (go === undefined) throw new Error("no Go toolchain to build the OpenTelemetry Collector with: install Go 1.25");
  console.info(`      building the OpenTelemetry Collector (about 3 minutes, once): ${kept}`);
  mkdirSync(path.dirname(kept), { recursive: true });
  // A build that is cut off must not leave half a binary under the name that the next run trusts.
  const unfinished = `${kept}.${process.pid}`;
  execFileSync(go, ["build", "-ldflags", "-s -w", "-o", unfinished, "."], {
    cwd: source,
    stdio: ["ignore", "inherit", "inherit"],
    timeout: buildMs,
    env: { ...process.env, GOFLAGS: "-mod=readonly -buildvcs=false" },
  });
  renameSync(unfinished, kept);
  return kept;
}

interface Receivers {
  readonly otlp: { readonly protocols: { readonly http: object } };
}

/** The program's configuration as deployed, listening on the loopback at ports of this suite. */
function onLoopback(text: string, port: number, healthPort: number): object {
  const config = JSON.parse(text) as { readonly receivers: Receivers };
  const http = { ...config.receivers.otlp.protocols.http, endpoint: `127.0.0.1:${port}` };
  return {
    ...config,
    receivers: { otlp: { protocols: { http } } },
    extensions: { health_check: { endpoint: `127.0.0.1:${healthPort}` } },
  };
}

/** A collector that runs. */
export interface RunningCollector {
  readonly url: string;
  /** PEM of the authority of its own certificate. */
  readonly ca: string;
  readonly server: Server;
}

/** A collector with the program's configuration for these departments, sending to a Langfuse under an authority (PEM). */
export async function startCollector(
  folder: string,
  routes: readonly Route[],
  langfuse: { readonly url: string; readonly ca: string },
): Promise<RunningCollector> {
  const [port, healthPort] = await Promise.all([freePort(), freePort()]);
  const config = JSON.stringify(onLoopback(planCollectorConfig(routes), port, healthPort));
  const own = await issueCertificate();
  const server = await Server.start({
    file: binary(),
    args: ["--config=env:COLLECTOR_CONFIG"],
    env: {
      ...process.env,
      COLLECTOR_CONFIG: config,
      AUTHORITY: langfuse.ca,
      LANGFUSE_URL: langfuse.url,
      TLS_CERTIFICATE: own.certificate,
      TLS_KEY: own.privateKey,
    },
    log: path.join(folder, "collector.log"),
    port,
    deadlineMs: 30_000,
  });
  return { url: `https://localhost:${port}`, ca: own.chain, server };
}
