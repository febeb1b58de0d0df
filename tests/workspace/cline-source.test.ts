import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { workspaceReleases } from "../../config";
import { parseRecord, readAgain, readRecord, recordText, type Row } from "../../tools/cline-source/record";

const root = path.join(__dirname, "../..");
const { tag, rows } = readRecord();
const of = (store: string) => rows.filter((row) => row.store === store);
const named = (store: string, key: string): Row | undefined => of(store).find((row) => row.key === key);

/** Whether a recorded type takes a value. Objects are judged by their members, each of which has a row. */
function takes(type: string, value: unknown): boolean {
  const union = type
    .replaceAll(".optional()", "")
    .split("|")
    .map((part) => part.trim());
  return union.some((part) => {
    if (/^"[^"]*"$/.test(part)) return part === JSON.stringify(value);
    const [, literal] = /^z\.literal\((".*")\)$/.exec(part) ?? [];
    if (literal !== undefined) return literal === JSON.stringify(value);
    const [, word] = /^(?:z\.)?(string|boolean|number)(?:\(\))?$/.exec(part) ?? [];
    if (word !== undefined) return typeof value === word;
    if (["string[]", "z.array(z.string())", "AutoApproveSchema"].includes(part))
      return Array.isArray(value) && value.every((each) => typeof each === "string");
    const words = named("type", part);
    return words === undefined ? typeof value === "object" : takes(words.type, value);
  });
}

/** Keys of a JSON object with their values, members of members too. */
const leaves = (value: object, at = ""): [string, unknown][] =>
  Object.entries(value).flatMap(([key, member]: [string, unknown]) => {
    const name = at === "" ? key : `${at}.${key}`;
    const isObject = typeof member === "object" && member !== null && !Array.isArray(member);
    return isObject
      ? [[name, member] as [string, unknown], ...leaves(member, name)]
      : [[name, member] as [string, unknown]];
  });

