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

describe("the stack platform, when autoscaling has added tasks to the gateway", () => {
  it("shows no change after a refresh that saw them: an up takes none away", async () => {
    const file = bench().at("scaled.json");
    const adopt = async (state: unknown) => {
      writeFileSync(file, JSON.stringify(state));
      succeeded(await pulumi("platform", ["stack", "import", "--file", file]));
    };
    const before = await exported("platform");
    const after = structuredClone(before);
    const service = after.deployment.resources!.find(({ urn }) => urn.endsWith("Service::gateway-litellm-service"));
    // What a refresh writes: inputs and outputs are what AWS says.
    for (const properties of [service?.inputs, service?.outputs]) {
      assert.equal(properties?.["desiredCount"], 2);
      Object.assign(properties, { desiredCount: 5 });
    }
    await adopt(after);
    try {
      succeeded(await pulumi("platform", ["preview", "--expect-no-changes"]));
    } finally {
      await adopt(before);
    }
  });
});
