import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

/** Virtual keys and prompts pass through the cache; inside a VPC is not encrypted. */
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
