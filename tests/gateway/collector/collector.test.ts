import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Route } from "../../../functions/langfuse-provisioner/collector-config";
import { send as request } from "../../../functions/shared/http";
import { OtlpStandIn } from "../stand-ins/otlp";
import { issueCertificate } from "../../support/certificate";
import { startCollector, type RunningCollector } from "../support/collector";

type Attributes = Readonly<Record<string, string>>;

const route = (department: string, keepPromptText = false): Route => ({
  department,
  publicKey: `pk-lf-${department}`,
  secretKey: `sk-lf-${department}`,
  keepPromptText,
});
const authorizationOf = ({ publicKey, secretKey }: Route) =>
  `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString("base64")}`;

/** The spans of one request as LiteLLM names them; each kind carries text somewhere. */
const kinds = (model: string) => [
  "POST /v1/chat/completions",
  "auth /v1/chat/completions",
  `route ${model}`,
  `chat ${model}`,
];
const text = "text-of-a-prompt";

/** Sends one span of each kind with these attributes in one batch, as the gateway does. */
async function send({ url, ca }: RunningCollector, ...all: readonly Attributes[]): Promise<void> {
  const spans = all.flatMap((attributes, request) =>
    kinds("light").map((name, kind) => ({
      name,
      kind: 2,
      traceId: `${String(request).padStart(30, "0")}a1`,
      spanId: `${String(request * 8 + kind).padStart(14, "0")}b2`,
      startTimeUnixNano: "1764374400000000000",
      endTimeUnixNano: "1764374401000000000",
      status: { code: 2, message: text },
      attributes: Object.entries({ "gen_ai.input.messages": text, "http.request.body": text, ...attributes }).map(
        ([key, value]) => ({ key, value: { stringValue: value } }),
      ),
      events: [{ name: "exception", attributes: [{ key: "exception.message", value: { stringValue: text } }] }],
    })),
  );
  const body = { resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: "litellm" }, spans }] }] };
  const answer = await request({ method: "POST", url: `${url}/v1/traces`, body, ca });
  assert.equal(answer.status, 200);
}

