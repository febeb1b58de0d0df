import assert from "node:assert/strict";
import { OtlpStandIn } from "./otlp";
import { run } from "./python";

describe("the stand-in for Langfuse's OTLP receiver", function () {
  // A Python starts per test, on a machine that may be busy.
  this.timeout(60_000);
  const receiver = new OtlpStandIn();
  const traces = () => `${receiver.url}/api/public/otel/v1/traces`;
  const send = async (compression: "gzip" | "none", endpoint = traces()) =>
    (await run("otlp_client.py", { endpoint, authorization: "Basic abc", compression })) as {
      results: string[];
      trace: string;
      ids: [string, string];
    };
  before(() => receiver.start());
  after(() => receiver.stop());
  afterEach(() => receiver.reset());

  for (const compression of ["gzip", "none"] as const)
    it(`reads what OpenTelemetry's exporter sends in protobuf, compression ${compression}`, async () => {
      const { results, trace, ids } = await send(
        compression,
        compression === "gzip" ? traces() : `${receiver.url}/v1/traces`,
      );
      assert.deepEqual(results, ["SUCCESS", "SUCCESS"]);
      const inner = await receiver.span(({ name }) => name === "inner");
      const { resource, ...rest } = inner;
      assert.deepEqual(rest, {
        name: "inner",
        traceId: trace,
        spanId: ids[1],
        parentSpanId: ids[0],
        kind: 3,
        attributes: {
          text: "日本語 🎉",
          yes: true,
          whole: 3_000_000_000,
          negative: -7,
          part: 0.25,
          many: ["a", "b"],
          numbers: [1, 2],
        },
        events: [{ name: "seen", attributes: { by: "test" } }],
        status: { code: 2, message: "went wrong" },
        scope: "litellm",
        authorization: "Basic abc",
      });
      assert.equal(resource["service.name"], "cline-gateway");
      const outer = await receiver.span(({ name }) => name === "outer");
      assert.deepEqual([outer.kind, outer.parentSpanId, outer.status.code], [2, "", 0]);
    });

  it("reads OTLP's JSON", async () => {
    const attributes = [
      { key: "a", value: { stringValue: "" } },
      { key: "b", value: { intValue: "12" } },
      { key: "c", value: { kvlistValue: { values: [{ key: "d", value: { boolValue: false } }] } } },
      { key: "e" },
    ];
    const span = { name: "one", traceId: "0a", spanId: "0b", attributes };
    const response = await fetch(traces(), {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
    });
    assert.deepEqual([response.status, await response.json()], [200, {}]);
    const found = await receiver.span(({ name }) => name === "one");
    assert.deepEqual(found.attributes, { a: "", b: 12, c: { d: false }, e: null });
    assert.deepEqual([found.traceId, found.authorization, found.status.code], ["0a", "", 0]);
  });

  it("refuses on demand, and keeps nothing then", async () => {
    receiver.status = (authorization) => (authorization === "Basic abc" ? 401 : 200);
    assert.deepEqual((await send("gzip")).results, ["FAILURE", "FAILURE"]);
    assert.deepEqual(receiver.spans, []);
  });

  it("answers 400 to what it cannot read and 404 elsewhere, and says which spans it has when one is missing", async () => {
    const post = (url: string) => fetch(url, { method: "POST", body: "\x0a\xff\xff" });
    assert.equal((await post(traces())).status, 400);
    assert.equal((await post(`${receiver.url}/v1/logs`)).status, 404);
    await send("none");
    await assert.rejects(
      receiver.span(() => false, 50),
      /No such span in 50 ms; there are: inner, outer/,
    );
  });
});
