import { resourcePolicy } from "../../frame/policy";
import type { Value } from "../../frame/value";
import type { ResourceView } from "../../frame/view";

type Test = readonly [where: Value, isOn: () => boolean];

const flag =
  (...paths: string[]) =>
  (resource: ResourceView): Test[] =>
    paths.map((path) => [resource.at(path), () => resource.at(path).flag() === true]);

/**
 * Block devices: each is encrypted, and the root one is there to say so. A volume made from a
 * snapshot is as encrypted as that is.
 */
function devices(resource: ResourceView): Test[] {
  return [resource.at("rootBlockDevice"), ...resource.at("ebsBlockDevices").items()].map((device) => {
    const encrypted = device.at("encrypted");
    return [encrypted, () => encrypted.flag() === true || (encrypted.isAbsent && device.at("snapshotId").isSet)];
  });
}

/** Where each type says that it encrypts at all, by whatever key. */
const SWITCHES: Readonly<Record<string, (resource: ResourceView) => Test[]>> = {
  "aws:ebs/volume:Volume": flag("encrypted"),
  "aws:efs/fileSystem:FileSystem": flag("encrypted"),
  "aws:rds/instance:Instance": (db) => (db.at("replicateSourceDb").isSet ? [] : flag("storageEncrypted")(db)),
  "aws:rds/cluster:Cluster": (db) =>
    db.at("engineMode").isSet && db.at("engineMode").text() === "serverless" ? [] : flag("storageEncrypted")(db),
  "aws:docdb/cluster:Cluster": flag("storageEncrypted"),
  "aws:neptune/cluster:Cluster": flag("storageEncrypted"),
  "aws:dax/cluster:Cluster": flag("serverSideEncryption.enabled"),
  "aws:elasticache/replicationGroup:ReplicationGroup": (group) =>
    group.at("engine").isSet && group.at("engine").text() === "valkey" && group.at("atRestEncryptionEnabled").isAbsent
      ? []
      : flag("atRestEncryptionEnabled")(group),
  "aws:elasticsearch/domain:Domain": flag("encryptAtRest.enabled"),
  "aws:opensearch/domain:Domain": flag("encryptAtRest.enabled"),
  "aws:kinesis/stream:Stream": (stream) => [
    [stream.at("encryptionType"), () => stream.at("encryptionType").text() === "KMS"],
  ],
  "aws:sns/topic:Topic": (topic) => [
    [
      topic.at("kmsMasterKeyId"),
      () => topic.at("kmsMasterKeyId").isUnknown || (topic.at("kmsMasterKeyId").text() ?? "") !== "",
    ],
  ],
  "aws:sqs/queue:Queue": (queue) => [
    [
      queue.at("kmsMasterKeyId"),
      () =>
        queue.at("kmsMasterKeyId").isUnknown ||
        (queue.at("kmsMasterKeyId").text() ?? "") !== "" ||
        queue.at("sqsManagedSseEnabled").flag() === true,
    ],
  ],
  "aws:ec2/instance:Instance": devices,
  "aws:ec2/launchConfiguration:LaunchConfiguration": devices,
  "aws:workspaces/workspace:Workspace": flag("rootVolumeEncryptionEnabled", "userVolumeEncryptionEnabled"),
};

/** The first question, before whose key it is: is there encryption at rest? */
export const kmsEncryptionEnabled = resourcePolicy({
  name: "kms-encryption-enabled",
  description: "Encryption at rest is switched on",
  severity: "high",
  level: "mandatory",
  controls: {
    baseline: ["kms-everywhere"],
    fsbp: ["EC2.3", "RDS.3"],
    "nist-800-53r5": ["SC-28"],
    checkov: [3, 8, 16, 26, 27, 29, 42, 43, 96].map((id) => `CKV_AWS_${id}` as const),
    trivy: ["AWS-0008"],
    "cdk-nag": ["EC26"],
  },
  remediation: "Switch encryption at rest on, with a customer-managed key.",
  url: "https://docs.aws.amazon.com/prescriptive-guidance/latest/encryption-best-practices/welcome.html",
  types: Object.keys(SWITCHES),
  check(resource, report) {
    report.each(SWITCHES[resource.type]?.(resource) ?? [], ([where, isOn]) => report.expect(where, isOn));
  },
});
