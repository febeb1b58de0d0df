import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

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
