import assert from "node:assert/strict";
import { kmsEbsDefault } from "../../../src/baselines/kms-everywhere/kms-ebs-default";
import { kmsEbsDefaultOn } from "../../../src/baselines/kms-everywhere/kms-ebs-default-on";
import { kmsLtEbsEncrypted } from "../../../src/baselines/kms-everywhere/kms-lt-ebs-encrypted";
import { remediated } from "../../../src/frame/judge";
import { cases, resource, UNKNOWN, type Inputs } from "../../support";
import { KEY } from "./shapes";

describe("KMS everywhere: EBS", () => {
  const DEFAULT = "aws:ebs/encryptionByDefault:EncryptionByDefault";
  const DEFAULT_KEY = "aws:ebs/defaultKmsKey:DefaultKmsKey";
  cases(kmsEbsDefaultOn, {
    type: DEFAULT,
    passes: { "its default": {}, on: { enabled: true } },
    fails: { off: { enabled: false } },
    unknown: { "what is not known": { enabled: UNKNOWN } },
  });
  it("kms-ebs-default-on switches encryption on where asked to", () => {
    const inputs: Inputs = { enabled: false };
    assert.equal(remediated(kmsEbsDefaultOn, inputs, DEFAULT), true);
    assert.deepEqual(inputs, { enabled: true });
    assert.equal(remediated(kmsEbsDefaultOn, inputs, DEFAULT), false);
  });
  cases(kmsEbsDefault, {
    passes: {
      both: [resource(DEFAULT, {}), resource(DEFAULT_KEY, {}, "key")],
      "both, with a key that is not known": [resource(DEFAULT, {}), resource(DEFAULT_KEY, { keyArn: UNKNOWN }, "key")],
    },
    fails: { "encryption alone": [resource(DEFAULT, {})], "a key alone": [resource(DEFAULT_KEY, {})] },
  });
  const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
  const device = (ebs: Inputs): Inputs => ({ blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs }] });
  cases(kmsLtEbsEncrypted, {
    type: TEMPLATE,
    passes: {
      "no devices": {},
      "a device without a volume": { blockDeviceMappings: [{ noDevice: "true" }] },
      'the text "true" and a key': device({ encrypted: "true", kmsKeyId: KEY }),
    },
    fails: {
      'the text "false"': device({ encrypted: "false", kmsKeyId: KEY }),
      "no key": device({ encrypted: "true" }),
      "no word of it": device({ kmsKeyId: KEY }),
    },
    unknown: { "what is not known": device({ encrypted: UNKNOWN, kmsKeyId: KEY }) },
    both: {
      "an open device after one that is not known": {
        blockDeviceMappings: [UNKNOWN, { ebs: { encrypted: "false", kmsKeyId: KEY } }],
      },
    },
  });
  it("kms-lt-ebs-encrypted encrypts where asked to", () => {
    const inputs = { blockDeviceMappings: [{ ebs: { encrypted: "false" } }, { noDevice: "true" }] };
    assert.equal(remediated(kmsLtEbsEncrypted, inputs, TEMPLATE), true);
    assert.deepEqual(inputs.blockDeviceMappings[0], { ebs: { encrypted: "true" } });
    assert.equal(remediated(kmsLtEbsEncrypted, inputs, TEMPLATE), false);
  });
});
