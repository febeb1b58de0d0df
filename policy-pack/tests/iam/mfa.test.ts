import assert from "node:assert/strict";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import fc from "fast-check";
import { Value } from "../../src/frame/value";
import { grantsWithoutMfa } from "../../src/iam/mfa";
import { statementsOf } from "../../src/iam/statement";

const ACTION = "ssm:StartSession";
const RESOURCE = "arn:aws:ec2:ap-northeast-1:111122223333:instance/i-0123456789abcdef0";
const PRESENT = "aws:MultiFactorAuthPresent";
const AGE = "aws:MultiFactorAuthAge";

/** The two ways of having no MFA. */
const CALLERS: readonly Record<string, string>[] = [{}, { [PRESENT]: "false" }];

const actions = fc.constantFrom(
  "ssm:StartSession",
  "ssm:*",
  "*",
  "ssm:Start*",
  "ssm:ResumeSession",
  "ec2:*",
  "SSM:startsession",
);
const resources = fc.constantFrom(
  "*",
  RESOURCE,
  "arn:aws:ec2:*:*:instance/*",
  "arn:aws:ec2:ap-northeast-1:111122223333:instance/i-9",
);
const truth = fc.constantFrom<string | string[]>("true", "false", ["true", "false"], ["true"]);
const condition = fc.oneof(
  fc.constant({}),
  fc
    .tuple(
      fc.constantFrom(
        "Bool",
        "BoolIfExists",
        "Null",
        "ForAllValues:Bool",
        "ForAnyValue:Bool",
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIfExists",
      ),
      truth,
    )
    .map(([operator, value]) => ({ [operator]: { [PRESENT]: value } })),
  fc
    .tuple(
      fc.constantFrom("NumericLessThan", "NumericLessThanIfExists", "NumericGreaterThan", "NumericGreaterThanIfExists"),
      fc.constantFrom("3600", "0"),
    )
    .map(([operator, value]) => ({ [operator]: { [AGE]: value } })),
  truth.map((value) => ({ Null: { [AGE]: value } })),
  truth.map((value) => ({ Bool: { [PRESENT]: value }, Null: { [AGE]: "true" } })),
);
const statement = fc
  .record({
    Effect: fc.constantFrom("Allow", "Allow", "Deny"),
    action: actions,
    notAction: fc.boolean(),
    resource: resources,
    notResource: fc.boolean(),
    Condition: condition,
  })
  .map(({ action, notAction, resource, notResource, ...rest }) => ({
    ...rest,
    [notAction ? "NotAction" : "Action"]: action,
    [notResource ? "NotResource" : "Resource"]: resource,
  }));

/** Would AWS let a caller without MFA open a session on that machine? */
async function allowedWithoutMfa(Statement: unknown): Promise<boolean> {
  for (const contextVariables of CALLERS) {
    const result = await runSimulation(
      {
        request: {
          principal: "arn:aws:iam::111122223333:user/u",
          action: ACTION,
          resource: { resource: RESOURCE, accountId: "111122223333" },
          contextVariables,
        },
        identityPolicies: [{ name: "p", policy: { Version: "2012-10-17", Statement } }],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      {},
    );
    assert.notEqual(result.resultType, "error", JSON.stringify(result));
    if (result.resultType !== "error" && result.overallResult === "Allowed") return true;
  }
  return false;
}

describe("what may be done without MFA", () => {
  it("misses nothing that AWS would allow", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(statement, { minLength: 1, maxLength: 3 }), async (statements) => {
        const clear = grantsWithoutMfa(statementsOf(Value.of({ Statement: statements })), ACTION).length === 0;
        if (clear) assert.equal(await allowedWithoutMfa(statements), false, JSON.stringify(statements));
      }),
      { numRuns: 1500 },
    );
  });

  it("refuses no single Allow that AWS would keep closed", async () => {
    const allow = statement.filter(
      ({ Effect, ...rest }) =>
        Effect === "Allow" &&
        "Resource" in rest &&
        rest.Resource !== "arn:aws:ec2:ap-northeast-1:111122223333:instance/i-9",
    );
    await fc.assert(
      fc.asyncProperty(allow, async (one) => {
        const found = grantsWithoutMfa(statementsOf(Value.of({ Statement: one })), ACTION).length > 0;
        assert.equal(found, await allowedWithoutMfa([one]), JSON.stringify(one));
      }),
      { numRuns: 1200 },
    );
  });
});
