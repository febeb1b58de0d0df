import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const script = join(__dirname, "../../components/workspace/files/cline-settings.py");

interface Run {
  readonly status: number | null;
  readonly output: string;
}

describe("cline-settings.py", () => {
  let home: string;
  let server: Server;
  let url: string;
  let models: readonly string[] | undefined;
  let asked: string[];

  beforeEach((done) => {
    home = mkdtempSync(join(tmpdir(), "cline-home-"));
    models = ["light", "standard"];
    asked = [];
    server = createServer((request, response) => {
      asked.push(`${String(request.method)} ${String(request.url)} ${String(request.headers.authorization)}`);
      response.statusCode = models ? 200 : 503;
      response.end(models ? JSON.stringify({ data: models.map((id) => ({ id })) }) : "unwell");
    }).listen(0, "127.0.0.1", () => {
      url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1`;
      done();
    });
  });
  afterEach((done) => {
    rmSync(home, { recursive: true });
    server.close(done);
  });

  function write(key: string): Promise<Run> {
    return new Promise((resolve) => {
      const child = spawn("python3", ["-I", script], { env: { HOME: home, PATH: process.env.PATH, GATEWAY_URL: url } });
      let output = "";
      const add = (text: Buffer) => (output += text.toString());
      child.stdout.on("data", add);
      child.stderr.on("data", add);
      child.on("close", (status) => resolve({ status, output }));
      child.stdin.end(`${key}\n`);
    });
  }
  const json = (path: string) =>
    JSON.parse(readFileSync(join(home, ".cline", path), "utf8")) as Record<string, unknown>;

  it("writes what Cline's extension and its command line read, for the owner's eyes only", async () => {
    const { status, output } = await write("sk-first");
    assert.equal(status, 0, output);
    assert.deepEqual(asked, ["GET /v1/models Bearer sk-first"]);
    const { providers, ...rest } = json("data/settings/providers.json");
    assert.deepEqual(rest, { version: 1, lastUsedProvider: "litellm" });
    const { litellm } = providers as { litellm: { settings: object; updatedAt: string; tokenSource: string } };
    assert.deepEqual(litellm.settings, { provider: "litellm", model: "standard", baseUrl: url, apiKey: "sk-first" });
    assert.equal(litellm.tokenSource, "manual");
    assert.equal(new Date(litellm.updatedAt).toISOString(), litellm.updatedAt, "zod's datetime()");
    const state = json("data/globalState.json");
    assert.deepEqual(
      [state.planModeApiProvider, state.planModeLiteLlmModelId, state.actModeLiteLlmModelId, state.telemetrySetting],
      ["litellm", "light", "standard", "disabled"],
    );
    assert.equal(json("data/secrets.json").liteLlmApiKey, "sk-first");
    const own = json("data/settings/global-settings.json");
    assert.deepEqual([own.telemetryOptOut, own.autoUpdateEnabled], [true, false]);
    assert.deepEqual(Object.keys(json("endpoints.json")), ["appBaseUrl", "apiBaseUrl", "mcpBaseUrl"]);
    for (const path of ["data/settings/providers.json", "data/secrets.json"]) {
      assert.equal(statSync(join(home, ".cline", path)).mode & 0o777, 0o600, path);
    }
  });

  it("touches nothing when nothing has changed", async () => {
    await write("sk-first");
    const before = readFileSync(join(home, ".cline/data/settings/providers.json"), "utf8");
    assert.equal((await write("sk-first")).output, "");
    assert.equal(readFileSync(join(home, ".cline/data/settings/providers.json"), "utf8"), before);
  });

  it("keeps the developer's own settings and choice of model while the key allows it", async () => {
    await write("sk-first");
    const path = join(home, ".cline/data/globalState.json");
    writeFileSync(
      path,
      JSON.stringify({ ...json("data/globalState.json"), actModeLiteLlmModelId: "light", theme: "dark" }),
    );
    await write("sk-first");
    assert.deepEqual(
      [json("data/globalState.json").actModeLiteLlmModelId, json("data/globalState.json").theme],
      ["light", "dark"],
    );
    models = ["standard", "strong"];
    await write("sk-first");
    const state = json("data/globalState.json");
    assert.deepEqual([state.planModeLiteLlmModelId, state.actModeLiteLlmModelId], ["standard", "standard"]);
  });

  it("follows a rotation at once, also while the gateway does not answer, and never says the key", async () => {
    await write("sk-first");
    models = undefined;
    const { status, output } = await write("sk-second");
    assert.equal(status, 0, output);
    assert.match(output, /the last choice stays/);
    assert.ok(!output.includes("sk-"), output);
    assert.ok(JSON.stringify(json("data/settings/providers.json")).includes("sk-second"));
    assert.equal(json("data/secrets.json").liteLlmApiKey, "sk-second");
    assert.equal(json("data/globalState.json").actModeLiteLlmModelId, "standard");
  });

  it("writes nothing before there is a key", async () => {
    const { status, output } = await write("");
    assert.equal(status, 1);
    assert.match(output, /no key yet/);
    assert.deepEqual(asked, []);
  });

  it("starts over from broken files", async () => {
    mkdirSync(join(home, ".cline/data/settings"), { recursive: true });
    writeFileSync(join(home, ".cline/data/settings/providers.json"), "{half");
    writeFileSync(join(home, ".cline/data/globalState.json"), "[]");
    const { status, output } = await write("sk-first");
    assert.equal(status, 0, output);
    assert.equal(json("data/secrets.json").liteLlmApiKey, "sk-first");
  });

  it("ends Cline's hub daemon when the key changes, because it would go on with the old one", async () => {
    await write("sk-first");
    const daemon: ChildProcess = spawn(process.execPath, [
      "-e",
      "require('net').createServer().listen(25463, '127.0.0.1', () => console.log('up'))",
    ]);
    const ended = new Promise((resolve) => daemon.on("exit", (_code, signal) => resolve(signal)));
    await new Promise((resolve) => daemon.stdout!.once("data", resolve));
    await write("sk-first");
    assert.equal(daemon.exitCode ?? daemon.signalCode, null, "no change, no end");
    assert.match((await write("sk-second")).output, /hub daemon was ended/);
    assert.equal(await ended, "SIGTERM");
  });
});
