import { s3VpceOnly } from "../../../src/baselines/vpc-endpoints-only/s3-vpce-only";
import { cases, UNKNOWN, type Inputs } from "../../support";

describe("VPC endpoints only: buckets", () => {
  const ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"];
  const bucket = (...statements: Inputs[]): Inputs => ({
    bucket: "b",
    policy: JSON.stringify({ Statement: statements }),
  });
  const fence = (changes: Inputs = {}): Inputs => ({
    Effect: "Deny",
    Principal: "*",
    Action: ACTIONS,
    Resource: "*",
    Condition: { StringNotEqualsIfExists: { "aws:SourceVpce": "vpce-1" } },
    ...changes,
  });
  cases(s3VpceOnly, {
    type: "aws:s3/bucketPolicy:BucketPolicy",
    passes: {
      "an endpoint": bucket(fence()),
      "a VPC, for all actions": bucket(
        fence({ Action: "s3:*", Condition: { StringNotEquals: { "aws:SourceVpc": "vpc-1" } } }),
      ),
      "the account that owns the endpoint": bucket(
        fence({ Condition: { StringNotEquals: { "aws:VpceAccount": "111122223333" } } }),
      ),
      "several Denies": bucket(...ACTIONS.map((Action) => fence({ Action }))),
      "principals given as AWS": bucket(fence({ Principal: { AWS: "*" } })),
    },
    fails: {
      "no Deny": bucket({ Effect: "Allow", Principal: { AWS: "1" }, Action: "s3:*", Resource: "*" }),
      "a Deny of writing alone": bucket(fence({ Action: "s3:PutObject" })),
      "a Deny for one principal": bucket(fence({ Principal: { AWS: "111122223333" } })),
      "a Deny on TLS": bucket(fence({ Condition: { Bool: { "aws:SecureTransport": "false" } } })),
      "a Deny where the endpoint is one's own": bucket(
        fence({ Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } } }),
      ),
      "no statement": bucket(),
    },
    unknown: {
      "a policy that is not known": { policy: UNKNOWN },
      "actions that are not known": bucket(fence({ Action: UNKNOWN })),
    },
  });
});
