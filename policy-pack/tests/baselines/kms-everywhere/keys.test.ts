import assert from "node:assert/strict";
import { kmsKeyDeletionWindow } from "../../../src/baselines/kms-everywhere/kms-key-deletion-window";
import { kmsKeyPolicyNoWildcard } from "../../../src/baselines/kms-everywhere/kms-key-policy-no-wildcard";
import { kmsKeyRotation } from "../../../src/baselines/kms-everywhere/kms-key-rotation";
import { remediated } from "../../../src/frame/judge";
import { cases, UNKNOWN, type Inputs } from "../../support";

describe("KMS everywhere: the keys", () => {
  const TYPE = "aws:kms/key:Key";
  cases(kmsKeyRotation, {
    type: TYPE,
    passes: {
      on: { enableKeyRotation: true },
      "an asymmetric key": { customerMasterKeySpec: "RSA_2048" },
      "a key store of one's own": { customKeyStoreId: "cks-1" },
      "half a year": { enableKeyRotation: true, rotationPeriodInDays: 180 },
    },
    fails: {
      "its default": {},
      off: { enableKeyRotation: false },
      "a symmetric key, off": { customerMasterKeySpec: "SYMMETRIC_DEFAULT" },
      "seven years": { enableKeyRotation: true, rotationPeriodInDays: 2560 },
    },
    unknown: { "what is not known": { enableKeyRotation: UNKNOWN } },
  });
  it("kms-key-rotation switches rotation on where asked to", () => {
    const inputs: Inputs = {};
    assert.equal(remediated(kmsKeyRotation, inputs, TYPE), true);
    assert.deepEqual(inputs, { enableKeyRotation: true });
    assert.equal(remediated(kmsKeyRotation, { customerMasterKeySpec: "RSA_2048" }, TYPE), false);
  });
  const policy = (statement: Inputs): Inputs => ({
    policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*", ...statement }] }),
  });
  cases(kmsKeyPolicyNoWildcard, {
    type: TYPE,
    passes: {
      "its default": {},
      "the account": policy({ Principal: { AWS: "arn:aws:iam::111122223333:root" } }),
      "a service": policy({ Principal: { Service: "logs.amazonaws.com" } }),
      "everybody of the account": policy({
        Principal: { AWS: "*" },
        Condition: { StringEquals: { "kms:CallerAccount": "111122223333" } },
      }),
      "a Deny for everybody": policy({ Effect: "Deny", Principal: "*" }),
    },
    fails: {
      everybody: policy({ Principal: "*" }),
      "everybody among AWS principals": policy({ Principal: { AWS: ["111122223333", "*"] } }),
      "everybody in a list": policy({ Principal: ["111122223333", "*"] }),
      "all but some": policy({ NotPrincipal: { AWS: "111122223333" } }),
      "any account": policy({ Principal: { AWS: "arn:aws:iam::*:root" } }),
      "a condition on the way alone": policy({
        Principal: "*",
        Condition: { StringEquals: { "kms:ViaService": "s3.ap-northeast-1.amazonaws.com" } },
      }),
      "a condition with a wildcard": policy({
        Principal: "*",
        Condition: { StringLike: { "kms:CallerAccount": "*" } },
      }),
    },
    unknown: {
      "a policy that is not known": { policy: UNKNOWN },
      "principals that are not known": policy({ Principal: { AWS: UNKNOWN } }),
    },
  });
  cases(kmsKeyDeletionWindow, {
    type: TYPE,
    passes: { "its default": {}, "the shortest": { deletionWindowInDays: 7 } },
    fails: {
      "too short": { deletionWindowInDays: 3 },
      "switched off": { isEnabled: false },
      "no safety check": { bypassPolicyLockoutSafetyCheck: true },
    },
    unknown: { "what is not known": { deletionWindowInDays: UNKNOWN } },
  });
  cases(kmsKeyDeletionWindow, {
    type: TYPE,
    config: { days: 30 },
    passes: { "a month": { deletionWindowInDays: 30 } },
    fails: { "less than a month": { deletionWindowInDays: 29 } },
  });
});
