import assert from "node:assert/strict";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import fc from "fast-check";
import { Value } from "../../src/frame/value";
import { isLimited } from "../../src/iam/public-access";
import { statementsOf } from "../../src/iam/statement";

const limited = (Condition: object): boolean =>
  statementsOf(Value.of({ Statement: { Effect: "Allow", Principal: "*", Action: "*", Condition } })).some(isLimited);

const OWN = "111122223333";
const arn = (account: string, name = "orders"): string => `arn:aws:sns:eu-west-1:${account}:${name}`;

/** Conditions that narrow a statement for everyone, and those that only look like it. */
const NARROW: Readonly<Record<string, object>> = {
  "an organization": { StringEquals: { "aws:PrincipalOrgID": "o-1a2b3c4d5e" } },
  "a unit of an organization": {
    "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-1a2b3c4d5e/r-ab12/ou-ab12-11111111/*" },
  },
  "an account": { StringEquals: { "aws:PrincipalAccount": OWN } },
  "the resource's own account": { StringEquals: { "aws:SourceAccount": "${aws:ResourceAccount}" } },
  "an account of the caller of a key": { StringEquals: { "kms:CallerAccount": OWN } },
  "any name in an account": { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${OWN}:role/*` } },
  "any topic of an account": { ArnLike: { "aws:SourceArn": `arn:aws:sns:*:${OWN}:*` } },
  "a bucket": { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::ledger" } },
  "the program's reference": { ArnEquals: { "aws:SourceArn": "${topic.arn}" } },
  "the program's account in an ARN": { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:${current.accountId}:*" } },
  "access points of an account": { StringEquals: { "s3:DataAccessPointAccount": OWN } },
  "sessions of one role": { StringLike: { "aws:userid": "AROAEXAMPLEID1234567:*" } },
  "a network": { StringEquals: { "aws:SourceVpce": "vpce-0123456789abcdef0" } },
  "an office's addresses": { IpAddress: { "aws:SourceIp": "198.51.100.0/24" } },
  "private addresses beside them": { IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "203.0.113.0/24"] } },
  "one limit beside a wildcard": {
    StringLike: { "aws:PrincipalOrgID": "o-*" },
    StringEquals: { "aws:SourceAccount": OWN },
  },
};
const WIDE: Readonly<Record<string, object>> = {
  "every organization": { StringLike: { "aws:PrincipalOrgID": "o-*" } },
  "units of every organization": { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-*/r-ab12/*" } },
  "a tenth of all accounts": { StringLike: { "kms:CallerAccount": "1*" } },
  "one account and any": { StringLike: { "aws:PrincipalAccount": [OWN, "*"] } },
  "the caller's own account": { StringEquals: { "aws:PrincipalAccount": "${aws:PrincipalAccount}" } },
  "a role's name in any account": { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/Admin" } },
  "a topic's name in any account": { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:orders" } },
  "accounts that begin alike": { ArnLike: { "aws:SourceArn": arn("1111????????") } },
  "an ARN without its end": { StringLike: { "aws:SourceArn": "arn:aws:sns:*" } },
  "buckets that begin alike": { ArnLike: { "aws:SourceArn": "arn:aws:s3:::ledger*" } },
  "a user's name": { StringEquals: { "aws:username": "alice" } },
  "unique ids that begin alike": { StringLike: { "aws:userid": "AROA*" } },
  "access points of any account": { StringLike: { "s3:DataAccessPointAccount": "*" } },
  "any endpoint": { StringLike: { "aws:SourceVpce": "vpce-*" } },
  "half the internet": { IpAddress: { "aws:SourceIp": "0.0.0.0/1" } },
  "two halves of it": { IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } },
  "all of it in 256 parts": {
    IpAddress: { "aws:SourceIp": Array.from({ length: 256 }, (_, first) => `${first}.0.0.0/8`) },
  },
  "every address of IPv6": { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "::/0"] } },
  "a private address of any network": { IpAddress: { "aws:VpcSourceIp": "10.0.0.0/8" } },
  "an organization, if any": { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1a2b3c4d5e" } },
  "all values, of which there may be none": { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-1a2b3c4d5e" } },
  "all but an organization": { StringNotEquals: { "aws:PrincipalOrgID": "o-1a2b3c4d5e" } },
  "the presence of a key": { Null: { "aws:PrincipalOrgID": "false" } },
  TLS: { Bool: { "aws:SecureTransport": "true" } },
};

describe("a condition on a statement for everyone", () => {
  for (const [name, condition] of Object.entries(NARROW))
    it(`limits it: ${name}`, () => assert.equal(limited(condition), true));
  for (const [name, condition] of Object.entries(WIDE))
    it(`limits nobody: ${name}`, () => assert.equal(limited(condition), false));
});

// A stranger chooses every name of theirs, and has an account, organization, network and addresses
// of their own.
const STRANGER = "666677778888";
const fits = (pattern: string): string => pattern.replaceAll("*", "x").replaceAll("?", "y");
const strangerArn = (pattern: string): string => {
  const [, , , , account = "", ...name] = pattern.split(":");
  const prefix = pattern.split(":").slice(0, 4).map(fits).join(":");
  return `${prefix}:${account === "" ? "" : STRANGER}:${fits(name.join(":"))}`;
};
const STRANGERS: Readonly<Record<string, (value: string) => string>> = {
  "aws:PrincipalAccount": () => STRANGER,
  "aws:SourceAccount": () => STRANGER,
  "aws:PrincipalOrgID": () => "o-6666777788",
  "aws:PrincipalArn": strangerArn,
  "aws:SourceArn": strangerArn,
  "aws:SourceVpce": () => "vpce-66666666666666666",
  "aws:SourceIp": () => "150.1.2.3",
};
const VALUES: Readonly<Record<string, readonly string[]>> = {
  "aws:PrincipalAccount": [OWN, "*", "6*", "??????778888"],
  "aws:SourceAccount": [OWN, "*", "6666*"],
  "aws:PrincipalOrgID": ["o-1a2b3c4d5e", "o-*", "*", "o-6?????????"],
  "aws:PrincipalArn": [`arn:aws:iam::${OWN}:role/a`, "arn:aws:iam::*:role/a", "*", "arn:aws:iam::6*:role/*"],
  "aws:SourceArn": [arn(OWN), arn("*"), arn("6666*", "*"), arn(OWN, "*"), "*"],
  "aws:SourceVpce": ["vpce-0123456789abcdef0", "vpce-*", "vpce-6*"],
  "aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/0", "128.0.0.0/1", "150.0.0.0/7", "10.0.0.0/8"],
};
const line = fc.constantFrom(...Object.keys(VALUES)).chain((key) =>
  fc.record({
    key: fc.constant(key),
    operator: fc.constantFrom(
      ...(key === "aws:SourceIp"
        ? ["IpAddress", "IpAddressIfExists", "NotIpAddress"]
        : key.endsWith("Arn")
          ? ["ArnLike", "ArnEquals", "ArnNotLike", "StringLike", "ArnLikeIfExists"]
          : ["StringEquals", "StringLike", "StringNotLike", "StringLikeIfExists"]),
    ),
    values: fc.subarray([...VALUES[key]!], { minLength: 1 }),
  }),
);

/** Would AWS let the stranger in: with each key set as suits them, or without it? */
async function admitted(
  lines: readonly { key: string; operator: string; values: readonly string[] }[],
): Promise<boolean> {
  const choices = lines.map(({ key, values }) => [undefined, ...values.map((value) => STRANGERS[key]!(value))]);
  const contexts = choices.reduce<Record<string, string>[]>(
    (all, options, index) =>
      all.flatMap((one) =>
        options.map((value) => (value === undefined ? one : { ...one, [lines[index]!.key]: value })),
      ),
    [{}],
  );
  const Condition: Record<string, Record<string, readonly string[]>> = {};
  for (const { key, operator, values } of lines) (Condition[operator] ??= {})[key] = values;
  const Statement = [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*", Condition }];
  for (const contextVariables of contexts) {
    const result = await runSimulation(
      {
        request: {
          principal: `arn:aws:iam::${STRANGER}:role/a`,
          action: "sqs:SendMessage",
          resource: { resource: `arn:aws:sqs:eu-west-1:${OWN}:jobs`, accountId: OWN },
          contextVariables,
        },
        identityPolicies: [
          {
            name: "p",
            policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
          },
        ],
        resourcePolicy: { Version: "2012-10-17", Statement },
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

describe("a statement that counts as limited", () => {
  it("admits no stranger by AWS's own evaluation", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(line, { maxLength: 2, selector: ({ key }) => key }), async (lines) => {
        const condition: Record<string, Record<string, readonly string[]>> = {};
        for (const { key, operator, values } of lines) (condition[operator] ??= {})[key] = values;
        if (limited(condition)) assert.equal(await admitted(lines), false, JSON.stringify(condition));
      }),
      { numRuns: 400 },
    );
  });
});
