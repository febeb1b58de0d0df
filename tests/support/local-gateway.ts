import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gatewayExtras, listenerRoutes } from "../../config";
import { emptyKeyMap, planLocalGateway } from "../../components/workspace/local-gateway";

/** Number of the Linux user that HAProxy runs as here. */
const uid = "64123";
const asRoot = process.getuid?.() === 0 ? [] : ["sudo"];
const setKeyScript = path.join(__dirname, "../../components/workspace/files/cline-set-key.py");

/** How a process of the workspace's unit runs: as its user, without capabilities. */
const asItsUser = ["setpriv", "--reuid", uid, "--regid", uid, "--clear-groups", "--inh-caps", "-all"];

function run(words: readonly string[], input?: string): string {
  const [file = "", ...args] = [...asRoot, ...words];
  const { status, stdout, stderr } = spawnSync(file, args, { encoding: "utf8", ...(input !== undefined && { input }) });
  if (status !== 0) throw new Error(`${words[0] ?? ""}: ${stdout}${stderr}`);
  return stdout;
}

/** Where the local gateway of a test leads. */
export interface Target {
  /** `localhost` has an address without a name server; any other name needs one. */
  readonly host?: string;
  readonly port: number;
  /** PEM of the authority. */
  readonly authority: string;
  /** Loopback port of its own. */
  readonly own: number;
}

/**
 * The real HAProxy with the workspace's configuration, as a user of its own. What differs: paths and
 * ports, and no name server, because `localhost` needs none. Needs root, or sudo.
 */
export class LocalGateway {
  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly child: ChildProcess,
    readonly said: () => string,
  ) {}

  static async start({ host = "localhost", port, authority, own }: Target): Promise<LocalGateway> {
    const folder = mkdtempSync(path.join(tmpdir(), "cline-local-gateway-"));
    chmodSync(folder, 0o755);
    const file = (name: string) => path.join(folder, name);
    run(["install", "-d", "-m", "0700", "-o", uid, "-g", uid, file("run")]);
    writeFileSync(file("authority.pem"), authority);
    writeFileSync(file("key.map"), emptyKeyMap);
    const config = planLocalGateway({
      host,
      gatewayPort: port,
      authority: file("authority.pem"),
      routes: listenerRoutes("api", gatewayExtras),
      idleSeconds: 1900,
      port: own,
      paths: { keyMap: file("key.map"), socket: file("run/admin.sock") },
    });
    writeFileSync(file("haproxy.cfg"), config.replace(" resolvers network init-addr none", ""));
    const [command, ...args] = [...asRoot, ...asItsUser, "/usr/sbin/haproxy", "-db", "-f", file("haproxy.cfg")];
    const child = spawn(command, args, { env: {}, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const output of [child.stdout, child.stderr])
      output.on("data", (part: Buffer) => (said = `${said}${part.toString()}`.slice(-10_000)));
    const gateway = new LocalGateway(folder, own, child, () => said);
    await gateway.#listening();
    return gateway;
  }

  async #listening(): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      const answers = await fetch(`http://127.0.0.1:${String(this.port)}/healthz`).catch(() => undefined);
      if (answers) return;
      if (this.child.exitCode !== null) break;
      await sleep(100);
    }
    throw new Error(`HAProxy does not listen: ${this.said()}`);
  }

  /** HAProxy's process. */
  get pid(): number {
    // Under sudo the process is its child.
    if (asRoot.length === 0) return this.child.pid ?? 0;
    return Number(run(["pgrep", "--parent", String(this.child.pid), "--newest"]));
  }

  /** Sets the key as the workspace's refresh does. @throws Error with what the script says */
  setKey(key: string): void {
    const [socket, map] = ["run/admin.sock", "key.map"].map((name) => path.join(this.folder, name));
    run(["python3", "-I", setKeyScript, socket ?? "", map ?? ""], `${key}\n`);
  }

  /** Proportional set size in KiB: shared pages count by their share. */
  pss(): number {
    const text = run(["cat", `/proc/${String(this.pid)}/smaps_rollup`]);
    return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1]);
  }

  get config(): string {
    return readFileSync(path.join(this.folder, "haproxy.cfg"), "utf8");
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    if (this.child.exitCode === null && this.child.signalCode === null) {
      run(["kill", String(this.pid)]);
      await gone;
    }
    run(["rm", "-rf", path.join(this.folder, "run")]);
    rmSync(this.folder, { recursive: true });
  }
}

/** Number of a Linux user in the developer's place. */
const developer = "64124";
const asDeveloper = ["setpriv", "--reuid", developer, "--regid", developer, "--clear-groups", "/usr/bin/python3", "-I"];

/** Everything that the developer's user may read and that holds one of the texts. @param since seconds since 1970 */
export function search(texts: readonly string[], since: number) {
  const script = readFileSync(path.join(__dirname, "search-root.py"), "utf8");
  const [file, ...args] = [...asRoot, ...asDeveloper, "-c", script, String(since)];
  const { status, stdout, stderr } = spawnSync(file, args, {
    cwd: "/",
    input: texts.join("\n"),
    encoding: "utf8",
    env: {},
  });
  if (status !== 0) throw new Error(stderr);
  return { found: stdout.split("\n").filter(Boolean), looked: stderr.trim() };
}

/**
 * Runs a check while a process of the developer's holds a text in a file, its environment and its
 * arguments. Memory is searched too, but a kernel with Yama shows it to a parent only.
 */
export async function withPlanted(text: string, check: (places: readonly string[]) => void): Promise<void> {
  const plant =
    "import os, sys; open(sys.argv[1], 'w').write(sys.argv[2]); print(os.getpid(), flush=True); sys.stdin.read()";
  const file = path.join(tmpdir(), `cline-planted-${String(process.pid)}`);
  const [command, ...args] = [...asRoot, ...asDeveloper, "-c", plant, file, text];
  const child = spawn(command, args, { cwd: "/", env: { PLANTED: text }, stdio: ["pipe", "pipe", "inherit"] });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const pid = await new Promise<string>((resolve) =>
    child.stdout.once("data", (said: Buffer) => resolve(String(said).trim())),
  );
  try {
    const parts = asRoot.length === 0 ? ["cmdline", "environ"] : ["cmdline"];
    check([file, ...parts.map((part) => `/proc/${pid}/${part}`)]);
  } finally {
    child.stdin.end();
    await gone;
    run(["rm", file]);
  }
}
