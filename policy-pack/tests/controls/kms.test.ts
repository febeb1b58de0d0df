import { kmsKeyLogServiceGrant, kmsKeyPolicyDefined } from "../../src/controls/kms";
import { stackCases } from "./cases";

const KEY = "aws:kms/key:Key";
const admits = (service: string): string =>
  JSON.stringify({
    Statement: [
      { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "kms:*", Resource: "*" },
      { Effect: "Allow", Principal: { Service: service }, Action: "kms:Encrypt*", Resource: "*" },
    ],
  });
stackCases(kmsKeyLogServiceGrant, {
  compliant: {
    key: { type: KEY, policy: admits("logs.ap-northeast-1.amazonaws.com") },
    group: { type: "aws:cloudwatch/logGroup:LogGroup", kmsKeyId: "x", dependsOn: { kmsKeyId: ["key"] } },
  },
  violations: { "another service": { "key:policy": admits("sns.amazonaws.com") }, none: { "key:policy": undefined } },
  accepted: {
    "a key that no log group uses": {
      "key:policy": admits("sns.amazonaws.com"),
      "group:dependsOn": {},
      "group:kmsKeyId": "arn:other",
    },
    "a policy beside it": {
      "key:policy": undefined,
      policy: {
        type: "aws:kms/keyPolicy:KeyPolicy",
        keyId: "x",
        policy: admits("logs.amazonaws.com"),
        dependsOn: { keyId: ["key"] },
      },
    },
  },
});

stackCases(kmsKeyPolicyDefined, {
  compliant: { key: { type: KEY, policy: admits("logs.ap-northeast-1.amazonaws.com") } },
  violations: { none: { "key:policy": undefined }, "an empty one": { "key:policy": "" } },
  accepted: {
    "a policy beside it": {
      "key:policy": undefined,
      policy: { type: "aws:kms/keyPolicy:KeyPolicy", keyId: "x", policy: "{}", dependsOn: { keyId: ["key"] } },
    },
  },
  presence: ["policy"],
});
