import assert from "node:assert/strict";
import { DEFAULTS } from "../../src/data/provider-defaults";
import { appliesTo } from "../../src/frame/policy";
import { policies } from "../../src/policies";
import { judge, resource, type Inputs } from "../support";

/** What lets the rules of a type come to the input at all. */
const BESIDE: Readonly<Record<string, Inputs>> = {
  "aws:ec2/vpcEndpoint:VpcEndpoint": { vpcId: "vpc-1", serviceName: "com.amazonaws.eu-west-1.s3" },
  "aws:kms/externalKey:ExternalKey": { enabled: false },
  "aws:kms/replicaKey:ReplicaKey": { enabled: false },
  "aws:kms/replicaExternalKey:ReplicaExternalKey": { enabled: false },
};

describe("the defaults of absent inputs", () => {
  for (const { types, input, value, source } of DEFAULTS)
    for (const type of types) {
      it(`${input} of ${type} left out is ${value}, for every policy`, () => {
        const found = (inputs: Inputs) => {
          const subject = resource(type, { ...BESIDE[type], ...inputs });
          return policies
            .filter((policy) => policy.types !== "*" && appliesTo(policy, type))
            .flatMap((policy) => judge(policy, subject).findings)
            .map(({ policy, kind }) => `${policy}: ${kind}`);
        };
        const written = found({ [input]: value });
        assert.notDeepEqual(written, []);
        for (const absent of [{}, { [input]: "" }, { [input]: undefined }]) assert.deepEqual(found(absent), written);
      });
      it(`${input} of ${type} has a page that states it`, () =>
        assert.match(source, /^https:\/\/(?:docs\.aws\.amazon\.com|www\.pulumi\.com)\//));
    }
});
