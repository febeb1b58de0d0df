import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { localGateway } from "../../components/workspace/local-gateway";
import { LocalGateway } from "../support/local-gateway";
import { installed } from "./prisma/paths";
import { useClient } from "./support/client";
import { departmentState, onboard, profileOf } from "./support/departments";
import { KeySecret } from "./support/functions";
import { world } from "./support/hooks";
import { freePort, isOpen } from "./support/server";
import { spendOf, until } from "./support/spend";

const settingsWriter = resolve(__dirname, "../../components/workspace/files/cline-settings.py");
/** Cline's own, for every home of a machine. */
const hubPort = 25_463;
const department = "coding";

interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** A command with nothing but this environment, and nothing to read. */
function run(file: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Run> {
  return new Promise((done, failed) => {
    const child = spawn(file, args, { cwd, env: { PATH: process.env["PATH"], ...env }, timeout: 180_000 });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (output += text.toString()));
    child.once("error", failed);
    // Not `close`: the hub daemon may hold the pipes open.
    child.once("exit", (code) => setTimeout(() => done({ code, output }), 200));
    child.stdin.end();
  });
}

describe("Cline's command line, through a workspace's local gateway", () => {
  const client = useClient(world);
  let local: LocalGateway;
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

  /** What a workspace does before each start of its editor. */
  const writeSettings = (): Promise<Run> =>
    run("python3", ["-I", settingsWriter], workspace, {
      HOME: home,
      GATEWAY_URL: `http://${localGateway.address}:${String(local.port)}/v1`,
      GATEWAY_PLACEHOLDER: localGateway.placeholder,
      AGENT_FILE: join(home, "agent.json"),
    });

  const cline = (prompt: string): Promise<Run> =>
    run(
      process.execPath,
      [join(installed("GATEWAY_NODE_MODULES"), "cline/bin/cline"), "--json", "--auto-approve", "true", prompt],
      workspace,
      { HOME: home },
    );

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
    writeFileSync(join(home, "agent.json"), JSON.stringify({ mcpServers: {}, rules: "", ignore: [] }));
    key = (await onboard(world(), departmentState(department, { dev: { models: ["light", "standard"] } })))["dev"]!;
    secret = new KeySecret(world(), department, "dev");
    local = await LocalGateway.start({
      port: Number(new URL(world().url).port),
      authority: readFileSync(world().certificates.ca, "utf8"),
      own: await freePort(),
    });
    local.setKey(key);
  });
  after(async () => {
    await local.stop();
    const daemon = hubDaemon();
    if (daemon !== undefined) process.kill(daemon);
  });

  it("does a task through the gateway, with the settings that a workspace writes", async () => {
    const written = await writeSettings();
    assert.deepEqual(written, { code: 0, output: "" });
    const from = world().bedrock.requests.length;
    assertDone(await task("first.txt"), "first.txt", from);
    const rows = await until(
      () => spendOf(world(), department),
      (found) => found.length === 2,
    );
    for (const row of rows) assert.deepEqual([row.developer, row.tier, row.usd > 0], ["dev", "standard", true]);
  });

  it("does the next one after its key was rotated twice and the first is dead, and is not started again for it", async () => {
    const first = key;
    const daemon = hubDaemon();
    assert.ok(daemon !== undefined, "no hub daemon was left: the first task says nothing about a client that goes on");
    for (let rotation = 0; rotation < 2; rotation++) local.setKey((key = await secret.rotate()));
    await until(
      async () => (await client.chat({ key: first, model: "standard" })).status,
      (status) => status === 401,
    );
    const from = world().bedrock.requests.length;
    assertDone(await task("second.txt"), "second.txt", from);
    assert.equal(hubDaemon(), daemon);
  });

  it("holds no key in anything that it says, logs or keeps", () => {
    const files = readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    assert.ok(files.some((file) => readFileSync(file).includes(localGateway.placeholder)));
    assert.deepEqual(
      files.filter((file) => readFileSync(file).includes(key)),
      [],
    );
  });
});
