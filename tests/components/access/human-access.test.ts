import assert from "node:assert/strict";
import { AccessFoundation, DepartmentAccess } from "../../../components/access";
import { accessFoundationArgs, departmentAccessArgs } from "../../../compose";
import { runInProcess, type DocumentResource } from "../../../offline/in-process";
import { accessFacts, keyFacts } from "../../support/facts";
import { listed, ofType, one, statementsOf } from "../../support/resources";
import { departmentSpec, platformSpec, type Config } from "../../support/specs";

const identityCenter: Config = { mfaMode: "identity-center", mfaAttestation: { by: "abe", until: "2027-03-31" } };

async function foundation(platform: Config = {}): Promise<readonly DocumentResource[]> {
  const spec = platformSpec({ "cline:platform": platform });
  const run = await runInProcess(
    () => new AccessFoundation("access", { ...accessFoundationArgs(spec), keys: keyFacts() }).facts,
    {
      stack: "platform",
    },
  );
  return run.resources;
}

async function department(platform: Config = {}, config: Config = {}): Promise<readonly DocumentResource[]> {
  const spec = departmentSpec({ "cline:department": config }, { "cline:platform": platform });
  const { resources } = await runInProcess(
    () => {
      new DepartmentAccess("access", { ...departmentAccessArgs(spec, spec.department!), access: accessFacts() });
    },
    { stack: "engineering" },
  );
  return resources;
}

/** Everyone's resources in a mode. */
const everyone = async (platform: Config): Promise<readonly DocumentResource[]> => [
  ...(await foundation(platform)),
  ...(await department(platform)),
];

describe("human access with assume-role", () => {
  it("asks in every trust for a recent MFA and one's own name, of people by name", async () => {
    const roles = ofType(await everyone({}), "Role");
    assert.deepEqual(roles.map(({ inputs }) => inputs["name"]).sort(), [
      "example-auditor",
      "example-engineering-lead",
      "example-engineering-session",
      "example-operator",
    ]);
    for (const { inputs } of roles) {
      const [assume, identity, ...more] = statementsOf(inputs["assumeRolePolicy"]);
      assert.deepEqual(more, []);
      for (const statement of [assume!, identity!]) {
        assert.deepEqual(statement.Principal, { AWS: "arn:aws:iam::111122223333:root" });
        assert.equal(statement.Condition?.["Bool"]?.["aws:MultiFactorAuthPresent"], "true");
        assert.ok(Number(statement.Condition["NumericLessThan"]?.["aws:MultiFactorAuthAge"]) <= 3600);
        assert.equal(statement.Condition["StringEquals"]?.["sts:SourceIdentity"], "${aws:username}");
      }
      assert.equal(assume!.Action, "sts:AssumeRole");
      assert.equal(assume!.Condition?.["StringEquals"]?.["sts:RoleSessionName"], "${aws:username}");
      assert.equal(identity!.Action, "sts:SetSourceIdentity");
    }
    const people = (name: string) =>
      statementsOf(one(roles, "Role", name).inputs["assumeRolePolicy"])[0]!.Condition?.["StringEquals"]?.[
        "aws:username"
      ];
    assert.deepEqual(people("access-lead"), ["sato"]);
    assert.deepEqual(people("access-operator"), ["mori"]);
    assert.deepEqual(people("access-auditor"), ["abe"]);
    assert.equal(people("access-session"), undefined, "the session role tells people apart by the workspace's tag");
  });

  it("puts every role under the people's boundary and holds none longer than four hours", async () => {
    for (const { name, inputs } of ofType(await department(), "Role")) {
      assert.equal(inputs["permissionsBoundary"], "arn:aws:iam::111122223333:policy/cline/example-boundary-human");
      assert.equal(inputs["maxSessionDuration"], name.includes("session") ? 14400 : 3600);
    }
  });

  it("trusts the account in which people's users live", async () => {
    const trust = one(await foundation({ identityAccount: "444455556666" }), "Role", "operator");
    assert.match(String(trust.inputs["assumeRolePolicy"]), /arn:aws:iam::444455556666:root/);
  });

  it("names deputies beside the lead", async () => {
    const trust = one(await department({}, { deputies: ["ito"] }), "Role", "lead").inputs["assumeRolePolicy"];
    assert.deepEqual(statementsOf(trust)[0]!.Condition?.["StringEquals"]?.["aws:username"], ["sato", "ito"]);
  });

  it("knows a lead who is a developer, too, by the sign-in of that entry", async () => {
    const developers = { sato: { signIn: "k.sato@example.com" } };
    const trust = one(await department({}, { deputies: ["ito"], developers }), "Role", "lead").inputs[
      "assumeRolePolicy"
    ];
    assert.deepEqual(statementsOf(trust)[0]!.Condition?.["StringEquals"]?.["aws:username"], [
      "k.sato@example.com",
      "ito",
    ]);
  });
});

