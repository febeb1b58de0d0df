import assert from "node:assert/strict";
import { stackContext } from "../../../components/kit";
import { planClickHouseUrls, reachExternal } from "../../../components/observability/langfuse/click-house-place";

const context = stackContext({
  organization: "acme",
  stack: "tools",
  accountId: "111122223333",
  region: "eu-west-1",
});

describe("ClickHouse's place", () => {
  it("is the host of the stack's traces zone, over HTTP and the native protocol", () => {
    assert.deepEqual(planClickHouseUrls(context), {
      clickHouseUrl: "http://clickhouse.traces.tools.acme.internal:8123",
      clickHouseMigrationUrl: "clickhouse://clickhouse.traces.tools.acme.internal:9000",
    });
  });

  it("is the external host where one is named, with TLS on both ports", () => {
    assert.deepEqual(planClickHouseUrls(context, "https://store.example.com:8443"), {
      clickHouseUrl: "https://store.example.com:8443",
      clickHouseMigrationUrl: "clickhouse://store.example.com:9440?secure=true",
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
