import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { localGateway } from "../../components/workspace/local-gateway";

const script = path.join(__dirname, "../../components/workspace/files/cline-settings.py");
type Json = Record<string, unknown>;

/** What the gateway tells of a tier. */
const tier = (model_name: string, dollars: number) => ({
  model_name,
  model_info: {
    max_input_tokens: 200_000,
    max_output_tokens: 64_000,
    input_cost_per_token: dollars / 1e6,
    output_cost_per_token: (5 * dollars) / 1e6,
    cache_read_input_token_cost: dollars / 1e7,
    cache_creation_input_token_cost: (1.25 * dollars) / 1e6,
    supports_prompt_caching: true,
    supports_vision: true,
  },
});
const prices = { light: 0.33, standard: 1.1, strong: 5.5 };
const extension = "settings/cline_mcp_settings.json";
const places = {
  editor: ".local/share/code-server/User/settings.json",
  mcp: `.local/share/code-server/User/globalStorage/saoudrizwan.claude-dev/${extension}`,
  commandLineMcp: `.cline/data/${extension}`,
  state: ".cline/data/globalState.json",
  secrets: ".cline/data/secrets.json",
  providers: ".cline/data/settings/providers.json",
  commandLine: ".cline/data/settings/global-settings.json",
  endpoints: ".cline/endpoints.json",
  rules: "Documents/Cline/Rules/platform.md",
  ignore: "projects/.clineignore",
} as const;

