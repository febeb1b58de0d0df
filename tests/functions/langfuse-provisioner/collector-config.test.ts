import assert from "node:assert/strict";
import {
  allowedAttributes,
  maxConfigBytes,
  planCollectorConfig,
  type Route,
} from "../../../functions/langfuse-provisioner/collector-config";

const route = (department: string, keepPromptText = false): Route => ({
  department,
  publicKey: `pk-lf-${department}`,
  secretKey: `sk-lf-${department}`,
  keepPromptText,
});
interface Pipeline {
  readonly receivers: string[];
  readonly processors?: string[];
  readonly exporters: string[];
}
interface Config {
  /** Absent without departments. */
  readonly connectors?: {
    routing: { table: { condition: string; pipelines: string[] }[]; default_pipelines: string[] };
  };
  readonly exporters: Record<string, { headers?: { Authorization: string } }>;
  readonly processors: Record<string, unknown>;
  readonly service: { pipelines: Record<string, Pipeline>; extensions: string[] };
}
const config = (...routes: Route[]) => JSON.parse(planCollectorConfig(routes)) as Config;

describe("planCollectorConfig", () => {
  it("sends each department's spans to its own project and unknown ones nowhere", () => {
    const { connectors, exporters, service } = config(route("engineering"), route("design", true));
    const { routing } = connectors!;
    assert.deepEqual(
      routing.table.map(({ pipelines }) => pipelines),
      [["traces/design"], ["traces/engineering"]],
    );
    assert.equal(routing.table[1]!.condition, 'attributes["cline.department"] == "engineering"');
    assert.deepEqual(routing.default_pipelines, ["traces/nobody"]);
    assert.deepEqual(service.pipelines["traces/nobody"]!.exporters, ["nop"]);
    const { Authorization } = exporters["otlp_http/design"]!.headers!;
    assert.equal(Buffer.from(Authorization.slice(6), "base64").toString(), "pk-lf-design:sk-lf-design");
    assert.deepEqual(service.pipelines["traces/design"]!.exporters, ["otlp_http/design"]);
  });

  it("strips text for all but the departments that keep it", () => {
    const { pipelines } = config(route("engineering"), route("design", true)).service;
    assert.deepEqual(pipelines["traces/engineering"]!.processors, ["filter/text", "transform/text", "batch"]);
    assert.deepEqual(pipelines["traces/design"]!.processors, ["batch"]);
  });

  it("names only parts that it defines, with any number of departments", () => {
    for (const routes of [[], [route("a")], Array.from({ length: 20 }, (_, i) => route(`department-${String(i)}`))]) {
      const made = config(...routes);
      const ends = ["otlp", ...Object.keys(made.exporters), ...Object.keys(made.connectors ?? {})];
      for (const { receivers, processors = [], exporters } of Object.values(made.service.pipelines)) {
        for (const part of [...receivers, ...exporters]) assert.ok(ends.includes(part), part);
        for (const part of processors) assert.ok(part in made.processors, part);
      }
      assert.equal(made.connectors?.routing.table.length, routes.length > 0 ? routes.length : undefined);
      for (const { pipelines } of made.connectors?.routing.table ?? []) {
        for (const pipeline of pipelines) assert.ok(pipeline in made.service.pipelines);
      }
    }
  });

  it("routes nothing without a department: the routing connector refuses an empty table", () => {
    const { connectors, service } = config();
    assert.equal(connectors, undefined);
    assert.deepEqual(Object.keys(service.pipelines), ["traces/in"]);
    assert.deepEqual(service.pipelines["traces/in"]!.exporters, ["nop"]);
  });

  it("holds 100 departments with the longest names in one secret, and says what to do beyond", () => {
    const many = (count: number) =>
      planCollectorConfig(
        Array.from({ length: count }, (_, i) => ({
          department: `department-${String(i)}`.padEnd(20, "x"),
          publicKey: `pk-lf-${"0".repeat(36)}`,
          secretKey: `sk-lf-${"0".repeat(36)}`,
          keepPromptText: false,
        })),
      );
    assert.ok(many(100).length <= maxConfigBytes);
    assert.throws(
      () => many(200),
      /for 200 departments has \d+ bytes, and a secret holds 65536: give some departments/,
    );
  });

  it("takes TLS only, trusts one authority, and holds no key of either", () => {
    const made = JSON.parse(planCollectorConfig([route("design")])) as {
      receivers: { otlp: { protocols: Record<string, { tls?: Record<string, string> }> } };
      exporters: Record<string, { tls?: Record<string, string> }>;
    };
    const { protocols } = made.receivers.otlp;
    assert.deepEqual(Object.keys(protocols), ["http"]);
    assert.equal(protocols["http"]!.tls!["key_pem"], "${env:TLS_KEY}");
    assert.deepEqual(made.exporters["otlp_http/design"]!.tls, { ca_pem: "${env:AUTHORITY}" });
  });

  it("does not depend on the order in which departments are found", () => {
    assert.equal(planCollectorConfig([route("a"), route("b")]), planCollectorConfig([route("b"), route("a")]));
  });

  it("says who it was by the key's owner, and nothing of what a caller calls itself, for every department", () => {
    const { processors, service } = config(route("engineering"), route("design", true));
    const identity = processors["transform/identity"] as { trace_statements: { statements: string[] }[] };
    const [forget, ...set] = identity.trace_statements[0]!.statements;
    const pattern = /"(\^.*\$)"/.exec(forget!)![1]!.replaceAll("\\\\", "\\");
    for (const name of ["user.id", "session.id", "langfuse.user.id", "langfuse.session.id"]) {
      assert.match(name, new RegExp(pattern));
    }
    assert.doesNotMatch("litellm.metadata.user_api_key_user_id", new RegExp(pattern));
    assert.match(
      set.join("\n"),
      /set\(attributes\["user\.id"\], attributes\["litellm\.metadata\.user_api_key_user_id"\]\)/,
    );
    assert.deepEqual(service.pipelines["traces/in"]!.processors, [
      "memory_limiter",
      "filter/stores",
      "transform/identity",
    ]);
  });

  it("allows no attribute that carries text", () => {
    const allowed = new RegExp(`^(${allowedAttributes.join("|")})$`);
    for (const text of [
      "langfuse.observation.input",
      "langfuse.observation.output",
      "langfuse.observation.model.parameters",
      "langfuse.trace.input",
      "langfuse.trace.name",
      "langfuse.trace.tags",
      "gen_ai.input.messages",
      "gen_ai.output.messages",
      "gen_ai.system_instructions",
      "gen_ai.prompt.0.content",
      "gen_ai.completion.0.content",
      "gen_ai.tool.definitions",
      "llm.input_messages",
      "input.value",
      "exception.message",
      "litellm.request.body",
      "metadata.requester_metadata",
      "gen_ai.tool.0.description",
      "llm.request.functions.0.name",
      "error.message",
      "litellm.provider.error.stack_trace",
      "http.target",
      "http.url",
      "http.user_agent",
      "langfuse.user.id",
    ]) {
      assert.ok(!allowed.test(text), text);
    }
    for (const kept of [
      "langfuse.observation.usage_details",
      "langfuse.observation.cost_details",
      "langfuse.observation.model.name",
      "litellm.team.id",
      "litellm.metadata.user_api_key_user_id",
      "litellm.call_id",
      "litellm.cost.total",
      "gen_ai.usage.input_tokens",
      "gen_ai.usage.cache_read.input_tokens",
      "gen_ai.response.time_to_first_chunk",
      "http.status_code",
      "user.id",
    ]) {
      assert.ok(allowed.test(kept), kept);
    }
  });
});
