import { resourcePolicy } from "../../frame/policy";

const KEY_TYPES = ["aws:ec2/keyPair:KeyPair", "aws:lightsail/keyPair:KeyPair"];

/** Where each type names the key pair that opens its machines over SSH. */
const SETTINGS: Readonly<Record<string, string>> = {
  "aws:ec2/instance:Instance": "keyName",
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest": "keyName",
  "aws:ec2/launchTemplate:LaunchTemplate": "keyName",
  "aws:ec2/launchConfiguration:LaunchConfiguration": "keyName",
  "aws:lightsail/instance:Instance": "keyPairName",
  "aws:eks/nodeGroup:NodeGroup": "remoteAccess.ec2SshKey",
  "aws:emr/cluster:Cluster": "ec2Attributes.keyName",
  "aws:batch/computeEnvironment:ComputeEnvironment": "computeResources.ec2KeyPair",
  "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration": "keyPair",
};
const FLEET = "aws:ec2/spotFleetRequest:SpotFleetRequest";

/** A key pair is a way in that knows no MFA, no expiry and no person. */
export const ec2NoKeyPair = resourcePolicy({
  name: "ec2-no-key-pair",
  description: "No key pair opens a machine",
  severity: "high",
  level: "mandatory",
  controls: { baseline: ["no-public-ssh"], "nist-800-53r5": ["AC-17", "IA-5"] },
  remediation: "Remove the key pair; people come through Session Manager, and their SSH keys stand in the stack file.",
  url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html",
  types: [...KEY_TYPES, ...Object.keys(SETTINGS), FLEET],
  check(resource, report) {
    if (KEY_TYPES.includes(resource.type)) {
      report.violation("it is a key pair");
      return;
    }
    const settings =
      resource.type === FLEET
        ? resource
            .at("launchSpecifications")
            .items()
            .map((item) => item.at("keyName"))
        : [resource.at(SETTINGS[resource.type] ?? "")];
    // That a key is named can be seen even where its name is unknown; an empty name is none.
    report.each(settings, (key) => {
      if (key.isUnknown || (key.text() ?? "") !== "") report.violation(`${key.path} names a key pair`);
    });
  },
  remediate(inputs, type) {
    const key = SETTINGS[type];
    if (key === undefined || !(key in inputs)) return false;
    return Reflect.deleteProperty(inputs, key);
  },
});