describe("cline-settings.py", () => {
  let home: string;
  let server: Server;
  let url: string;
  let answers: (readonly (keyof typeof prices)[] | number)[];
  let asked: string[];
  let agent: Json | undefined;

  beforeEach((done) => {
    home = mkdtempSync(path.join(tmpdir(), "cline-home-"));
    answers = [["light", "standard"]];
    agent = { mcpServers: {}, rules: "", ignore: [] };
    asked = [];
    server = createServer((request, response) => {
      asked.push(`${String(request.method)} ${String(request.url)} ${String(request.headers.authorization)}`);
      const answer = (answers.length > 1 ? answers.shift() : answers[0])!;
      response.statusCode = typeof answer === "number" ? answer : 200;
      response.end(
        typeof answer === "number" ? "" : JSON.stringify({ data: answer.map((name) => tier(name, prices[name])) }),
      );
    }).listen(0, localGateway.address, () => {
      url = `http://${localGateway.address}:${String((server.address() as AddressInfo).port)}/v1`;
      done();
    });
  });
  afterEach((done) => {
    rmSync(home, { recursive: true });
    server.close(done);
  });

  function run(program = script): Promise<{ status: number | null; output: string }> {
    const file = path.join(home, "agent.json");
    if (agent) writeFileSync(file, JSON.stringify(agent));
    return new Promise((resolve) => {
      const env = {
        HOME: home,
        PATH: process.env["PATH"],
        GATEWAY_URL: url,
        GATEWAY_PLACEHOLDER: localGateway.placeholder,
        AGENT_FILE: file,
      };
      const child = spawn("python3", ["-I", program], { env });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (text: Buffer) => (output += text.toString()));
      child.on("close", (status) => resolve({ status, output }));
    });
  }
  async function succeeds(): Promise<string> {
    const { status, output } = await run();
    assert.equal(status, 0, output);
    return output;
  }
  const text = (place: keyof typeof places) => readFileSync(path.join(home, places[place]), "utf8");
  const json = (place: keyof typeof places) => JSON.parse(text(place)) as Json;
  function put(place: keyof typeof places, value: string | Json): void {
    const file = path.join(home, places[place]);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
  }
  /** Every file of the home with its content and time. */
  const snapshot = () =>
    readdirSync(home, { recursive: true, encoding: "utf8" })
      .map((name) => path.join(home, name))
      .filter((file) => statSync(file).isFile() && !file.endsWith("agent.json"))
      .map((file) => [file, readFileSync(file, "utf8"), statSync(file).mtimeMs])
      .sort();

  it("makes the extension ready: provider, placeholder, models with window and prices, nothing reported", async () => {
    assert.equal(await succeeds(), "");
    assert.deepEqual(asked, ["GET /v1/model/info Bearer workspace"]);
    const { planModeLiteLlmModelInfo: plan, actModeLiteLlmModelInfo: act, ...state } = json("state");
    const own = [state["planModeApiProvider"], state["actModeApiProvider"], state["liteLlmBaseUrl"]];
    assert.deepEqual(own, ["litellm", "litellm", url]);
    assert.deepEqual([state["planModeLiteLlmModelId"], state["actModeLiteLlmModelId"]], ["light", "standard"]);
    assert.deepEqual([state["telemetrySetting"], state["welcomeViewCompleted"]], ["disabled", true]);
    const common = { maxTokens: 64_000, contextWindow: 200_000, supportsImages: true, supportsPromptCache: true };
    assert.deepEqual(plan, {
      ...common,
      inputPrice: 0.33,
      outputPrice: 1.65,
      cacheReadsPrice: 0.033,
      cacheWritesPrice: 0.4125,
    });
    assert.deepEqual(act, {
      ...common,
      inputPrice: 1.1,
      outputPrice: 5.5,
      cacheReadsPrice: 0.11,
      cacheWritesPrice: 1.375,
    });
    assert.deepEqual(json("secrets"), { liteLlmApiKey: localGateway.placeholder });
    assert.deepEqual(Object.keys(json("endpoints")), ["appBaseUrl", "apiBaseUrl", "mcpBaseUrl"]);
    for (const place of ["secrets", "providers", "state"] as const)
      assert.equal(statSync(path.join(home, places[place])).mode & 0o777, 0o600, place);
  });

  it("makes the command line ready, which reads files of its own", async () => {
    await succeeds();
    const { providers, ...rest } = json("providers");
    assert.deepEqual(rest, { version: 1, lastUsedProvider: "litellm" });
    const { litellm } = providers as { litellm: { settings: object; updatedAt: string; tokenSource: string } };
    const apiKey = localGateway.placeholder;
    assert.deepEqual(litellm.settings, { provider: "litellm", model: "standard", baseUrl: url, apiKey });
    assert.equal(new Date(litellm.updatedAt).toISOString(), litellm.updatedAt, "zod's datetime()");
    assert.deepEqual(json("commandLine"), { toolAutoApprove: false, telemetryOptOut: true, autoUpdateEnabled: false });
  });

  it("approves nothing by itself but reading inside the project, until the developer chooses otherwise", async () => {
    await succeeds();
    const { actions } = json("state")["autoApprovalSettings"] as { actions: Record<string, boolean> };
    const approved = Object.keys(actions).filter((name) => actions[name]);
    assert.deepEqual(approved, ["readFiles"]);
    const { yoloModeToggled, autoApproveAllToggled, hooksEnabled } = json("state");
    assert.deepEqual([yoloModeToggled, autoApproveAllToggled, hooksEnabled], [false, false, false]);
    const chosen = {
      ...json("state"),
      autoApprovalSettings: { version: 2, actions: { editFiles: true } },
      mode: "plan",
    };
    put("state", chosen);
    put("commandLine", { ...json("commandLine"), toolAutoApprove: true });
    put("editor", { ...json("editor"), "extensions.autoUpdate": "onlyEnabledExtensions", "editor.fontSize": 15 });
    const before = snapshot();
    assert.equal(await succeeds(), "");
    assert.deepEqual(snapshot(), before);
  });

  it("touches nothing when nothing has changed", async () => {
    agent = { mcpServers: { docs: { url: "https://mcp.example.com" } }, rules: "Tests first.\n", ignore: [".env"] };
    await succeeds();
    const before = snapshot();
    assert.ok(before.length >= 10);
    assert.equal(await succeeds(), "");
    assert.deepEqual(snapshot(), before);
  });

  it("keeps the developer's model while the key allows it, and takes the nearest when it does not", async () => {
    await succeeds();
    put("state", { ...json("state"), actModeLiteLlmModelId: "light" });
    await succeeds();
    assert.equal(json("state")["actModeLiteLlmModelId"], "light");
    assert.equal((json("state")["actModeLiteLlmModelInfo"] as Json)["inputPrice"], 0.33);
    answers = [["standard", "strong"]];
    await succeeds();
    const state = json("state");
    assert.deepEqual([state["planModeLiteLlmModelId"], state["actModeLiteLlmModelId"]], ["standard", "standard"]);
    assert.equal((state["planModeLiteLlmModelInfo"] as Json)["inputPrice"], 1.1);
  });

  it("waits for a local gateway that has no key yet, and keeps the last choice where none comes", async () => {
    answers = [503, ["light", "standard"]];
    assert.equal(await succeeds(), "");
    assert.equal(asked.length, 2);
    put("state", { ...json("state"), planModeLiteLlmModelId: "strong" });
    answers = [401];
    assert.match(await succeeds(), /the last choice stays: HTTPError/);
    assert.equal(json("state")["planModeLiteLlmModelId"], "strong");
    assert.equal(json("secrets")["liteLlmApiKey"], localGateway.placeholder);
  });

  it("waits for a gateway that says nothing, or one byte a second, for less than systemd gives a start", async () => {
    const own = readFileSync(path.join(path.dirname(script), "cline_models.py"), "utf8");
    const [, seconds = ""] = /^SECONDS = (\d+) /m.exec(own) ?? [];
    assert.ok(Number(seconds) > 0 && Number(seconds) <= 60, `${seconds}: systemd's DefaultTimeoutStartSec is 90 s`);
    const quick = path.join(home, "quick");
    mkdirSync(quick);
    for (const name of ["cline-settings.py", "cline-seed.json"])
      copyFileSync(path.join(path.dirname(script), name), path.join(quick, name));
    writeFileSync(path.join(quick, "cline_models.py"), own.replace(/^SECONDS = \d+/m, "SECONDS = 2"));
    server.removeAllListeners("request");
    for (const dripping of [false, true]) {
      server.on("request", (_, response) => {
        const timer = setInterval(() => dripping && response.write(" "), 100);
        response.once("close", () => clearInterval(timer));
      });
      const since = Date.now();
      const { status, output } = await run(path.join(quick, "cline-settings.py"));
      assert.match(output, /^the gateway did not list models, the last choice stays: no answer within 2 s\n$/);
      assert.deepEqual([status, json("state")["planModeLiteLlmModelId"]], [0, "light"]);
      assert.ok(Date.now() - since < 30_000);
      server.closeAllConnections();
      server.removeAllListeners("request");
    }
  });

  it("does every other step where one cannot be done, names each, and fails", async () => {
    agent = { mcpServers: {}, rules: "Tests first.\n", ignore: [".env"] };
    for (const place of ["secrets", "editor", "ignore"] as const)
      mkdirSync(path.join(home, places[place], "a-folder"), { recursive: true });
    const { status, output } = await run();
    assert.equal(status, 1);
    for (const words of [
      /^Cline's placeholder: stays as it is: IsADirectoryError: .*secrets\.json/m,
      /^editor's settings: stays as it is: IsADirectoryError: .*settings\.json/m,
      /^ignored files: stays as it is: IsADirectoryError: .*\.clineignore/m,
    ])
      assert.match(output, words);
    assert.equal(output.trim().split("\n").length, 3, output);
    assert.deepEqual([text("rules"), json("state")["actModeApiProvider"]], ["Tests first.\n", "litellm"]);
    assert.ok(readdirSync(path.join(home, ".cline/data")).every((name) => !name.startsWith("tmp")));
  });

  it("says what the platform's file lacks", async () => {
    agent = { mcpServers: {}, rules: "" };
    assert.match(await succeeds(), /agent\.json: cannot be read; .* stay as they are: KeyError: 'ignore'/);
  });

  it("keeps a broken file aside, says where, and starts over", async () => {
    put("providers", "{half");
    put("state", "[]");
    put("endpoints", "");
    const output = await succeeds();
    assert.equal(output.match(/not a JSON object; kept as \S+\.broken-\w+, and written anew/g)?.length, 3);
    const kept = readdirSync(path.join(home, ".cline/data")).find((name) =>
      name.startsWith("globalState.json.broken-"),
    );
    assert.equal(readFileSync(path.join(home, ".cline/data", kept!), "utf8"), "[]");
    assert.equal(json("state")["actModeApiProvider"], "litellm");
    assert.equal(await succeeds(), "");
  });

  it("keeps other providers of the command line", async () => {
    put("providers", { version: 1, providers: { ollama: { settings: { provider: "ollama" } } } });
    await succeeds();
    assert.deepEqual(Object.keys(json("providers")["providers"] as Json), ["ollama", "litellm"]);
  });

  it("quiets the editor's first screen, and leaves settings with comments to their owner", async () => {
    await succeeds();
    const { "workbench.startupEditor": first, "chat.disableAIFeatures": quiet } = json("editor");
    assert.deepEqual([first, quiet, json("editor")["extensions.autoUpdate"]], ["none", true, false]);
    const own = '{\n  // mine\n  "editor.fontSize": 15,\n}\n';
    put("editor", own);
    assert.match(
      await succeeds(),
      /has comments or is not JSON, and stays; the platform's are chat\.disableAIFeatures/,
    );
    assert.equal(text("editor"), own);
  });

  it("seeds the platform's MCP servers for both clients, keeps others, and takes out what the platform has taken out", async () => {
    const docs = { type: "streamableHttp", url: "https://mcp.example.com" };
    const tickets = { command: "/usr/local/bin/tickets", args: ["--stdio"] };
    agent = { ...agent, mcpServers: { docs, tickets } };
    put("mcp", {
      mcpServers: { mine: { command: "mine" }, docs: { url: "https://elsewhere.example.com", disabled: true } },
    });
    await succeeds();
    const switches = { disabled: false, autoApprove: [] };
    assert.deepEqual(json("mcp")["mcpServers"], {
      mine: { command: "mine" },
      docs: { ...switches, disabled: true, ...docs },
      tickets: { ...switches, ...tickets },
    });
    assert.deepEqual(Object.keys(json("commandLineMcp")["mcpServers"] as Json), ["docs", "tickets"]);
    agent = { ...agent, mcpServers: { docs } };
    await succeeds();
    assert.deepEqual(Object.keys(json("mcp")["mcpServers"] as Json), ["mine", "docs"]);
  });

  it("writes the platform's rules, and its patterns beside the developer's own", async () => {
    agent = { ...agent, rules: "Tests first.\n", ignore: [".env", "*.pem"] };
    put("ignore", "build/");
    await succeeds();
    assert.equal(text("rules"), "Tests first.\n");
    assert.equal(text("ignore"), "build/\n# platform: begin\n.env\n*.pem\n# platform: end\n");
    put("ignore", `${text("ignore")}dist/\n`);
    agent = { ...agent, rules: "", ignore: ["*.pem"] };
    await succeeds();
    assert.equal(text("ignore"), "build/\n# platform: begin\n*.pem\n# platform: end\ndist/\n");
    assert.throws(() => text("rules"), /ENOENT/);
  });

  it("leaves servers, rules and patterns as they are where the platform's file cannot be read", async () => {
    agent = { mcpServers: { docs: { url: "https://mcp.example.com" } }, rules: "Tests first.\n", ignore: [".env"] };
    await succeeds();
    const before = snapshot();
    writeFileSync(path.join(home, "agent.json"), "{half");
    agent = undefined;
    assert.match(await succeeds(), /agent\.json: cannot be read; servers, rules and patterns stay as they are: JSON/);
    assert.deepEqual(snapshot(), before);
  });

  it("replaces the key that a home from before the local gateway holds", async () => {
    put("secrets", { liteLlmApiKey: "sk-of-an-earlier-home", openRouterApiKey: "of the developer's own" });
    put("providers", { version: 1, providers: { litellm: { settings: { apiKey: "sk-of-an-earlier-home" } } } });
    await succeeds();
    assert.doesNotMatch(JSON.stringify(snapshot()), /sk-of-an-earlier-home/);
    assert.equal(json("secrets")["openRouterApiKey"], "of the developer's own");
  });
});
