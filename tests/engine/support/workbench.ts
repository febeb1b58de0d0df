import { buildSync } from "esbuild";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Cloud, type Drill } from "../stand-in/cloud";
import { findCli, onPath } from "./cli";
import { killAll, runCommand, type CommandResult } from "./command";
import { providerPackages } from "./packages";

/** The clone under test. */
export const root = path.resolve(__dirname, "../../..");

/** The stand-ins of this clone. */
export const standIns = path.resolve(__dirname, "../stand-in");

/** Folder beside the clone with AWS's and the provider's own rules; may be absent. */
export const sharedFolder = path.resolve(root, "../shared");

/** Checkpoints after every step make a large `up` or `destroy` quadratic. For commands that nothing interrupts. */
export const withoutCheckpoints = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

/** What a program's copy leaves behind: what is made, what is large and read only, and the stack files, which are the users'. */
const notCopied = new Set(["node_modules", ".git", "coverage", ".cache", ".stryker-tmp"]);
const ownStacks = path.join(root, "stacks");

export interface PulumiOptions {
  readonly drill?: Drill;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until the command and its children are killed. */
  readonly deadlineMs?: number;
  /** False for output that shows secrets by design: it is not kept with what commands printed. */
  readonly keep?: boolean;
  /** Sees the running command's process id, which is also its group's. */
  readonly onStart?: (pid: number) => void;
}

/**
 * A temporary folder in which the real Pulumi CLI runs copies of programs: the CLI beside a language host, the stand-in providers as
 * plugins, a file backend, a cloud that is a folder, and everything the commands printed.
 */
export class Workbench {
  readonly folder = mkdtempSync(path.join(tmpdir(), "cline-engine-"));
  readonly cloud: Cloud;
  readonly passphrase = "canary-passphrase-5d0c6f";
  /** Everything that any command printed, for the search for secrets. */
  readonly printed: CommandResult[] = [];
  private readonly pulumiFile: string;

  constructor(say: (line: string) => void) {
    this.cloud = new Cloud(this.at("cloud"));
    mkdirSync(this.at("backend"));
    symlinkSync(path.join(root, "node_modules"), this.at("node_modules"));
    this.pulumiFile = this.installCli(say);
    this.installProviders(standIns);
  }

  at(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  /** Copies a program's folder (this clone by default) and gives it the clone's modules; returns the copy's path. */
  copyProject(name: string, from = root): string {
    const target = this.at(name);
    cpSync(from, target, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => source !== ownStacks && !notCopied.has(path.basename(source)),
    });
    symlinkSync(path.join(root, "node_modules"), path.join(target, "node_modules"));
    return target;
  }

  /** Runs `pulumi ARGS…` in `project` as a person would and waits for its end; a code other than 0 is no error here. */
  async pulumi(project: string, args: readonly string[], options: PulumiOptions = {}): Promise<CommandResult> {
    return this.run(this.pulumiFile, [...args, "--non-interactive", "--color", "never"], project, options);
  }

  /** Runs a command of the project, such as its own command line, in the same environment. */
  async run(
    file: string,
    args: readonly string[],
    project: string,
    options: PulumiOptions = {},
  ): Promise<CommandResult> {
    const result = await runCommand(file, args, {
      cwd: project,
      deadlineMs: options.deadlineMs ?? 600_000,
      ...(options.onStart && { onStart: options.onStart }),
      env: { ...this.environment(), CLINE_ENGINE_DRILL: JSON.stringify(options.drill ?? {}), ...options.env },
    });
    if (options.keep !== false) this.printed.push(result);
    return result;
  }

  /** Folder of the Pulumi CLI, for the PATH of commands that start it. */
  get cliFolder(): string {
    return path.dirname(this.pulumiFile);
  }

  /** Ends what still runs and removes the folder. */
  close(): void {
    killAll();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private environment(): NodeJS.ProcessEnv {
    // Nothing of the caller's own Pulumi or AWS settings may reach the commands.
    const own = Object.entries(process.env).filter(([name]) => !/^(PULUMI|AWS)_/.test(name));
    return {
      ...Object.fromEntries(own),
      PULUMI_HOME: this.at("home"),
      PULUMI_BACKEND_URL: `file://${this.at("backend")}`,
      PULUMI_CONFIG_PASSPHRASE: this.passphrase,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      CLINE_ENGINE_CLOUD: this.at("cloud"),
      CLINE_ENGINE_SHARED: sharedFolder,
    };
  }

  /** The CLI looks for language hosts in its own folder and warns of any other, so where there is none it gets a folder of its own. */
  private installCli(say: (line: string) => void): string {
    const cli = findCli(say);
    const host = onPath("pulumi-language-nodejs");
    say(`Pulumi CLI: ${cli}`);
    say(`Node language host: ${host ?? "none installed; tests/engine/stand-in/language-host.ts"}`);
    if (host !== undefined) return cli;
    mkdirSync(this.at("bin"));
    const own = this.at("bin", "pulumi");
    try {
      linkSync(cli, own);
    } catch {
      copyFileSync(cli, own);
    }
    this.executable(this.at("bin", "pulumi-language-nodejs"), this.bundle("language-host", standIns), {});
    return own;
  }

  /** Makes the stand-in providers in `folder` the ones that commands find. */
  installProviders(folder: string): void {
    const script = this.bundle("provider", folder);
    for (const { name, version } of providerPackages(path.join(root, "node_modules"))) {
      const plugin = this.at("home", "plugins", `resource-${name}-v${version}`);
      mkdirSync(plugin, { recursive: true });
      this.executable(path.join(plugin, `pulumi-resource-${name}`), script, {
        CLINE_ENGINE_PLUGIN: name,
        CLINE_ENGINE_PLUGIN_VERSION: version,
      });
    }
  }

  /** One JavaScript file of a stand-in, so that no command waits for a compiler. */
  private bundle(name: string, from: string): string {
    const outfile = this.at("stand-in", `${name}.js`);
    buildSync({
      entryPoints: [path.join(from, `${name}.ts`)],
      outfile,
      bundle: true,
      packages: "external",
      platform: "node",
      format: "cjs",
      target: "node20",
      logLevel: "error",
    });
    return outfile;
  }

  private executable(file: string, script: string, env: Readonly<Record<string, string>>): void {
    const variables = Object.entries(env).map(([name, value]) => `${name}='${value}' `);
    writeFileSync(file, `#!/bin/sh\n${variables.join("")}exec '${process.execPath}' '${script}' "$@"\n`);
    chmodSync(file, 0o755);
  }
}
