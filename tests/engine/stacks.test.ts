import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { previewsAlike, standsAlike } from "./support/agreement";
import { succeeded } from "./support/expect";
import { bench } from "./support/hooks";
import { pulumi, exported } from "./support/subject";

for (const stack of ["platform", "engineering"] as const) {
  previewsAlike(stack);
  standsAlike(stack);
}

/** What AWS changes by itself, as a refresh writes it into inputs and outputs; each takes nothing from the next. */
const raisedByAws: readonly { readonly what: string; readonly urn: RegExp; readonly to: Record<string, unknown> }[] = [
  { what: "autoscaling has added tasks", urn: /Service::gateway-litellm-service$/, to: { desiredCount: 5 } },
  { what: "RDS has raised PostgreSQL", urn: /rds\/cluster:Cluster::/, to: { engineVersion: "16.13" } },
  { what: "ElastiCache has raised Valkey", urn: /:ReplicationGroup::/, to: { engineVersion: "8.2" } },
];

describe(`the stack platform, when ${raisedByAws.map(({ what }) => what).join(", ")}`, () => {
  it("shows no change after a refresh that saw it: an up takes no task away, and no version back", async () => {
    const file = bench().at("raised.json");
    const adopt = async (state: unknown) => {
      writeFileSync(file, JSON.stringify(state));
      succeeded(await pulumi("platform", ["stack", "import", "--file", file]));
    };
    const before = await exported("platform");
    const after = structuredClone(before);
    for (const { what, urn, to } of raisedByAws) {
      const changed = after.deployment.resources!.filter((resource) => urn.test(resource.urn));
      assert.ok(changed.length > 0, what);
      for (const { inputs, outputs } of changed)
        for (const properties of [inputs, outputs]) {
          assert.notDeepEqual({ ...properties, ...to }, properties, what);
          Object.assign(properties ?? {}, to);
        }
    }
    await adopt(after);
    try {
      succeeded(await pulumi("platform", ["preview", "--expect-no-changes"]));
    } finally {
      await adopt(before);
    }
  });
});
