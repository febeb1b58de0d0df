import assert from "node:assert/strict";
import { stackContext } from "../../../components/kit";
import { planClickHousePlace, reachExternal } from "../../../components/observability/langfuse/click-house-place";

const context = stackContext({
  organization: "acme",
  stack: "tools",
  accountId: "111122223333",
  region: "eu-west-1",
});

describe("ClickHouse's place", () => {
  it("is the host of the stack's traces zone, with TLS of its own authority on both ports", () => {
    assert.deepEqual(planClickHousePlace(context), {
      url: "https://clickhouse.traces.tools.acme.internal:8443",
      native: { host: "clickhouse.traces.tools.acme.internal", port: 9440, ownAuthority: true },
    });
  });

  it("is the external host where one is named, with TLS on both ports", () => {
    assert.deepEqual(planClickHousePlace(context, "https://store.example.com:8443"), {
      url: "https://store.example.com:8443",
      native: { host: "store.example.com", port: 9440, ownAuthority: false },
    });
  });

  it("is reached on the URL's port, 443 without one, and on the native port", () => {
    const ports = (url: string) =>
      Object.entries(reachExternal(url, "10.0.0.0/16")).map(([noun, { cidr, port }]) => [noun, cidr, port]);
    assert.deepEqual(ports("https://store.example.com:8443"), [
      ["external-clickhouse-8443", "10.0.0.0/16", 8443],
      ["external-clickhouse-9440", "10.0.0.0/16", 9440],
    ]);
    assert.deepEqual(ports("https://store.example.com")[0], ["external-clickhouse-443", "10.0.0.0/16", 443]);
  });
});
