import { resourcePolicy } from "../frame/policy";
import type { Value } from "../frame/value";
import { securityHub } from "../shared/security-hub";

/** Without authentication everyone who reaches the port can read every cached key. */
export const elasticacheAuth = resourcePolicy({
  name: "elasticache-auth",
  description: "Caches authenticate their clients",
  severity: "high",
  level: "mandatory",
  controls: { fsbp: ["ElastiCache.6"], "nist-800-53r5": ["IA-2"], checkov: ["CKV_AWS_31"], "cdk-nag": ["AEC6"] },
  remediation: "Set authToken, or userGroupIds with users that have a password or IAM authentication.",
  url: securityHub("ElastiCache.6"),
  types: [
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:elasticache/serverlessCache:ServerlessCache",
    "aws:elasticache/user:User",
  ],
  check(cache, report) {
    if (cache.type.endsWith(":User")) {
      report.expect(cache.at("noPasswordRequired"), (open) => open.flag() !== true);
      report.expect(cache.at("authenticationMode.type"), (mode) => mode.text() !== "no-password-required");
      return;
    }
    const proofs = ["authToken", "authTokenWo", "userGroupIds", "userGroupId"].map((key) => cache.at(key));
    const isEmpty = (value: Value): boolean =>
      value.isAbsent || (!value.isUnknown && (value.known() === "" || value.items().length === 0));
    if (proofs.every(isEmpty)) report.violation("neither authToken nor a user group is set");
  },
});

/** Snapshots bring back what the cache alone holds, such as queued jobs. */
export const elasticacheBackup = resourcePolicy({
  name: "elasticache-backup",
  description: "Caches are backed up every day",
  severity: "low",
  level: "advisory",
  controls: { fsbp: ["ElastiCache.1"], "nist-800-53r5": ["CP-9"], checkov: ["CKV_AWS_134"], trivy: ["AWS-0050"] },
  remediation: "Set snapshotRetentionLimit to at least 1 day.",
  url: securityHub("ElastiCache.1"),
  types: [
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:elasticache/cluster:Cluster",
    "aws:elasticache/serverlessCache:ServerlessCache",
  ],
  check(cache, report) {
    if (cache.at("replicationGroupId").isSet && cache.type.endsWith(":Cluster"))
      report.notApplicable("a member of a replication group");
    // Memcached has no snapshots.
    report.expect(
      cache.at("snapshotRetentionLimit"),
      (days) => (days.number() ?? 0) >= 1 || cache.at("engine").text() === "memcached",
    );
  },
});

/** With a replica in another zone the queue of requests survives the loss of one. */
export const elasticacheFailover = resourcePolicy({
  name: "elasticache-failover",
  description: "Replication groups fail over to another zone by themselves",
  severity: "low",
  level: "advisory",
  controls: { fsbp: ["ElastiCache.3"], "nist-800-53r5": ["CP-10"], checkov: ["CKV2_AWS_50"], "cdk-nag": ["AEC4"] },
  remediation: "Set automaticFailoverEnabled to true, with at least one replica.",
  url: securityHub("ElastiCache.3"),
  types: ["aws:elasticache/replicationGroup:ReplicationGroup"],
  check(group, report) {
    report.expect(group.at("automaticFailoverEnabled"), (on) => on.flag() === true);
  },
});

/** Virtual keys and prompts pass through the cache, and a VPC does not encrypt traffic. */
export const elasticacheTransit = resourcePolicy({
  name: "elasticache-transit",
  description: "Caches encrypt traffic and refuse plain connections",
  severity: "high",
  level: "mandatory",
  controls: {
    fsbp: ["ElastiCache.5"],
    "nist-800-53r5": ["SC-8"],
    checkov: ["CKV_AWS_30", "CKV_AWS_31"],
    trivy: ["AWS-0051"],
    "cdk-nag": ["AEC3"],
  },
  remediation: "Set transitEncryptionEnabled to true and leave transitEncryptionMode out or at required.",
  url: securityHub("ElastiCache.5"),
  types: ["aws:elasticache/replicationGroup:ReplicationGroup", "aws:elasticache/cluster:Cluster"],
  check(cache, report) {
    if (cache.type.endsWith(":Cluster") && cache.at("replicationGroupId").isSet)
      report.notApplicable("a member of a replication group");
    report.expect(cache.at("transitEncryptionEnabled"), (enabled) => enabled.flag() === true);
    report.expect(cache.at("transitEncryptionMode"), (mode) => mode.text() !== "preferred");
  },
});
