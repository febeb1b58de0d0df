import assert from "node:assert/strict";
import { contextOf } from "../../../components/context-of";
import { stackContext } from "../../../components/kit";
import { tags } from "../../../config";
import { departmentSpec, platformSpec } from "../../support/specs";

const acme = stackContext({ organization: "acme", stack: "tools", accountId: "111122223333", region: "eu-west-1" });

describe("StackContext", () => {
  it("names resources by kind from four plain values", () => {
    const { names } = acme;
    assert.deepEqual(
      [names.cluster("gateway"), names.queue("usage-failures"), names.dashboard("overview"), names.build("artifacts")],
      ["acme-tools-gateway", "acme-tools-usage-failures", "acme-tools-overview", "acme-tools-artifacts"],
    );
    assert.equal(names.bucket("reports"), "acme-tools-reports-111122223333-eu-west-1");
    assert.equal(names.secret("salt"), "cline/acme/tools/salt");
    assert.equal(names.workspaceRole("sato"), "acme-ws-sato");
  });

  it("cuts every kind of name at its own AWS limit and keeps it unique", () => {
    const limits = { role: 64, lambda: 64, cluster: 64, database: 60, cache: 40, alarm: 255, topic: 256 } as const;
    for (const [kind, limit] of Object.entries(limits) as [keyof typeof limits, number][]) {
      const [a, b] = ["a", "b"].map((end) => acme.names[kind]("x".repeat(300) + end));
      assert.equal(a!.length, limit, kind);
      assert.notEqual(a, b, kind);
    }
    assert.ok(acme.names.bucket("y".repeat(80)).length <= 63);
  });

  it("writes ARNs in its account and region, a secret's with the suffix of six characters", () => {
    const { arns, names } = acme;
    assert.equal(arns.queue(names.queue("dead")), "arn:aws:sqs:eu-west-1:111122223333:acme-tools-dead");
    assert.equal(
      arns.secret(names.secret("salt")),
      "arn:aws:secretsmanager:eu-west-1:111122223333:secret:cline/acme/tools/salt-??????",
    );
    assert.equal(arns.role(names.role("task")), "arn:aws:iam::111122223333:role/cline/acme-tools-task");
  });

  it("speaks of another stack, or of all as a pattern, in the same organization, account and region", () => {
    assert.equal(acme.of("hub").names.topic("budget"), "acme-hub-budget");
    assert.equal(acme.of("*").names.virtualKey("*"), "cline/acme/*/*/virtual-key");
    assert.equal(acme.of("hub").tags()["Stack"], "hub");
  });

  it("has defaults for cost centre, time zone and retention", () => {
    assert.equal(acme.costCenter, "platform");
    assert.equal(acme.timeZone, "Etc/UTC");
    assert.equal(acme.retentionDays["function-logs"], 365);
    const kept = stackContext({ ...acme, retentionDays: { "function-logs": 30 } });
    assert.deepEqual([kept.retentionDays["function-logs"], kept.retentionDays["flow-logs"]], [30, 365]);
  });

  it("carries what a stack file says: tags, time zone and retention", () => {
    const zone = { "cline:platform": { timeZone: "Europe/Berlin" } };
    for (const spec of [platformSpec(zone), departmentSpec({}, zone)]) {
      const context = contextOf(spec);
      assert.deepEqual(context.tags({ Purpose: "x", Owner: "sato" }), tags(spec, { Purpose: "x", Owner: "sato" }));
      assert.equal(context.timeZone, "Europe/Berlin");
      assert.equal(context.retentionDays["spend-logs"], spec.dataControl["spend-logs"].retentionDays);
    }
    assert.equal(contextOf(departmentSpec()).tags()["CostCenter"], "CC-1042");
  });
});
