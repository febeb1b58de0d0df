import { resourcePolicy } from "../../frame/policy";
import type { Value } from "../../frame/value";
import { securityHub } from "../urls";

/** Without authentication whoever reaches the port reads every cached key. */
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
