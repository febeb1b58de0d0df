import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { type Config, departmentConfig, fileText, merged, platformConfig } from "../../support/specs";

const root = path.join(__dirname, "../../..");

/** What the program is made of; built functions and pack come along. */
const copied = [
  "bootstrap",
  "components",
  "cli",
  "reports",
  "offline",
  "config",
  "functions",
  "policy-pack",
  "scripts",
  "Pulumi.yaml",
];
const alsoCopied = ["package.json", "package-lock.json", "tsconfig.json", ".gitignore"];

/** A repository as the workflow's checkout leaves it, with a small program and stack files of its own. */
export class PullRequest {
  readonly folder = mkdtempSync(path.join(tmpdir(), "pull-request-"));
  private readonly bin = mkdtempSync(path.join(tmpdir(), "bin-"));
  private readonly gh = path.join(this.bin, "gh.json");
  readonly summary = path.join(this.bin, "summary.md");

  constructor() {
    for (const name of [...copied, ...alsoCopied])
      cpSync(path.join(root, name), path.join(this.folder, name), {
        recursive: true,
        filter: (source) => !/node_modules|[/]tests$/.test(source.slice(root.length)),
      });
    cpSync(path.join(root, "tests/cli/fixtures/index.ts"), path.join(this.folder, "index.ts"));
    symlinkSync(path.join(root, "node_modules"), path.join(this.folder, "node_modules"));
    mkdirSync(path.join(this.folder, "stacks"));
    this.write("platform", platformConfig);
    this.department("engineering", {});
    this.department("design", {
      "cline:department": {
        lead: "kato",
        monthlyBudgetUsd: 500,
        developers: { tanaka: undefined, suzuki: undefined, arai: {} },
      },
    });
    this.git("init", "--quiet", "--initial-branch", "main");
    this.commit("base");
    this.git("checkout", "--quiet", "-b", "change");
    writeFileSync(this.gh, JSON.stringify({ calls: [], comments: [], sarifs: [] }));
    writeFileSync(path.join(this.bin, "gh"), `#!/bin/sh\nexec "${process.execPath}" "${__dirname}/gh.mjs" "$@"\n`);
    chmodSync(path.join(this.bin, "gh"), 0o755);
  }

  /** Writes a department's file: the fixture's with overrides. */
  department(name: string, overrides: Config): void {
    this.write(name, merged(departmentConfig, overrides));
  }

  private write(name: string, config: Config): void {
    writeFileSync(path.join(this.folder, "stacks", `Pulumi.${name}.yaml`), fileText(config));
  }

  commit(message: string): void {
    this.git("add", "--all", ":!node_modules", ":!preview.*");
    this.git("commit", "--quiet", "--message", message);
  }

  private git(...args: string[]): void {
    const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd: this.folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  }

  /** What the stand-in for gh holds. */
  get github(): GitHub {
    return JSON.parse(readFileSync(this.gh, "utf8")) as GitHub;
  }

  set github(state: GitHub) {
    writeFileSync(this.gh, JSON.stringify(state));
  }

  /**
   * Runs the `run:` steps of the preview job on the merge of the change, as a runner does: bash -e with pipefail, expressions in env
   * replaced, until a step fails. Actions and `npm ci` are passed over: their work is done already.
   */
  run(about: { readonly headRepository?: string; readonly author?: string } = {}): RunResult {
    this.git("checkout", "--quiet", "--detach", "main");
    this.git("merge", "--quiet", "--no-ff", "--message", "merge", "change");
    const output = path.join(this.bin, "output");
    writeFileSync(output, "");
    const values: Record<string, () => string> = {
      "github.base_ref": () => "main",
      "github.token": () => "token",
      "github.event.pull_request.number": () => "7",
      "github.event.pull_request.head.repo.full_name": () => about.headRepository ?? "example/cline",
      "github.event.pull_request.user.login": () => about.author ?? "sato",
      "github.event.pull_request.head.sha": () => "0123456789abcdef",
      "steps.preview.outputs.status": () => /^status=(.*)$/m.exec(readFileSync(output, "utf8"))?.[1] ?? "",
    };
    const expand = (text: string): string =>
      text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
        const value = values[expression];
        if (!value) throw new Error(`the workflow reads ${expression}, which this test does not know`);
        return value();
      });
    try {
      return this.steps(expand, output);
    } finally {
      this.git("checkout", "--quiet", "change");
    }
  }

  private steps(expand: (text: string) => string, output: string): RunResult {
    const ran: string[] = [];
    let log = "";
    for (const step of previewSteps()) {
      const { status, stdout, stderr } = spawnSync(
        "bash",
        ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run],
        {
          cwd: this.folder,
          encoding: "utf8",
          env: {
            ...process.env,
            PATH: `${this.bin}:${process.env["PATH"] ?? ""}`,
            FAKE_GH_STATE: this.gh,
            GITHUB_REPOSITORY: "example/cline",
            GITHUB_OUTPUT: output,
            GITHUB_STEP_SUMMARY: this.summary,
            ...Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, expand(value)])),
          },
        },
      );
      ran.push(step.name ?? "");
      log += stdout + stderr;
      if (status !== 0) return { failed: step.name, status, ran, log };
    }
    return { failed: undefined, status: 0, ran, log };
  }
}

export interface GitHub {
  readonly calls: readonly { readonly method: string; readonly endpoint: string }[];
  readonly comments: readonly {
    readonly id: number;
    readonly user: { readonly login: string };
    readonly body: string;
  }[];
  readonly sarifs: readonly Readonly<Record<string, string>>[];
}

export interface RunResult {
  /** Name of the step that failed. */
  readonly failed: string | undefined;
  readonly status: number | null;
  readonly ran: readonly string[];
  readonly log: string;
}

interface Step {
  readonly name?: string;
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
}

function previewSteps(): Step[] {
  const text = readFileSync(path.join(root, ".github/workflows/pull-request.yml"), "utf8");
  const { jobs } = parse(text) as { jobs: { preview: { steps: (Partial<Step> & { if?: string })[] } } };
  return jobs.preview.steps.flatMap((step) => {
    if (step.if !== undefined)
      throw new Error(`the step ${step.name ?? ""} has a condition, which this test does not read`);
    return step.run === undefined || step.run.startsWith("npm ci") ? [] : [{ ...step, run: step.run }];
  });
}
