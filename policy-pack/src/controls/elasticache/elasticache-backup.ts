import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

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
