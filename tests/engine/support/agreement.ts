import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { bench } from "./hooks";
import { succeeded } from "./expect";
import { policyEvents, verdicts } from "./policy";
import { differences, fromPreview, fromState, isPartlyKnown } from "./state";
import {
  callsDuring,
  exported,
  offline,
  project,
  pulumi,
  pulumiJudged,
  spoiledBy,
  withPack,
  type StackName,
} from "./subject";
import { withoutCheckpoints } from "./workbench";
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
      const { resources, violations } = await offline(stack, false);
      // A document with one unknown value is unknown to the engine as a whole; the offline preview judges the rest of it,
      // so it may find what the engine leaves open. The stack as deployed is compared without this difference.
      const partly = new Set(
        resources.filter(({ inputs }) => Object.values(inputs).some(isPartlyKnown)).map(({ urn }) => urn),
      );
      const isOpen = (urn: string, message: string): boolean => partly.has(urn) && message.includes("is not known");
      const leftOpen = new Set(
        findings
          .filter(({ resourceUrn, message }) => isOpen(resourceUrn, message))
          .map(({ policyName, resourceUrn }) => `${policyName} ${resourceUrn}`),
      );
      assert.deepEqual(
        verdicts(findings.filter(({ resourceUrn, message }) => !isOpen(resourceUrn, message))),
        offlineVerdicts(
          violations.filter(({ policy, urn, message }) => !isOpen(urn, message) && !leftOpen.has(`${policy} ${urn}`)),
        ),
      );
    });
  });
}

/** Makes the stack, or finds it made, and holds it against the offline preview as deployed. */
export function standsAlike(stack: StackName): void {
  describe(`the stack ${stack}, when it stands`, () => {
    it("comes up under the pack by a saved plan, as the offline preview says it is deployed, URN by URN", async () => {
      const plan = bench().at(`${stack}.plan.json`);
      succeeded(await pulumi(stack, ["preview", "--save-plan", plan, ...withPack]));
      succeeded(await pulumi(stack, ["up", "--yes", "--plan", plan, ...withPack], { env: withoutCheckpoints }));
      const engine = fromState(await exported(stack), await project());
      assert.deepEqual(differences(engine, await offlineResources(stack, true)), []);
    });

    it("is refused what its plan does not hold, before anything is made", async () => {
      const plan = bench().at(`${stack}.empty.plan.json`);
      succeeded(await pulumi(stack, ["preview", "--save-plan", plan, ...withPack]));
      const more =
        'import { sqs } from "@pulumi/aws"; new sqs.Queue("past-the-plan", { kmsMasterKeyId: "alias/drill" });';
      const made = await callsDuring("create", async () => {
        const { code, stdout } = await spoiledBy(more, () => pulumi(stack, ["up", "--yes", "--plan", plan]));
        assert.notEqual(code, 0);
        // The queue is the first that needs Pulumi's default provider, which the plan does not hold either.
        assert.match(stdout, /(past-the-plan|providers:aws default).*create is not allowed by the plan/s);
      });
      assert.deepEqual(made, []);
    });

    it("shows no change in a second preview", async () => {
      succeeded(await pulumi(stack, ["preview", "--expect-no-changes"]));
    });

    it("shows no drift in a refresh", async () => {
      // A stack reference is no thing in the account: it holds what a stack said before its last up.
      const notThings = ["--exclude", "**::pulumi:pulumi:StackReference::**"];
      succeeded(await pulumi(stack, ["refresh", "--yes", "--expect-no-changes", ...notThings]));
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
