import assert from "node:assert/strict";
import { contextOf } from "../../../components/context-of";
import { DepartmentGateway } from "../../../components/gateway";
import { langfuseAccountPolicy } from "../../../components/gateway/langfuse-account";
import { departmentGatewayArgs } from "../../../compose";
import type { PlatformSpec } from "../../../config";
import { runInProcess, type DocumentResource } from "../../../offline/in-process";
import { gatewayFacts, keyFacts, observabilityFacts } from "../../support/facts";
import { listed, ofType, one, statementsOf } from "../../support/resources";
import { departmentSpec, type Config } from "../../support/specs";

async function langfuse(department: Config = {}): Promise<readonly DocumentResource[]> {
  const spec = departmentSpec({ "cline:department": department });
  const { resources } = await runInProcess(
    () => {
      new DepartmentGateway("gateway", {
        ...departmentGatewayArgs(spec, spec.department!),
        gateway: gatewayFacts(),
        observability: observabilityFacts(),
        keys: keyFacts(),
      });
    },
    { stack: "engineering" },
  );
  return resources.filter(({ name }) => name.startsWith("gateway-langfuse"));
}
const input = (resources: readonly DocumentResource[], name: string): unknown =>
  JSON.parse(one(resources, "Invocation", name).inputs["input"] as string);

describe("a department's Langfuse", () => {
  it("is a project that no address of alerts owns", async () => {
    assert.deepEqual(input(await langfuse({ alertEmails: undefined }), "langfuse-project"), {
      action: "ensure",
      department: "engineering",
      secretName: "cline/example/engineering/langfuse",
      keepPromptText: false,
    });
  });

  it("has an account for the lead and each deputy, one after the other, and for no developer", async () => {
    const resources = await langfuse({ deputies: ["ono"] });
    const secrets = ofType(resources, "Secret").filter(({ name }) => name !== "gateway-langfuse");
    assert.deepEqual(
      secrets.map(({ inputs }) => [inputs["name"], (inputs["tags"] as Record<string, string>)["Owner"]]),
      [
        ["cline/example/engineering/sato/langfuse-account", "sato"],
        ["cline/example/engineering/ono/langfuse-account", "ono"],
      ],
    );
    assert.equal(ofType(resources, "SecretVersion").length, 0, "Pulumi never holds a password");
    assert.deepEqual(input(resources, "langfuse-ono-made"), {
      action: "account",
      department: "engineering",
      person: "ono",
      secretName: "cline/example/engineering/ono/langfuse-account",
    });
    assert.match(one(resources, "Invocation", "sato-made").dependencies.join(), /::gateway-langfuse-project/);
    assert.match(one(resources, "Invocation", "ono-made").dependencies.join(), /::gateway-langfuse-sato-made/);
  });

  it("touches no other person's account when somebody joins or leaves", async () => {
    const of = (resources: readonly DocumentResource[], id: string) =>
      resources
        .filter(({ name }) => name.startsWith(`gateway-langfuse-${id}`))
        .map(({ urn, inputs }) => ({ urn, inputs }));
    const before = await langfuse({ deputies: ["ono", "ueda"] });
    const left = await langfuse({ deputies: ["ueda"] });
    assert.equal(of(before, "ueda").length, 3);
    assert.deepEqual(of(left, "ueda"), of(before, "ueda"));
    assert.deepEqual(of(left, "ono"), []);
  });

  it("opens an account to its owner's sessions, by the name that each mode gives them", () => {
    const context = contextOf(departmentSpec());
    const policy = (mfaMode: PlatformSpec["mfaMode"]) =>
      statementsOf(
        langfuseAccountPolicy({
          context,
          tracesContext: context.of("platform"),
          mfaMode,
          person: { id: "sato", signIn: "k.sato@example.com" },
        }),
      ).filter(({ Effect }) => Effect === "Deny");
    const role = (purpose: string) => `arn:aws:iam::111122223333:role/cline/example-platform-${purpose}`;
    const [provisioner, initTask] = [role("langfuse-provisioner"), role("langfuse-init-execution")];
    for (const [mode, key] of [
      ["assume-role", "aws:SourceIdentity"],
      ["identity-center", "aws:SourceIdentity"],
      ["iam-user", "aws:username"],
    ] as const) {
      const [reading, writing] = policy(mode);
      assert.ok(listed(reading!.Action).includes("secretsmanager:GetSecretValue"));
      assert.deepEqual(reading!.Condition, {
        ArnNotEquals: { "aws:PrincipalArn": [provisioner, initTask] },
        StringNotEquals: { [key]: "k.sato@example.com" },
      });
      assert.ok(listed(writing!.Action).includes("secretsmanager:PutSecretValue"));
      assert.deepEqual(writing!.Condition, { ArnNotEquals: { "aws:PrincipalArn": [provisioner] } });
    }
  });
});