describe("the collector's deployed configuration, on the real collector with its routing connector", function () {
  // Long enough to build the collector where it is not in the cache.
  this.timeout(20 * 60_000);
  const folder = mkdtempSync(path.join(tmpdir(), "collector-"));
  const langfuse = new OtlpStandIn();
  const started: RunningCollector[] = [];
  let langfuseCa: string;

  before(async () => {
    const identity = await issueCertificate();
    langfuseCa = identity.chain;
    await langfuse.start(identity);
  });
  after(async () => {
    await langfuse.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    langfuse.reset();
    for (const { server } of started.splice(0)) await server.stop();
  });

  const startTrusting = async (ca: string, ...routes: readonly Route[]): Promise<RunningCollector> => {
    const collector = await startCollector(folder, routes, { url: langfuse.url, ca });
    started.push(collector);
    return collector;
  };
  const start = (...routes: readonly Route[]) => startTrusting(langfuseCa, ...routes);
  const received = (to: Route) => langfuse.spans.filter(({ authorization }) => authorization === authorizationOf(to));
  /** Waits until a department's project has this many spans. */
  const arrived = (to: Route, count: number, ms = 15_000) =>
    langfuse.span(() => received(to).length >= count, ms).then(() => received(to));

  it("starts before there is a department, takes the gateway's spans and sends them nowhere", async () => {
    const collector = await start();
    await send(collector, { "litellm.team.id": "design" });
    // A department that is added is served by the next configuration: the gateway keeps its endpoint.
    const design = route("design");
    const next = await start(design);
    await send(next, { "litellm.team.id": "design" });
    assert.equal((await arrived(design, 4)).length, 4);
    assert.equal(langfuse.spans.length, 4);
  });

  it("hands each of 60 departments its own spans, out of shared batches, and unknown teams' to nobody", async () => {
    const routes = Array.from({ length: 60 }, (_, i) => route(`department-${String(i)}`, i % 3 === 0));
    const collector = await start(...routes);
    await send(
      collector,
      ...routes.map(({ department }) => ({ "litellm.team.id": department })),
      { "litellm.team.id": "department-60" },
      {},
    );
    for (const each of routes) {
      const spans = await arrived(each, 4);
      assert.deepEqual(spans.map(({ name }) => name).sort(), kinds("light").sort(), each.department);
      assert.deepEqual([...new Set(spans.map(({ attributes }) => attributes["litellm.team.id"]))], [each.department]);
    }
    assert.equal(langfuse.spans.length, 60 * 4);
  });

  it("decides by the key's team, whatever team a caller names", async () => {
    const [mine, other] = [route("mine"), route("other")];
    const collector = await start(mine, other);
    await send(
      collector,
      { "litellm.team.id": "mine", "langfuse.trace.metadata.team_id": "other", "cline.department": "other" },
      { "langfuse.trace.metadata.team_id": "mine" },
      { "cline.department": "other" },
    );
    assert.equal((await arrived(mine, 8)).length, 8);
    assert.equal(received(other).length, 0);
  });

  it("takes spans by TLS under its own certificate only, and gives them to a Langfuse of the trusted authority only", async () => {
    const [design, other] = [route("design"), await issueCertificate()];
    const collector = await start(design);
    await assert.rejects(send({ ...collector, url: collector.url.replace("https:", "http:") }), /400|other side|HTTP/);
    await assert.rejects(send({ ...collector, ca: other.chain }), /verify|certificate/);
    const strict = await startTrusting(other.chain, design);
    await send(strict, { "litellm.team.id": "design" });
    await send(collector, { "litellm.team.id": "design" });
    assert.equal((await arrived(design, 4)).length, 4);
    const end = Date.now() + 15_000;
    while (langfuse.distrusted === 0) {
      assert.ok(Date.now() < end, "the collector broke no connection off");
      await pause(100);
    }
    assert.equal(langfuse.spans.length, 4);
  });

  it("strips text from every kind of span, unless the department keeps it", async () => {
    const [plain, kept] = [route("plain"), route("kept", true)];
    const collector = await start(plain, kept);
    await send(
      collector,
      { "litellm.team.id": "plain", "gen_ai.request.model": "light" },
      { "litellm.team.id": "kept" },
    );
    const [stripped, whole] = [await arrived(plain, 4), await arrived(kept, 4)];
    assert.equal(JSON.stringify(stripped).includes(text), false);
    assert.deepEqual([...new Set(stripped.map(({ attributes }) => attributes["gen_ai.request.model"]))], ["light"]);
    for (const span of whole) assert.equal(span.attributes["gen_ai.input.messages"], text, span.name);
  });

  it("delays nobody while one department's project hangs or refuses, and stops within half of ECS's 30 seconds", async () => {
    const [hanging, refused, well] = [route("hanging"), route("refused"), route("well")];
    const collector = await start(hanging, refused, well);
    langfuse.hangs = (authorization) => authorization === authorizationOf(hanging);
    langfuse.status = (authorization) => (authorization === authorizationOf(refused) ? 503 : 200);
    for (let round = 1; round <= 3; round++) {
      await send(collector, ...["hanging", "refused", "well"].map((team) => ({ "litellm.team.id": team })));
      await arrived(well, round * 4, 10_000);
    }
    assert.equal(langfuse.spans.length, 12);
    const began = Date.now();
    await collector.server.stop();
    const seconds = (Date.now() - began) / 1000;
    console.info(`      stopped after ${seconds.toFixed(1)} s with an export in flight`);
    // The server is killed after 15 s: it must have ended by itself.
    assert.ok(seconds < 14, `${String(seconds)} s`);
    assert.doesNotMatch(readFileSync(path.join(folder, "collector.log"), "utf8"), /deprecat|panic/i);
  });
});
