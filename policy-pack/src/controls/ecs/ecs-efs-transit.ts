import { resourcePolicy } from "../../frame/policy";

/** NFS by itself is neither encrypted nor authenticated. */
export const ecsEfsTransit = resourcePolicy({
  name: "ecs-efs-transit",
  description: "Tasks reach EFS volumes through TLS",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SC-8"], checkov: ["CKV_AWS_97"] },
  remediation: 'Set efsVolumeConfiguration.transitEncryption to "ENABLED".',
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html",
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    report.each(task.at("volumes"), (volume) => {
      const efs = volume.at("efsVolumeConfiguration");
      if (efs.isSet) report.expect(efs.at("transitEncryption"), (encryption) => encryption.text() === "ENABLED");
    });
  },
});
