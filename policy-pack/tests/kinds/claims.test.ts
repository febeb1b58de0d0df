import assert from "node:assert/strict";
import { tagsOf } from "../../src/frame/controls";
import { policies } from "../../src/policies";
import { trailBedrockDataEvents, trailS3DataEvents } from "../../src/controls/trail";
import { cases } from "../support";

const TRAIL = "aws:cloudtrail/trail:Trail";
const advanced = (...fields: object[]) => ({
  advancedEventSelectors: [
    { fieldSelectors: [{ field: "eventCategory", equals: ["Data"] }, ...fields] },
    { fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
  ],
});
const OBJECTS = { field: "resources.type", equals: ["AWS::S3::Object"] };
const basic = (readWriteType: string | undefined, values: string[], type = "AWS::S3::Object") => ({
  eventSelectors: [{ ...(readWriteType && { readWriteType }), dataResources: [{ type, values }] }],
});

// CIS AWS Foundations 3.0, 3.8 and 3.9: object-level logging of writes, and of reads, for S3 buckets.
describe("CIS 3.8 and 3.9", () => {
  cases(trailS3DataEvents, {
    type: TRAIL,
    passes: {
      "every object's events": basic("All", ["arn:aws:s3"]),
      "every object's events, the default": basic(undefined, ["arn:aws:s3:::"]),
      "reads and writes apart": {
        eventSelectors: [
          { readWriteType: "ReadOnly", dataResources: [{ type: "AWS::S3::Object", values: ["arn:aws:s3"] }] },
          { readWriteType: "WriteOnly", dataResources: [{ type: "AWS::S3::Object", values: ["arn:aws:s3"] }] },
        ],
      },
      "advanced selectors": advanced(OBJECTS),
      "named buckets": advanced(OBJECTS, { field: "resources.ARN", startsWiths: ["arn:aws:s3:::ledger/"] }),
      "advanced selectors apart": {
        advancedEventSelectors: ["true", "false"].map((reads) => ({
          fieldSelectors: [
            { field: "eventCategory", equals: ["Data"] },
            OBJECTS,
            { field: "readOnly", equals: [reads] },
          ],
        })),
      },
    },
    fails: {
      "no selector": {},
      "empty selectors": { eventSelectors: [], advancedEventSelectors: [] },
      "Bedrock's events only": advanced({ field: "resources.type", equals: ["AWS::Bedrock::Guardrail"] }),
      "functions' events only": basic("All", ["arn:aws:lambda"], "AWS::Lambda::Function"),
      "reads only": basic("ReadOnly", ["arn:aws:s3"]),
      "writes only": basic("WriteOnly", ["arn:aws:s3"]),
      "writes only, advanced": advanced(OBJECTS, { field: "readOnly", equals: ["false"] }),
      "one event only": advanced(OBJECTS, { field: "eventName", equals: ["DeleteObject"] }),
      "management events of the type": {
        advancedEventSelectors: [{ fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }, OBJECTS] }],
      },
      "no bucket": basic("All", []),
    },
  });

  const claimants = (tag: string): string[] =>
    policies.filter((policy) => tagsOf(policy.controls).includes(tag)).map((policy) => policy.name);

  it("are claimed by the policy that reads S3's data events, and by no other", () => {
    for (const tag of ["cis-aws-3.0:3.8", "cis-aws-3.0:3.9", "trivy:AWS-0171", "trivy:AWS-0172"])
      assert.deepEqual(claimants(tag), [trailS3DataEvents.name], tag);
  });
  it("leave Bedrock's policy what it reads", () => {
    assert.deepEqual(
      tagsOf(trailBedrockDataEvents.controls).filter((tag) => /^(cis|trivy|fsbp)/.test(tag)),
      [],
    );
  });
  it("leave EC2.170, templates with IMDSv2, to the policy that reads it", () => {
    assert.deepEqual(claimants("fsbp:EC2.170"), ["ec2-imdsv2"]);
  });
});
