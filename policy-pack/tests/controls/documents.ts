import type { Policy } from "../../src/frame/policy";
import { resourceCases, type Changes, type Inputs } from "./cases";

/** A policy document of the statements, as JSON. */
export const document = (...statements: object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** The objects of one bucket. */
export const OBJECTS = "arn:aws:s3:::data/*";
/** The root of an account: every principal of it that is allowed to assume the role. */
export const ROOT = "arn:aws:iam::111122223333:root";
/** An access key's id, in two parts so that no scanner takes this file for a leak. */
export const KEY_ID = ["AKIA", "IOSFODNN7EXAMPLE"].join("");
/** A condition on MFA, and one on a tag of the resource. */
export const MFA = { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } };
export const BY_TAG = { Condition: { StringEquals: { "aws:ResourceTag/Department": "engineering" } } };

/** A statement of an identity policy. */
export const allow = (Action: unknown, Resource: unknown = OBJECTS, more: object = {}): object => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});

/** The inputs of an identity policy: the statements stand after a compliant one. */
export const identityPolicy = (...statements: object[]): Changes => ({
  policy: document(allow("s3:GetObject"), ...statements),
});

/** Judges an identity policy in each of the resources that may hold it, with a statement for each case. */
export function identityCases(
  subject: Policy,
  violations: Readonly<Record<string, object>>,
  accepted: Readonly<Record<string, object>>,
): void {
  const of = (cases: Readonly<Record<string, object>>): Record<string, Changes> =>
    Object.fromEntries(Object.entries(cases).map(([name, statement]) => [name, identityPolicy(statement)]));
  const [name, first] = Object.entries(violations)[0]!;
  const compliant = identityPolicy();
  resourceCases(subject, {
    type: "aws:iam/policy:Policy",
    compliant,
    violations: of(violations),
    accepted: { ...of(accepted), "a denial": identityPolicy({ ...first, Effect: "Deny" }) },
  });
  resourceCases(subject, {
    type: "aws:iam/role:Role",
    compliant: { assumeRolePolicy: document(), inlinePolicies: [{ name: "a", policy: compliant["policy"] }] },
    violations: { [`${name}, inline`]: { "inlinePolicies[1]": { name: "b", policy: document(first) } } },
  });
  resourceCases(subject, {
    type: "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
    compliant: { instanceArn: "i", permissionSetArn: "p", inlinePolicy: compliant["policy"] },
    violations: { [`${name}, in a permission set`]: { inlinePolicy: document(first) } },
  });
}

/** The trust policy's statement for a service, and a trust policy with a statement for others after it. */
export const service = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" } };
export const trust = (Principal: unknown, more: object = {}): Changes => ({
  assumeRolePolicy: document(service, { Effect: "Allow", Action: "sts:AssumeRole", Principal, ...more }),
});

/** A resource policy's statement for one role, and a resource policy in which a changed copy of it stands beside it. */
export const NAMED = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:role/app" },
  Action: "sqs:SendMessage",
  Resource: "*",
};
export const beside = (more: object): Changes => ({ policy: document(NAMED, { ...NAMED, ...more }) });

/** A resource policy that must not admit everyone. */
export function publicPolicyCases(policy: Policy, type: string, inputs: Inputs): void {
  const source = { ArnEquals: { "aws:SourceArn": "arn:aws:sns:us-east-1:111122223333:alarms" } };
  resourceCases(policy, {
    type,
    compliant: { ...inputs, ...beside({}) },
    violations: {
      everyone: beside({ Principal: "*" }),
      "any account's role of a name": beside({ Principal: { AWS: "arn:aws:iam::*:role/app" } }),
    },
    accepted: {
      "a denial": beside({ Effect: "Deny", Principal: "*" }),
      "a source": beside({ Principal: "*", Condition: source }),
    },
  });
}
