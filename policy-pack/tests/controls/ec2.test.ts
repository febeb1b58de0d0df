import {
  ec2AsgLaunchTemplate,
  ec2DetailedMonitoring,
  ec2EbsGp3,
  ec2ImdsHopLimit,
  ec2Imdsv2,
  ec2InstanceProfile,
  ec2InstanceTypeAllowed,
  ec2NoSecretsInUserdata,
} from "../../src/controls/ec2";
import { resourceCases } from "./cases";
import { KEY_ID } from "./documents";

resourceCases(ec2AsgLaunchTemplate, {
  compliant: { launchTemplate: { id: "lt-1" }, minSize: 1, maxSize: 1 },
  violations: { "a launch configuration": { launchTemplate: undefined, launchConfiguration: "old" } },
  accepted: { "mixed instances": { launchTemplate: undefined, mixedInstancesPolicy: { launchTemplate: {} } } },
  presence: ["launchTemplate"],
});

resourceCases(ec2DetailedMonitoring, {
  compliant: { monitoring: true },
  violations: {
    "monitoring that is off": { monitoring: false },
    "no word about monitoring": { monitoring: undefined },
  },
});

const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
resourceCases(ec2DetailedMonitoring, {
  type: TEMPLATE,
  compliant: { monitoring: { enabled: true } },
  violations: { "monitoring that is off": { "monitoring.enabled": false } },
});

const CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration";
resourceCases(ec2DetailedMonitoring, {
  type: CONFIGURATION,
  compliant: { enableMonitoring: true },
  violations: { "monitoring that is off": { enableMonitoring: false } },
  accepted: { "its default, which is on": { enableMonitoring: undefined } },
});

resourceCases(ec2EbsGp3, {
  type: "aws:ebs/volume:Volume",
  compliant: { type: "gp3" },
  violations: { gp2: { type: "gp2" }, io1: { type: "io1" }, magnetic: { type: "standard" } },
  accepted: {
    "AWS's default": { type: undefined },
    "provisioned speed of today": { type: "io2" },
    "throughput for logs": { type: "st1" },
  },
});

const INSTANCE = "aws:ec2/instance:Instance";
resourceCases(ec2EbsGp3, {
  type: INSTANCE,
  compliant: { rootBlockDevice: { volumeType: "gp3" }, ebsBlockDevices: [{ volumeType: "gp3" }] },
  violations: {
    "the root volume": { "rootBlockDevice.volumeType": "gp2" },
    "a further volume": { "ebsBlockDevices[0].volumeType": "gp2" },
  },
});

resourceCases(ec2EbsGp3, {
  type: TEMPLATE,
  compliant: { blockDeviceMappings: [{ ebs: { volumeType: "gp3" } }] },
  violations: { "a mapped volume": { "blockDeviceMappings[0].ebs.volumeType": "gp2" } },
});

for (const type of [INSTANCE, TEMPLATE, CONFIGURATION]) {
  resourceCases(ec2Imdsv2, {
    type,
    compliant: { metadataOptions: { httpTokens: "required", httpEndpoint: "enabled" } },
    violations: {
      "tokens that are optional": { "metadataOptions.httpTokens": "optional" },
      "no word about tokens": { "metadataOptions.httpTokens": undefined },
      "no metadata options": { metadataOptions: undefined },
    },
    accepted: { "a service that is off": { metadataOptions: { httpEndpoint: "disabled" } } },
  });
  resourceCases(ec2ImdsHopLimit, {
    type,
    compliant: { metadataOptions: { httpPutResponseHopLimit: 1 } },
    violations: {
      "two hops": { "metadataOptions.httpPutResponseHopLimit": 2 },
      "two hops as text": { "metadataOptions.httpPutResponseHopLimit": "2" },
    },
    accepted: { "AWS's default": { metadataOptions: undefined } },
  });
  resourceCases(ec2NoSecretsInUserdata, {
    type,
    compliant: { userData: "#!/bin/bash\nexport AWS_DEFAULT_REGION=us-east-1\n" },
    violations: {
      "an access key id": { userData: `export AWS_ACCESS_KEY_ID=${KEY_ID}` },
      "an encoded access key id": { userData: Buffer.from(`export AWS_ACCESS_KEY_ID=${KEY_ID}`).toString("base64") },
      "a secret access key": { userData: 'AWS_SECRET_ACCESS_KEY="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"' },
      "a private key": { userData: "-----BEGIN RSA PRIVATE KEY-----\nMIIE" },
      "a password in a URL": { userData: "psql postgres://admin:hunter2@db:5432/app" },
    },
    accepted: {
      "no user data": { userData: undefined },
      "names of variables": { userData: "export AWS_ACCESS_KEY_ID\nexport AWS_SECRET_ACCESS_KEY=$(read_secret)" },
      "a URL without a password": { userData: "curl https://example.com:8443/a@b" },
    },
  });
}

resourceCases(ec2InstanceProfile, {
  compliant: { iamInstanceProfile: "workspace" },
  violations: { "no profile": { iamInstanceProfile: undefined }, "an empty profile": { iamInstanceProfile: "" } },
  accepted: {
    "a launch template, which may name one": { iamInstanceProfile: undefined, launchTemplate: { id: "lt-1" } },
  },
  presence: ["iamInstanceProfile"],
});

resourceCases(ec2InstanceTypeAllowed, {
  compliant: { instanceType: "m7i.large" },
  violations: {
    "a machine for learning": { instanceType: "p5.48xlarge" },
    "a large one": { instanceType: "m7i.24xlarge" },
  },
  accepted: { "a small one": { instanceType: "t4g.medium" }, "a launch template's": { instanceType: undefined } },
});

resourceCases(ec2InstanceTypeAllowed, {
  config: { allowed: ["t4g.*"] },
  compliant: { instanceType: "t4g.small" },
  violations: { "one that the company did not list": { instanceType: "m7i.large" } },
});

resourceCases(ec2NoSecretsInUserdata, {
  compliant: { userDataBase64: Buffer.from("echo hello").toString("base64") },
  violations: { "an encoded token": { userDataBase64: Buffer.from(`TOKEN=ghp_${"a".repeat(36)}`).toString("base64") } },
});
