import type { Simulation } from "@cloud-copilot/iam-simulate";
import type { PolicyDocument, PolicyStatement } from "./world";

/**
 * Forms of policy documents for which the simulator answers differently from AWS.
 *
 * A document that uses one would be proved by a wrong answer, so the guard test refuses it. Each probe shows the
 * difference: the test fails when the simulator comes to agree with AWS, and the row goes.
 */
export interface Form {
  readonly form: string;
  /** Title of AWS's page that says how it is evaluated. */
  readonly page: string;
  readonly usedBy: (statement: PolicyStatement, document: PolicyDocument) => boolean;
  /** Request and documents, AWS's answer, and the simulator's. */
  readonly probe: Simulation;
  readonly aws: "Allowed" | "Denied";
}

const account = "111122223333";
const role = `arn:aws:iam::${account}:role/reader`;
const session = `arn:aws:sts::${account}:assumed-role/reader/session`;
const user = `arn:aws:iam::${account}:user/tanaka`;
const object = "arn:aws:s3:::bucket/object";
const key = `arn:aws:kms:ap-northeast-1:${account}:key/00000000-0000-4000-8000-000000000000`;

type Values = Readonly<Record<string, string | string[]>>;
type Parts = Partial<Omit<Simulation, "request" | "identityPolicies">> & {
  readonly principal?: string;
  readonly does: string;
  readonly on?: string;
  readonly with?: Values;
  readonly identity?: unknown;
};

const allow = (action: string, condition?: unknown, version = "2012-10-17", resource = "*") => ({
  Version: version,
  Statement: [
    { Effect: "Allow", Action: action, Resource: resource, ...(condition !== undefined && { Condition: condition }) },
  ],
});

function probe({ principal = user, does, on = object, with: sent = {}, identity, ...layers }: Parts): Simulation {
  return {
    request: {
      principal,
      action: does,
      resource: { resource: on, accountId: account },
      contextVariables: sent,
    },
    identityPolicies: [{ name: "identity", policy: identity ?? allow(does) }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...layers,
  };
}

const operatorsOf = ({ Condition = {} }: PolicyStatement) => Object.keys(Condition);
const keysUnder = ({ Condition = {} }: PolicyStatement, operator: RegExp) =>
  Object.entries(Condition).flatMap(([name, keys]) => (operator.test(name) ? Object.keys(keys) : []));
const principals = ({ Principal }: PolicyStatement) => JSON.stringify(Principal ?? "");

const root = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "*", Resource: "*" }],
};