describe("human access with identity-center", () => {
  it("trusts Identity Center's sessions only, by their user's name, until the attestation ends", async () => {
    for (const { inputs } of ofType(await everyone(identityCenter), "Role")) {
      for (const { Condition } of statementsOf(inputs["assumeRolePolicy"])) {
        assert.match(
          String(Condition?.["ArnLike"]?.["aws:PrincipalArn"]),
          /^arn:aws:iam::111122223333:role\/aws-reserved\/sso\.amazonaws\.com\/\*AWSReservedSSO_\*$/,
        );
        assert.equal(Condition?.["DateLessThan"]?.["aws:CurrentTime"], "2027-03-31T23:59:59Z");
        assert.equal(Condition["StringEquals"]?.["sts:SourceIdentity"], "${aws:PrincipalTag/UserName}");
      }
    }
  });
});

describe("human access with iam-user", () => {
  it("puts existing users into groups, makes none, and asks for MFA in every permission", async () => {
    const resources = await everyone({ mfaMode: "iam-user" });
    assert.deepEqual([...ofType(resources, "Role"), ...ofType(resources, "User")], []);
    const members = ofType(resources, "GroupMembership").map(({ inputs }) => [inputs["name"], inputs["users"]]);
    assert.deepEqual(Object.fromEntries(members), {
      "example-operator": ["mori"],
      "example-auditor": ["abe"],
      "example-engineering-lead": ["sato"],
      "example-engineering-session": ["suzuki", "tanaka"],
    });
    const policies = ofType(resources, "Policy").filter(({ name }) => !name.includes("boundary"));
    const attached = ofType(resources, "GroupPolicyAttachment").map(({ inputs }) => inputs["policyArn"]);
    assert.equal(attached.length, policies.length);
    for (const group of ["operator", "auditor", "lead", "session"]) {
      const own = policies.filter(({ name }) => name.includes(`-${group}-policy`));
      const statements = own.flatMap(({ inputs }) => statementsOf(inputs["policy"]));
      const name = group;
      for (const { Sid, Effect, Condition } of statements) {
        if (Effect === "Deny") continue;
        assert.equal(Condition?.["Bool"]?.["aws:MultiFactorAuthPresent"], "true", `${name} ${Sid}`);
        assert.ok(Number(Condition["NumericLessThan"]?.["aws:MultiFactorAuthAge"]) <= 3600, `${name} ${Sid}`);
      }
      const without = statements.find(({ Sid }) => Sid === "NothingWithoutMfa")!;
      assert.deepEqual(without.Condition, { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } });
      assert.ok(!listed(without.NotAction).some((action) => /^(ssm|ec2|s3|lambda)/.test(action)));
    }
  });

  it("names people by their own user instead of a source identity", async () => {
    const policies = ofType(await everyone({ mfaMode: "iam-user" }), "Policy");
    assert.ok(!policies.some(({ inputs }) => String(inputs["policy"]).includes("SourceIdentity}")));
    assert.match(
      String(one(policies, "Policy", "session").inputs["policy"]),
      /ssm:resourceTag\/Owner":"\$\{aws:username\}/,
    );
  });
});

describe("the documents' sizes", () => {
  it("are a fault that says so when a trust policy cannot hold its people", async () => {
    const operators = Array.from({ length: 50 }, (_, i) => `operator-with-the-longest-id-${i + 10}`);
    await assert.rejects(foundation({ operators, extraBudgets: undefined }), /50 people do not fit/);
  });

  const longest: Config = { organization: "abcdefghijkl" };
  const characters = (text: unknown) => String(text).replace(/\s/g, "").length;

  for (const [mode, platform] of Object.entries({
    "assume-role": {},
    "iam-user": { mfaMode: "iam-user" },
    identityCenter,
  })) {
    it(`stay within IAM's limits with the longest names and 30 operators (${mode})`, async () => {
      const resources = await everyone({
        ...platform,
        ...longest,
        operators: Array.from({ length: 30 }, (_, i) => `operator-with-a-long-id-${String(i).padStart(2, "0")}`),
        extraBudgets: undefined,
      });
      const bounds = {
        Role: ["assumeRolePolicy", 2048],
        RolePolicy: ["policy", 10240],
        Policy: ["policy", 6144],
      } as const;
      for (const [type, [property, limit]] of Object.entries(bounds)) {
        for (const { name, inputs } of ofType(resources, type)) {
          assert.ok(characters(inputs[property]) <= limit, `${name}: ${characters(inputs[property])} of ${limit}`);
        }
      }
    });
  }
});
