import { ssmParameterSecure } from "../../src/controls/ssm";
import { resourceCases } from "./cases";

resourceCases(ssmParameterSecure, {
  compliant: {
    type: "SecureString",
    keyId: "arn:aws:kms:us-east-1:111122223333:key/1",
    name: "/app/password",
    value: "hunter2",
  },
  violations: {
    "no key": { keyId: undefined },
    "AWS's own key": { keyId: "alias/aws/ssm" },
    "a secret by its name": { type: "String", keyId: undefined },
    "a secret by its shape": { type: "String", name: "/app/x", value: "-----BEGIN PRIVATE KEY-----" },
    "a secret that is shown": { type: "String", value: undefined, insecureValue: "hunter2" },
  },
  accepted: {
    "a plain setting": { type: "String", name: "/app/region", value: "us-east-1" },
    "a place": {
      type: "String",
      name: "/app/password",
      value: "arn:aws:secretsmanager:us-east-1:111122223333:secret:a",
    },
  },
  presence: ["name", "keyId"],
});
