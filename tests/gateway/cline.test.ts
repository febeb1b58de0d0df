import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { installed } from "./prisma/paths";
import { useClient } from "./support/client";
import { departmentState, onboard, profileOf } from "./support/departments";
import { KeySecret } from "./support/functions";
import { world } from "./support/hooks";
import { isOpen } from "./support/server";
import { spendOf, until } from "./support/spend";

const settingsWriter = resolve(__dirname, "../../components/workspace/files/cline-settings.py");
/** Cline's own, for every home of a machine. */
const hubPort = 25_463;
const department = "coding";

interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** A command with nothing but this environment; `input` is all that it can read. */
function run(file: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv, input = ""): Promise<Run> {
  return new Promise((done, failed) => {
    const child = spawn(file, args, { cwd, env: { PATH: process.env["PATH"], ...env }, timeout: 180_000 });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (output += text.toString()));
    child.once("error", failed);
    // Not `close`: the hub daemon may hold the pipes open.
    child.once("exit", (code) => setTimeout(() => done({ code, output }), 200));
    child.stdin.end(input);
  });
}

describe("Cline's command line", () => {
  const client = useClient(world);
  let home: string;
  let workspace: string;
  let secret: KeySecret;
  let key: string;

  /** Process id of the hub daemon that Cline has left behind for this workspace. */
  const hubDaemon = (): number | undefined =>
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .find((pid) => {
        try {
          const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
          return words.includes("--cline-hub-daemon") && words.includes(workspace);
        } catch {
          return false;
        }
      });

  /** What a workspace does at its start and after each rotation. */
  const writeSettings = (value: string): Promise<Run> =>
    run(
      "python3",
      ["-I", settingsWriter],
      workspace,
      { HOME: home, GATEWAY_URL: `${world().url}/v1`, SSL_CERT_FILE: world().certificates.ca },
      `${value}\n`,
    );

  const cline = (prompt: string): Promise<Run> =>
    run(process.execPath, [join(installed("GATEWAY_NODE_MODULES"), "cline/bin/cline"), "--json", prompt], workspace, {
      HOME: home,
      NODE_EXTRA_CA_CERTS: world().certificates.ca,
    });

  /** Lets the model write a file and say that it is done; gives what Cline did. */
  async function task(name: string): Promise<Run> {
    const { bedrock } = world();
    const path = join(workspace, name);
    bedrock.script(profileOf(department, "standard"), [
      {
        text: "I write it.",
        tools: [{ name: "editor", input: { path, new_text: `text of ${name}\n` } }],
        input: { inputTokens: 5000 },
      },
      { text: `${name} is written.`, input: { inputTokens: 5100 } },
    ]);
    return cline(`Please write a file that is called ${name}`);
  }

  function assertDone({ code, output }: Run, name: string, from: number): void {
    assert.equal(code, 0, output.slice(-3000));
    assert.equal(readFileSync(join(workspace, name), "utf8"), `text of ${name}\n`);
    const events = output
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as { type: string; finishReason?: string; text?: string });
    const result = events.find(({ type }) => type === "run_result");
    assert.deepEqual([result?.finishReason, result?.text], ["completed", `${name} is written.`]);
    const calls = world().bedrock.requests.slice(from);
    assert.deepEqual(
      calls.map(({ model, stream, status }) => [model, stream, status]),
      Array.from({ length: 2 }, () => [profileOf(department, "standard"), true, 200]),
    );
    for (const { body } of calls) {
      assert.ok(body.toolConfig!.tools!.some((tool) => (tool["toolSpec"] as { name: string }).name === "editor"));
      assert.deepEqual(body.messages.at(-1)!.content.at(-1), { cachePoint: { type: "default" } });
    }
    assert.ok(calls[1]!.body.messages.at(-1)!.content.some((block) => "toolResult" in block));
  }

  before(async () => {
    assert.ok(!(await isOpen(hubPort)), `port ${hubPort} is taken: end the hub daemon of another Cline first`);
    home = mkdtempSync(join(world().folder, "home-"));
    workspace = join(home, "workspace");
    mkdirSync(workspace);
    key = (await onboard(world(), departmentState(department, { dev: { models: ["light", "standard"] } })))["dev"]!;
    secret = new KeySecret(world(), department, "dev");
  });
  after(() => {
    const daemon = hubDaemon();
    if (daemon !== undefined) process.kill(daemon);
  });

  it("does a task through the gateway, with the settings that a workspace writes", async () => {
    const written = await writeSettings(key);
    assert.deepEqual(written, { code: 0, output: "" });
    const from = world().bedrock.requests.length;
    assertDone(await task("first.txt"), "first.txt", from);
    const rows = await until(
      () => spendOf(world(), department),
      (found) => found.length === 2,
    );
    for (const row of rows) assert.deepEqual([row.developer, row.tier, row.usd > 0], ["dev", "standard", true]);
  });

  it("does the next one after its key was rotated twice and the first is dead", async () => {
    const first = key;
    const daemon = hubDaemon();
    assert.ok(daemon !== undefined, "no hub daemon was left: the first task says nothing about its key");
    for (let rotation = 0; rotation < 2; rotation++) key = await secret.rotate();
    await until(
      async () => (await client.chat({ key: first, model: "standard" })).status,
      (status) => status === 401,
    );
    const { code, output } = await writeSettings(key);
    assert.equal(code, 0, output);
    assert.match(output, /hub daemon was ended/);
    await until(
      () => existsSync(`/proc/${daemon}`),
      (alive) => !alive,
    );
    const from = world().bedrock.requests.length;
    assertDone(await task("second.txt"), "second.txt", from);
  });

  it("leaves no key in what it says, logs or keeps but for its settings", () => {
    const found = readdirSync(join(home, ".cline"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => readFileSync(file).includes(key));
    assert.deepEqual(found.map((file) => file.slice(home.length + 1)).sort(), [
      ".cline/data/secrets.json",
      ".cline/data/settings/providers.json",
    ]);
  });
});
