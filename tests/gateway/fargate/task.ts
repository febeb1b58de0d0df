import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync } from "node:fs";
import path from "node:path";
import { runCommand, type CommandResult } from "../../engine/support/command";
import { queryEngine } from "../prisma/engine-file";
import { installed } from "../prisma/paths";
import { Server, startSeconds } from "../support/server";

/** A container definition, as far as it decides how a container runs. */
export interface Container {
  readonly name: string;
  readonly user: string;
  readonly readonlyRootFilesystem: boolean;
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly healthCheck?: { readonly command: readonly string[] };
  readonly linuxParameters: {
    readonly capabilities: { readonly drop: readonly string[]; readonly add?: readonly string[] };
    readonly tmpfs?: readonly {
      readonly containerPath: string;
      readonly size: number;
      readonly mountOptions: readonly string[];
    }[];
  };
  readonly mountPoints: readonly {
    readonly sourceVolume: string;
    readonly containerPath: string;
    readonly readOnly?: boolean;
  }[];
}

/** What a task of this suite finds in AWS's place. */
export interface Around {
  /** Values of the secrets that the definitions name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Where hosts and ports are, and who the task is for AWS: replaces the definition's. */
  readonly differences: Readonly<Record<string, string>>;
  /** Files that the container gets read-only: path on this machine → path in it. */
  readonly files: Readonly<Record<string, string>>;
}

/** Why a container of the plan cannot be run here as Fargate would; empty when it can. */
export function unableToIsolate(): string {
  if (process.getuid?.() !== 0) return "it needs root: run tests/gateway/run.sh as root";
  const tried = spawnSync("unshare", ["--mount", "--propagation", "private", "true"], { encoding: "utf8" });
  return tried.status === 0 ? "" : `unshare --mount is refused (CAP_SYS_ADMIN): ${tried.stderr.trim()}`;
}

const script = path.join(__dirname, "container.sh");

/**
 * A task as Fargate starts it: each volume is a folder of root's with mode 0755, since the images declare no VOLUME. Its containers share the
 * volumes and the network, nothing else.
 */
export class Task {
  readonly #volumes = new Map<string, string>();
  readonly #folder: string;

  /** @param volumes names, as the task definition has them */
  constructor(
    folder: string,
    volumes: readonly string[],
    private readonly around: Around,
  ) {
    this.#folder = mkdtempSync(path.join(folder, "task-"));
    for (const volume of volumes) {
      const place = path.join(this.#folder, `volume-${volume}`);
      mkdirSync(place);
      chmodSync(place, 0o755);
      this.#volumes.set(volume, place);
    }
  }

  /** Runs a container until it ends. */
  run(container: Container, words = [...container.entryPoint, ...container.command]): Promise<CommandResult> {
    const [file, ...args] = this.#command(container, words);
    const env = this.#environment(container);
    return runCommand(file, args, { cwd: this.#folder, env, deadlineMs: 1000 * startSeconds });
  }

  /** Starts a container that serves `port` on loopback, and waits until `ready`. */
  start(container: Container, port: number, ready: () => Promise<boolean>): Promise<Server> {
    const words = [...container.entryPoint, ...onPort(container.command, port), "--host", "127.0.0.1"];
    const [file, ...args] = this.#command(container, words);
    const log = path.join(this.#folder, `${container.name}.log`);
    return Server.start({
      file,
      args,
      env: this.#environment(container),
      log,
      port,
      ready,
      deadlineMs: 1000 * startSeconds,
    });
  }

  #command(container: Container, words: readonly string[]): [string, ...string[]] {
    const { user, mountPoints, linuxParameters, readonlyRootFilesystem } = container;
    const { capabilities, tmpfs = [] } = linuxParameters;
    if (!readonlyRootFilesystem || !capabilities.drop.includes("ALL") || capabilities.add !== undefined)
      throw new Error(
        `${container.name}: this suite runs containers with a read-only root and without capabilities only`,
      );
    const [uid = "", gid = uid] = user.split(":");
    const root = mkdtempSync(path.join(this.#folder, `${container.name}-`));
    const mounts = [
      ...programs().map((folder) => `ro:${folder}`),
      ...Object.entries(this.around.files).map(([from, to]) => `at:${from}:${to}`),
      ...tmpfs.map((each) => `tmpfs:${each.size}m:${each.mountOptions.join(",")}:${each.containerPath}`),
      ...mountPoints.map(({ sourceVolume, containerPath, readOnly }) => {
        const place = this.#volumes.get(sourceVolume);
        if (place === undefined)
          throw new Error(`${container.name} mounts ${sourceVolume}, which the task does not have`);
        return `volume:${readOnly === true ? "ro" : "rw"}:${place}:${containerPath}`;
      }),
    ];
    const isolated = ["--mount", "--propagation", "private", "bash", script, root, uid, gid, ...mounts];
    return ["unshare", ...isolated, "--", ...words];
  }

  #environment({ environment, secrets }: Container): NodeJS.ProcessEnv {
    const { secrets: values, differences } = this.around;
    const injected = secrets.map(({ name }): [string, string] => {
      const value = values[name];
      if (value === undefined)
        throw new Error(`the task definition names a secret that this suite does not know: ${name}`);
      return [name, value];
    });
    return {
      PATH: [path.dirname(installed("GATEWAY_PYTHON")), "/usr/local/bin", "/usr/bin", "/bin"].join(":"),
      PRISMA_QUERY_ENGINE_BINARY: queryEngine(),
      ...Object.fromEntries(environment.map(({ name, value }) => [name, value])),
      ...Object.fromEntries(injected),
      ...differences,
    };
  }
}

/** The task's port is the suite's free one. */
export const onPort = (words: readonly string[], port: number): string[] =>
  words.map((word, at) => (words[at - 1] === "--port" ? String(port) : word));

/** Folders of programs outside /usr that stand in the image's place: LiteLLM and its Python, Node, the query engine. */
function programs(): string[] {
  const python = installed("GATEWAY_PYTHON");
  const folders = [
    path.dirname(path.dirname(python)),
    path.dirname(path.dirname(realpathSync(python))),
    path.dirname(path.dirname(realpathSync(process.execPath))),
    installed("GATEWAY_NODE_MODULES"),
    path.dirname(queryEngine()),
  ];
  return [...new Set(folders)].filter((folder) => folder !== "/usr" && !folder.startsWith("/usr/"));
}