describe("the record of Cline's source", () => {
  let home: string;
  before(() => {
    home = mkdtempSync(path.join(tmpdir(), "cline-seeded-"));
    const agent = path.join(home, "agent.json");
    const mcpServers = {
      docs: { type: "streamableHttp", url: "https://mcp.example.com" },
      own: { command: "own", args: ["-q"] },
    };
    writeFileSync(agent, JSON.stringify({ mcpServers, rules: "Tests first.\n", ignore: [".env"] }));
    const about = { data: [{ model_name: "standard", model_info: told }] };
    // A gateway of one answer: the seed without it lacks the models' sizes and prices.
    const server = `require("http").createServer((q, a) => a.end(${JSON.stringify(JSON.stringify(about))})).listen(0, "127.0.0.1", function () {
      const child = require("child_process").spawn("python3", ["-I", ${JSON.stringify(script)}],
        { env: { ...process.env, GATEWAY_URL: "http://127.0.0.1:" + this.address().port + "/v1", GATEWAY_PLACEHOLDER: "workspace" }, stdio: "inherit" });
      child.on("exit", (code) => process.exit(code));
    })`;
    execFileSync(process.execPath, ["-e", server], { env: { ...process.env, HOME: home, AGENT_FILE: agent } });
  });
  after(() => rmSync(home, { recursive: true }));
  const script = path.join(root, "components/workspace/files/cline-settings.py");
  const told = {
    max_input_tokens: 200_000,
    max_output_tokens: 64_000,
    input_cost_per_token: 1e-6,
    output_cost_per_token: 5e-6,
    cache_read_input_token_cost: 1e-7,
    cache_creation_input_token_cost: 1.25e-6,
    supports_prompt_caching: true,
    supports_vision: true,
  };

  it("is of the release that workspaces install", () => {
    assert.equal(tag, `v${workspaceReleases.clineExtension}`);
    assert.ok(rows.every(({ place }) => /^apps\/vscode\/src\/\S+\.ts:\d+$/.test(place)));
    assert.equal(new Set(rows.map(({ store, key }) => `${store} ${key}`)).size, rows.length);
    assert.deepEqual(parseRecord(recordText(readRecord())), readRecord());
  });

  for (const [store, file, objects] of [
    ["globalState.json", ".cline/data/globalState.json", ["autoApprovalSettings.actions"]],
    ["secrets.json", ".cline/data/secrets.json", []],
    ["endpoints.json", ".cline/endpoints.json", []],
    [
      "cline_mcp_settings.json",
      ".local/share/code-server/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
      ["mcpServers.*"],
    ],
  ] as const)
    it(`has every key that a workspace writes into ${store}, with a type that takes its value`, () => {
      const written = leaves(JSON.parse(readFileSync(path.join(home, file), "utf8")) as object)
        .map(([key, value]) => [key.replace(/^mcpServers\.[^.]+/, "mcpServers.*"), value] as const)
        .filter(([key]) => !(objects as readonly string[]).includes(key));
      assert.ok(written.length > 0);
      const wrong = written.filter(([key, value]) => !takes(named(store, key)?.type ?? "never", value));
      assert.deepEqual(wrong, []);
      const unwritten = of(store).filter(({ key }) => !written.some(([name]) => name === key));
      assert.deepEqual(
        unwritten.map(({ key }) => key),
        [],
      );
      assert.ok(named("path", store));
    });

  it("tells a wrong type from a right one", () => {
    assert.ok(takes("boolean | undefined", true) && !takes("boolean | undefined", "true"));
    assert.ok(takes("ApiProvider", "litellm") && !takes("ApiProvider", "litelm"));
    assert.ok(takes("string[]", []) && !takes("string[]", [1]) && !takes("never", "x"));
  });

  it("has the places of rules and patterns, and the fields of the command policy", () => {
    for (const key of ["Documents/Cline/Rules", ".clineignore"]) assert.ok(named("path", key), key);
    assert.deepEqual(
      of("CLINE_COMMAND_PERMISSIONS").map(({ key }) => key),
      ["allow", "deny", "allowRedirects"],
    );
  });

  it("is read again from source text: place, type and default of each kind, and what is gone", () => {
    const keys = [
      "const GLOBAL_STATE_FIELDS = {",
      "\tmcpMarketplaceEnabled: { default: true as boolean },",
      "\tplanActSeparateModelsSetting: { default: false as boolean, isComputed: true },",
      "\tautoApprovalSettings: {",
      "\t\tdefault: DEFAULTS as AutoApprovalSettings,",
      "\t},",
      "const SECRETS_KEYS = [",
      '\t"liteLlmApiKey",',
    ].join("\n");
    const files = new Map([["apps/vscode/src/shared/storage/state-keys.ts", keys]]);
    const read = (store: string, key: string) => {
      const { place, type, initial } = readAgain((file) => files.get(file), { store, key });
      return [place.split(":")[1] ?? place, type, initial];
    };
    assert.deepEqual(read("globalState.json", "mcpMarketplaceEnabled"), ["2", "boolean", "true"]);
    assert.deepEqual(read("globalState.json", "planActSeparateModelsSetting"), ["3", "boolean", "false"]);
    assert.deepEqual(read("globalState.json", "autoApprovalSettings"), ["4", "AutoApprovalSettings", "DEFAULTS"]);
    assert.deepEqual(read("secrets.json", "liteLlmApiKey"), ["8", "string", "-"]);
    assert.deepEqual(read("globalState.json", "yoloModeToggled"), ["gone", "-", "-"]);
    assert.deepEqual(read("endpoints.json", "appBaseUrl"), ["gone", "-", "-"]);
  });

  it("is compared with a checkout by a command, which prints what differs", () => {
    const checkout = mkdtempSync(path.join(tmpdir(), "cline-checkout-"));
    const run = () => {
      const command = ["-r", "tsx/cjs", "tools/cline-source/main.ts", checkout];
      return spawnSync(process.execPath, command, { cwd: root, encoding: "utf8" });
    };
    try {
      const git = (...args: readonly string[]) => execFileSync("git", ["-C", checkout, ...args]);
      git("init", "--quiet");
      const absent = run();
      assert.deepEqual([absent.status, /found no tag v[\d.]+; fetch the tags/.test(absent.stderr)], [2, true]);
      mkdirSync(path.join(checkout, "apps/vscode/src/shared"), { recursive: true });
      writeFileSync(
        path.join(checkout, "apps/vscode/src/shared/TelemetrySetting.ts"),
        'export type TelemetrySetting = "on"\n',
      );
      git("add", ".");
      git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message", "one");
      git("tag", tag);
      const { status, stdout } = run();
      assert.equal(status, 1);
      assert.match(stdout, /^\+ type\tTelemetrySetting\tapps\/vscode\/src\/shared\/TelemetrySetting\.ts:1\t"on"\t-$/m);
      assert.match(stdout, /^\+ secrets\.json\tliteLlmApiKey\tgone\t-\t-$/m);
    } finally {
      rmSync(checkout, { recursive: true });
    }
  });
});
