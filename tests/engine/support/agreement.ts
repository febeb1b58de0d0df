import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { bench } from "./hooks";
import { succeeded } from "./expect";
import { policyEvents, verdicts } from "./policy";
import { differences, fromPreview, fromState } from "./state";
import { callsDuring, exported, offline, project, pulumi, pulumiJudged, withPack, type StackName } from "./subject";
import type { Finding } from "../../../reports/document";

const offlineVerdicts = (findings: readonly Finding[]): string[] =>
  verdicts(
    findings.map(({ policy, urn, level }) => ({
      policyName: policy,
      resourceUrn: urn,
      enforcementLevel: level === "exempt" ? "advisory" : level,
    })),
  );

/** Before a stack is made: the engine's preview and the offline one say the same. */
export function previewsAlike(stack: StackName): void {
  describe(`the stack ${stack}, before it is made`, () => {
    it("previews without making anything, and the offline preview registers the same, URN by URN", async () => {
      let stdout = "";
      const made = await callsDuring("create", async () => {
        ({ stdout } = succeeded(await pulumi(stack, ["preview", "--json"])));
      });
      assert.deepEqual(made, []);
      const engine = fromPreview(stdout, await project());
      assert.ok(engine.length > 20, `${engine.length} resources`);
      assert.deepEqual(differences(engine, await offlineResources(stack, false)), []);
      console.log(`      ${engine.length} resources`);
    });

    it("is judged alike by the pack on the engine and offline", async () => {
      const { findings } = succeeded(await pulumiJudged(stack, ["preview"]));
      assert.deepEqual(verdicts(findings), offlineVerdicts((await offline(stack, false)).violations));
    });
  });
}

/** Makes the stack, or finds it made, and holds it against the offline preview as deployed. */
export function standsAlike(stack: StackName): void {
  describe(`the stack ${stack}, when it stands`, () => {
    it("comes up under the pack, as the offline preview says it is deployed, URN by URN", async () => {
      succeeded(await pulumi(stack, ["up", "--yes", ...withPack]));
      const engine = fromState(await exported(stack), await project());
      assert.deepEqual(differences(engine, await offlineResources(stack, true)), []);
    });

    it("shows no change in a second preview", async () => {
      succeeded(await pulumi(stack, ["preview", "--expect-no-changes"]));
    });

    it("shows no drift in a refresh", async () => {
      succeeded(await pulumi(stack, ["refresh", "--yes", "--expect-no-changes"]));
    });

    it("is judged alike when it stands: policy analyze on the exported state and the offline preview as deployed", async () => {
      const file = bench().at(`${stack}.json`);
      writeFileSync(file, succeeded(await pulumi(stack, ["stack", "export"])).stdout);
      const args = ["policy", "analyze", ...withPack, "--file", file, "--json"];
      const { stdout } = succeeded(await bench().pulumi(await project(), args));
      assert.deepEqual(
        verdicts(policyEvents(stdout).findings),
        offlineVerdicts((await offline(stack, true)).violations),
      );
    });
  });
}

async function offlineResources(stack: StackName, asDeployed: boolean) {
  const { resources } = await offline(stack, asDeployed);
  return resources.filter(({ type }) => type !== "pulumi:pulumi:Stack");
}
