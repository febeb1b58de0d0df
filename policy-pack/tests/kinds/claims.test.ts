import assert from "node:assert/strict";
import { tagsOf } from "../../src/frame/controls";
import { policies } from "../../src/policies";
import { trailBedrockDataEvents, trailS3DataEvents } from "../../src/controls/trail";
import { vpceRequiredSet } from "../../src/baselines/vpc-endpoints-only/vpce-required-set";
import { cases, judge, resource, violations } from "../support";

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

// Security Hub user guide, EC2 controls: an interface endpoint for ECR's API (EC2.55), for its Docker
// registry (EC2.56) and for Systems Manager (EC2.57), in each VPC.
describe("Security Hub's controls of endpoints", () => {
  const needed = vpceRequiredSet.config?.["services"]?.default as readonly string[];
  const without = (missing: string) => [
    resource("aws:ec2/vpc:Vpc", { id: "vpc-1" }),
    ...needed
      .filter((service) => service !== missing)
      .map((service) =>
        resource(
          "aws:ec2/vpcEndpoint:VpcEndpoint",
          { vpcId: "vpc-1", serviceName: `com.amazonaws.eu-west-1.${service}` },
          service,
        ),
      ),
  ];
  for (const [control, service] of [
    ["fsbp:EC2.55", "ecr.api"],
    ["fsbp:EC2.56", "ecr.dkr"],
    ["fsbp:EC2.57", "ssm"],
  ] as const)
    it(`${control} is claimed by a policy that misses the endpoint for ${service}`, () => {
      const claiming = policies.filter((policy) => tagsOf(policy.controls).includes(control));
      assert.deepEqual(claiming, [vpceRequiredSet]);
      assert.deepEqual(violations(judge(vpceRequiredSet, without(service))), [`it has no endpoint for ${service}`]);
    });

  it("are not claimed where no policy asks for them", () => {
    // EC2.10 asks for EC2's endpoint; IAM.19 and CIS 1.10 for an MFA device of every user.
    assert.deepEqual(violations(judge(vpceRequiredSet, without("ec2"))), []);
    const claimed = new Set(policies.flatMap((policy) => tagsOf(policy.controls)));
    for (const control of ["fsbp:EC2.10", "fsbp:IAM.19", "cis-aws-3.0:1.10"]) assert.ok(!claimed.has(control), control);
  });
});
