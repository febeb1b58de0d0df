import { ec2NoInstanceConnect } from "../../../src/baselines/no-public-ssh/ec2-no-instance-connect";
import { cases, UNKNOWN, type Inputs } from "../../support";

describe("no public SSH: Instance Connect", () => {
  const POLICY = "aws:iam/policy:Policy";
  const policy = (...statements: Inputs[]): Inputs => ({ policy: JSON.stringify({ Statement: statements }) });
  cases(ec2NoInstanceConnect, {
    type: "aws:ec2transitgateway/instanceConnectEndpoint:InstanceConnectEndpoint",
    fails: { "an endpoint": {} },
  });
  cases(ec2NoInstanceConnect, {
    type: "aws:ec2/serialConsoleAccess:SerialConsoleAccess",
    passes: { "a closed console": { enabled: false } },
    fails: { "an open console": { enabled: true }, "its default": {} },
  });
  cases(ec2NoInstanceConnect, {
    type: POLICY,
    passes: {
      "other actions": policy({ Effect: "Allow", Action: "ec2:Describe*", Resource: "*" }),
      "a Deny": policy({ Effect: "Deny", Action: "ec2-instance-connect:*", Resource: "*" }),
    },
    fails: {
      "sending a key": policy({ Effect: "Allow", Action: "ec2-instance-connect:SendSSHPublicKey", Resource: "*" }),
      "a wildcard": policy({ Effect: "Allow", Action: "ec2-instance-connect:*", Resource: "*" }),
      "everything but something else": policy({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
    },
    unknown: { "a document that is not known": { policy: UNKNOWN } },
  });
});
