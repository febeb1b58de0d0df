import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { schemaDifferences, type Column, type Schema } from "../migration/schema";
import { differences, table, worst, type Difference } from "./differences";
import { usedByThisProject, type Facts, type Used } from "./facts";

const used: Used = {
  routes: ["GET /key/info", "POST /team/{team}/reset"],
  keys: {
    general_settings: ["batch_seconds"],
    litellm_params: ["model"],
    litellm_settings: [],
    model_info: [],
    router_settings: ["retries"],
  },
  variables: ["LITELLM_MODE"],
  options: ["--port"],
  prices: { "jp.model": { input_cost_per_token: 2e-6 } },
};

const facts: Facts = {
  packages: { fastapi: "1", starlette: "1" },
  routes: ["GET /key/info", "POST /team/{team_id}/reset", "GET /old"],
  settings: {
    general_settings: { batch_seconds: "5", other: "1" },
    litellm_params: { model: "None" },
    litellm_settings: {},
    model_info: {},
    router_settings: { retries: "2", cooldown: "1" },
  },
  read: { batch_seconds: true, model: true, retries: true, LITELLM_MODE: true },
  environment: ["LITELLM_MODE"],
  command: { "--port": "4000", "--workers": "1" },
  prices: { "jp.model": { input_cost_per_token: 2e-6, max_tokens: 10 } },
  hook: { "CustomLogger.before": "(self, data)", "litellm.x": "(a)" },
};

const found = (change: Partial<Facts>) => differences(facts, { ...facts, ...change }, used);
const verdicts = (change: Partial<Facts>) => found(change).map(({ area, verdict }) => `${area} ${verdict}`);

describe("the table of differences between two releases of LiteLLM", () => {
  it("is empty for the same release", () => {
    assert.deepEqual(found({}), []);
    assert.equal(worst([]), "harmless");
  });

  it("judges routes by what the gateway forwards, whatever their parameters are called", () => {
    const without = (route: string) => facts.routes.filter((each) => each !== route);
    assert.deepEqual(verdicts({ routes: without("GET /old") }), ["routes harmless"]);
    assert.deepEqual(verdicts({ routes: without("GET /key/info") }), ["routes breaks"]);
    assert.deepEqual(verdicts({ routes: [...facts.routes, "GET /new"] }), ["routes harmless"]);
    assert.deepEqual(verdicts({ routes: ["GET /key/info", "POST /team/{id}/reset", "GET /old"] }), []);
  });

  it("judges settings by what is set here, and new defaults of what is not", () => {
    const router = (retries: string, cooldown: string) => ({
      settings: { ...facts.settings, router_settings: { retries, cooldown } },
    });
    assert.deepEqual(verdicts(router("3", "1")), ["router_settings harmless"]);
    assert.deepEqual(verdicts(router("2", "9")), ["router_settings needs work"]);
    assert.deepEqual(verdicts({ read: { ...facts.read, batch_seconds: false } }), ["general_settings breaks"]);
    assert.deepEqual(verdicts({ read: { ...facts.read, LITELLM_MODE: false } }), ["environment breaks"]);
    assert.deepEqual(verdicts({ command: { "--workers": "1" } }), ["command breaks"]);
    assert.deepEqual(verdicts({ command: { "--port": "1", "--workers": "2" } }), ["command needs work"]);
  });

  it("judges prices by the catalogue's", () => {
    const map = (more: object) => ({ prices: { "jp.model": { ...facts.prices["jp.model"], ...more } } });
    assert.deepEqual(verdicts(map({ input_cost_per_token: 3e-6 })), ["prices breaks"]);
    assert.deepEqual(verdicts(map({ input_cost_per_token: 1e-6 })), ["prices harmless"]);
    assert.deepEqual(verdicts(map({ output_cost_per_token: 1e-6 })), ["prices needs work"]);
    assert.deepEqual(verdicts(map({ max_tokens: 20 })), ["prices needs work"]);
  });

  it("judges what the hook uses by its shape", () => {
    assert.deepEqual(verdicts({ hook: { ...facts.hook, "CustomLogger.before": "(self, data, more)" } }), [
      "hook needs work",
    ]);
    assert.deepEqual(verdicts({ hook: { "CustomLogger.before": "(self, data)" } }), ["hook breaks"]);
    assert.deepEqual(verdicts({ packages: { fastapi: "2", starlette: "1" } }), ["packages harmless"]);
  });

  it("judges a schema by what the earlier version needs of it", () => {
    const column = (more: Partial<Column>): Column => ({
      ...{ table: "T", column: "id", type: "text", nullable: false, default: null, generated: false },
      ...more,
    });
    const schema = (...columns: readonly Column[]): Schema => ({ columns, indexes: [], constraints: [] });
    const before = schema(column({}), column({ column: "spend", type: "float8" }));
    const judge = (...columns: readonly Column[]) =>
      schemaDifferences(before, schema(...columns)).map(({ verdict }) => verdict);
    const [id, spend] = before.columns as [Column, Column];
    assert.deepEqual(judge(id, spend), []);
    assert.deepEqual(judge(id), ["breaks"]);
    assert.deepEqual(judge(id, spend, column({ column: "new" })), ["breaks"]);
    assert.deepEqual(judge(id, spend, column({ column: "new", nullable: true })), ["harmless"]);
    assert.deepEqual(judge(id, spend, column({ column: "new", default: "''" })), ["harmless"]);
    assert.deepEqual(judge(id, spend, column({ table: "U" })), ["harmless"]);
    assert.deepEqual(judge(id, column({ ...spend, type: "text" })), ["needs work"]);
    assert.deepEqual(
      schemaDifferences(before, { ...before, indexes: [`CREATE UNIQUE INDEX i ON public."T" USING btree (spend)`] })[0]
        ?.verdict,
      "needs work",
    );
  });

  it("stands with the worst first", () => {
    const one = (verdict: Difference["verdict"]): Difference => ({ area: verdict, what: "a|b", verdict, why: "" });
    const rows = table([one("harmless"), one("breaks"), one("needs work")])
      .split("\n")
      .slice(2);
    assert.deepEqual(
      rows.map((row) => row.split(" | ")[2]),
      ["breaks", "needs work", "harmless"],
    );
    assert.match(rows[0] ?? "", /a\\\|b/);
  });

  it("asks for what the generated configuration and task definitions really have", () => {
    const own = usedByThisProject();
    assert.ok(own.keys.general_settings.includes("use_redis_transaction_buffer"));
    assert.ok(own.variables.includes("LITELLM_SALT_KEY"));
    assert.deepEqual(
      own.variables.filter((name) => /^(?:AWS|OTEL|PYTHON)/.test(name)),
      [],
    );
    assert.ok(own.options.includes("--num_workers"));
    assert.ok(Object.keys(own.prices).length > 20);
  });
});

describe("the gateway's suites", () => {
  it("are all run", () => {
    const folder = path.join(__dirname, "..");
    const script = readFileSync(path.join(folder, "run.sh"), "utf8");
    const run = [...script.matchAll(/^ {2}gateway (.*)$/gm)].flatMap(([, names = ""]) => names.split(" "));
    const files = readdirSync(folder).filter((name) => name.endsWith(".test.ts"));
    assert.deepEqual(run.sort(), files.map((name) => name.replace(".test.ts", "")).sort());
  });
});
