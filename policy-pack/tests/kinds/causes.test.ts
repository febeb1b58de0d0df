import assert from "node:assert/strict";
import { isStackPolicy } from "../../src/frame/policy";
import type { ResourceView } from "../../src/frame/view";
import { policies } from "../../src/policies";
import { judge, resource, UNKNOWN } from "../support";

const POLICY = "aws:iam/policy:Policy";
const allow = (action: string): ResourceView =>
  resource(POLICY, { policy: { Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] } });
const sse = { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] };

/** What every policy finds in the resources together. */
function findingsOf(...subjects: readonly ResourceView[]) {
  const judged = policies.filter(
    (policy) => policy.types === "*" || subjects.some(({ type }) => policy.types.includes(type)),
  );
  return judged.flatMap((policy) => {
    if (isStackPolicy(policy) || policy.settle !== undefined) return judge(policy, subjects).findings;
    const own = subjects.filter(({ type }) => policy.types === "*" || policy.types.includes(type));
    return own.flatMap((subject) => judge(policy, subject).findings);
  });
}

describe("policies that one cause breaks", () => {
  for (const [name, kind, least, input, subjects] of [
    ["an unknown document", "undeterminable", 15, "policy", [resource(POLICY, { policy: UNKNOWN })]],
    [
      "an unknown managed policy",
      "undeterminable",
      10,
      "policyArn",
      [
        resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
          role: "r",
          policyArn: "arn:aws:iam::aws:policy/NoSuch",
        }),
      ],
    ],
    ["iam:*", "violation", 4, "policy.Statement[0]", [allow("iam:*")]],
    ["ssm:*", "violation", 4, "policy.Statement[0]", [allow("ssm:*")]],
    ["every action", "violation", 15, "policy.Statement[0]", [allow("*")]],
    [
      "an administrator's policy",
      "violation",
      12,
      "policyArn",
      [
        resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
          role: "r",
          policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
        }),
      ],
    ],
  ] as const)
    it(`say the same input of ${name}, once each`, () => {
      const found = findingsOf(...subjects);
      assert.ok(found.length >= least, `${found.length} findings`);
      assert.deepEqual([...new Set(found.map((finding) => finding.kind))], [kind]);
      assert.deepEqual([...new Set(found.map(({ property }) => property))], [input]);
      assert.equal(new Set(found.map(({ policy }) => policy)).size, found.length);
    });

  it("say the same input of a bucket under S3's own keys, inside it or apart", () => {
    const key = "applyServerSideEncryptionByDefault.kmsMasterKeyId";
    const inside = resource("aws:s3/bucket:Bucket", { serverSideEncryptionConfiguration: { rule: sse.rules[0] } });
    const type = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    const bucket = resource("aws:s3/bucket:Bucket", { bucket: "b" }, "b");
    for (const [where, path, ...subjects] of [
      [inside.urn, `serverSideEncryptionConfiguration.rule.${key}`, inside],
      [resource(type, {}).urn, `rules[0].${key}`, bucket, resource(type, { bucket: "b", ...sse })],
    ] as const) {
      const found = findingsOf(...subjects).filter(({ policy }) => policy.startsWith("kms-"));
      assert.deepEqual(found.map(({ policy }) => policy).sort(), ["kms-cmk-required", "kms-s3-bucket-has-sse"]);
      for (const { urn, property } of found) assert.deepEqual([urn, property], [where, path]);
    }
  });
});