export const forms: readonly Form[] = [
  {
    form: "set operator with IfExists",
    page: "IAM JSON policy elements: Condition operators",
    usedBy: (statement) => operatorsOf(statement).some((name) => /^For(All|Any)Values?:.*IfExists$/.test(name)),
    probe: probe({
      does: "ec2:CreateTags",
      on: `arn:aws:ec2:ap-northeast-1:${account}:instance/i-0123456789abcdef0`,
      identity: allow("ec2:CreateTags", { "ForAnyValue:StringEqualsIfExists": { "aws:TagKeys": ["team"] } }),
    }),
    aws: "Allowed",
  },
  {
    form: "date operator on aws:EpochTime",
    page: "AWS global condition context keys",
    usedBy: (statement) => keysUnder(statement, /^Date/).some((name) => name.toLowerCase() === "aws:epochtime"),
    probe: probe({
      does: "s3:GetObject",
      identity: allow("s3:GetObject", { DateGreaterThan: { "aws:EpochTime": "2020-01-01T00:00:00Z" } }),
      with: { "aws:EpochTime": "1790000000" },
    }),
    aws: "Allowed",
  },
  {
    form: "policy variable outside version 2012-10-17",
    page: "IAM policy elements: Variables and tags",
    usedBy: (statement, { Version }) => Version !== "2012-10-17" && JSON.stringify(statement).includes("${"),
    probe: probe({
      does: "s3:GetObject",
      on: "arn:aws:s3:::bucket/tanaka",
      identity: allow("s3:GetObject", undefined, "2008-10-17", "arn:aws:s3:::bucket/${aws:username}"),
      with: { "aws:username": "tanaka" },
    }),
    aws: "Denied",
  },
  {
    form: "NotIpAddress",
    page: "IAM JSON policy elements: Condition operators",
    usedBy: (statement) => operatorsOf(statement).some((name) => name.includes("NotIpAddress")),
    probe: probe({
      does: "s3:GetObject",
      identity: allow("s3:GetObject", { NotIpAddress: { "aws:SourceIp": "10.0.0.1" } }),
      with: { "aws:SourceIp": "2001:db8::1" },
    }),
    aws: "Allowed",
  },
  {
    form: "Deny with NotPrincipal",
    page: "AWS JSON policy elements: NotPrincipal",
    usedBy: (statement) => "NotPrincipal" in statement,
    probe: probe({
      principal: session,
      does: "s3:GetObject",
      resourcePolicy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Deny", NotPrincipal: { AWS: [role] }, Action: "s3:*", Resource: "*" }],
      },
    }),
    aws: "Denied",
  },
  {
    form: "grant to a role session's ARN",
    page: "Policies and permissions in AWS Identity and Access Management: Session policies",
    usedBy: (statement) => statement.Effect === "Allow" && principals(statement).includes(":assumed-role/"),
    probe: probe({
      principal: session,
      does: "s3:GetObject",
      identity: allow("s3:ListBucket"),
      sessionPolicy: allow("s3:ListBucket"),
      resourcePolicy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { AWS: session }, Action: "s3:GetObject", Resource: object }],
      },
    }),
    aws: "Allowed",
  },
  {
    form: "service-linked role under a service control policy",
    page: "Service control policies (SCPs)",
    usedBy: (statement) => principals(statement).includes("aws-service-role"),
    probe: probe({
      principal: `arn:aws:sts::${account}:assumed-role/AWSServiceRoleForAutoScaling/session`,
      does: "s3:GetObject",
      serviceControlPolicies: [
        {
          orgIdentifier: "r-root",
          policies: [
            {
              name: "none",
              policy: { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] },
            },
          ],
        },
      ],
    }),
    aws: "Allowed",
  },
  {
    form: "kms:EncryptionContext:NAME (simulated under another name, see simulate.ts)",
    page: "AWS KMS condition keys",
    usedBy: () => false,
    probe: probe({
      does: "kms:Decrypt",
      on: key,
      identity: allow("kms:Decrypt", { StringEquals: { "kms:EncryptionContext:app": "cline" } }),
      resourcePolicy: root,
      with: { "kms:EncryptionContext:app": "cline" },
    }),
    aws: "Allowed",
  },
  {
    form: "sts:AssumeRole without the role's trust policy (refused by simulate.ts)",
    page: "Policy evaluation for requests within a single account",
    usedBy: () => false,
    probe: probe({ does: "sts:AssumeRole", on: role }),
    aws: "Denied",
  },
];

/** Elements of a statement that our documents use; NotResource and NotPrincipal are not among them. */
export const elements: readonly string[] = [
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Principal",
  "Resource",
  "Condition",
];

/** NotAction: every action but those named. Page: "IAM JSON policy elements: NotAction". */
export const notActionRows: readonly { readonly probe: Simulation; readonly allowed: boolean }[] = (
  [
    ["Allow", "s3:GetObject", false],
    ["Allow", "s3:PutObject", true],
    ["Deny", "s3:GetObject", true],
    ["Deny", "s3:PutObject", false],
  ] as const
).map(([effect, does, allowed]) => {
  const statement = { Effect: effect, NotAction: "s3:Get*", Resource: "*" };
  const beside = effect === "Deny" ? [{ Effect: "Allow", Action: "*", Resource: "*" }] : [];
  const identity = { Version: "2012-10-17", Statement: [statement, ...beside] };
  return { probe: probe({ does, identity }), allowed };
});
