import assert from "node:assert/strict";
import { fixturesDeployed } from "../support/deployed";
import { variant } from "./variants";

describe("the account of a stack", () => {
  for (const [kind, stacks] of [
    ["a platform and departments that share it", fixturesDeployed],
    ["a department in an account of its own", () => variant("a department in an account of its own")],
  ] as const)
    it(`binds every AWS resource, whatever the file says: ${kind}`, async () => {
      for (const { spec, resources } of await stacks()) {
        const providers = resources.filter(({ type }) => type === "pulumi:providers:aws");
        assert.deepEqual(
          providers.map(({ inputs }) => [inputs["region"], inputs["allowedAccountIds"]]),
          [[spec.region, JSON.stringify([spec.accountId])]],
          spec.stack,
        );
        const made = resources.filter(({ type, custom }) => custom && type.startsWith("aws:"));
        assert.ok(made.length > 10, spec.stack);
        const own = `${String(providers[0]?.urn)}::${String(providers[0]?.raw.id)}`;
        assert.deepEqual(
          made.filter(({ provider }) => provider !== own).map(({ urn }) => urn),
          [],
          spec.stack,
        );
      }
    });
});
