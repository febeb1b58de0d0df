import assert from "node:assert/strict";
import { ec2NoKeyPair } from "../../../src/baselines/no-public-ssh/ec2-no-key-pair";
import { ec2NoPublicIp } from "../../../src/baselines/no-public-ssh/ec2-no-public-ip";
import { remediated } from "../../../src/frame/judge";
import { cases, UNKNOWN, type Inputs } from "../../support";

describe("no public SSH: machines", () => {
  const INSTANCE = "aws:ec2/instance:Instance";
  const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
  cases(ec2NoPublicIp, {
    type: INSTANCE,
    passes: { "no word of it": {}, false: { associatePublicIpAddress: false } },
    fails: { true: { associatePublicIpAddress: true }, "true as text": { associatePublicIpAddress: "true" } },
    unknown: { "what is not known": { associatePublicIpAddress: UNKNOWN } },
  });
  cases(ec2NoPublicIp, {
    type: TEMPLATE,
    passes: { 'the text "false"': { networkInterfaces: [{ associatePublicIpAddress: "false" }] } },
    fails: {
      'the text "true"': { networkInterfaces: [{ associatePublicIpAddress: "true" }] },
      "the second interface": { networkInterfaces: [{}, { associatePublicIpAddress: "True" }] },
    },
    both: {
      "an open interface after one that is not known": {
        networkInterfaces: [{ associatePublicIpAddress: UNKNOWN }, { associatePublicIpAddress: "true" }],
      },
    },
  });
  it("ec2-no-public-ip switches the address off where asked to", () => {
    const inputs: Inputs = { associatePublicIpAddress: true, ami: "ami-1" };
    assert.equal(remediated(ec2NoPublicIp, inputs, INSTANCE), true);
    assert.deepEqual(inputs, { associatePublicIpAddress: false, ami: "ami-1" });
    assert.equal(remediated(ec2NoPublicIp, inputs, INSTANCE), false);
  });
  cases(ec2NoKeyPair, {
    type: INSTANCE,
    passes: { "no key": {}, "an empty name": { keyName: "" } },
    fails: { "a key": { keyName: "mine" }, "a key whose name is not known": { keyName: UNKNOWN } },
  });
  cases(ec2NoKeyPair, { type: "aws:ec2/keyPair:KeyPair", fails: { "a key pair": {} } });
  cases(ec2NoKeyPair, {
    type: "aws:eks/nodeGroup:NodeGroup",
    passes: { "no access": {} },
    fails: { "a key for nodes": { remoteAccess: { ec2SshKey: "k" } } },
  });
  cases(ec2NoKeyPair, {
    type: "aws:ec2/spotFleetRequest:SpotFleetRequest",
    passes: { "no key": { launchSpecifications: [{}] } },
    fails: { "a key in the second specification": { launchSpecifications: [{}, { keyName: "k" }] } },
  });
  it("ec2-no-key-pair takes the key away where asked to", () => {
    const inputs: Inputs = { keyName: "mine", ami: "ami-1" };
    assert.equal(remediated(ec2NoKeyPair, inputs, INSTANCE), true);
    assert.deepEqual(inputs, { ami: "ami-1" });
    assert.equal(remediated(ec2NoKeyPair, inputs, INSTANCE), false);
    assert.equal(remediated(ec2NoKeyPair, {}, "aws:ec2/keyPair:KeyPair"), false);
  });
});
