import { resourcePolicy } from "../../frame/policy";

/** The session and its log hold whatever was typed and shown, secrets included. */
export const ecsExecEncrypted = resourcePolicy({
  name: "ecs-exec-encrypted",
  description: "ECS Exec is encrypted with a customer-managed key, in transit and in its logs",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SC-13"], checkov: ["CKV_AWS_224"] },
  remediation:
    "Set kmsKeyId in executeCommandConfiguration, and cloudWatchEncryptionEnabled or s3BucketEncryptionEnabled in its logConfiguration.",
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html#ecs-exec-logging",
  types: ["aws:ecs/cluster:Cluster"],
  check(cluster, report) {
    const exec = cluster.at("configuration.executeCommandConfiguration");
    if (exec.isAbsent) report.notApplicable("ECS Exec is not configured");
    const key = exec.at("kmsKeyId");
    report.expect(key, () => key.isUnknown || Boolean(key.text()));
    report.guard(() => {
      const logs = exec.at("logConfiguration");
      const encrypted = ["cloudWatchEncryptionEnabled", "s3BucketEncryptionEnabled"].some(
        (flag) => logs.at(flag).flag() === true,
      );
      if (!encrypted) report.violation("logConfiguration encrypts neither CloudWatch nor S3");
    });
  },
});
