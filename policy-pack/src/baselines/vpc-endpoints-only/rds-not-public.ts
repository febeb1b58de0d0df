import { securityHub } from "../../shared/security-hub";
import { notTrue, servicePolicy, type Setting } from "./service-policy";

const address = notTrue("publiclyAccessible");

const DATABASES: Readonly<Record<string, Setting>> = {
  "aws:rds/instance:Instance": address,
  "aws:rds/clusterInstance:ClusterInstance": address,
  "aws:rds/cluster:Cluster": address,
  "aws:rds/shardGroup:ShardGroup": address,
};

/** Databases with an address on the internet. */
export const rdsNotPublic = servicePolicy(
  {
    name: "rds-not-public",
    description: "Databases are not reachable from the internet",
    severity: "critical",
    controls: {
      baseline: ["vpc-endpoints-only"],
      fsbp: ["RDS.2"],
      "cis-aws-3.0": ["2.3.3"],
      "nist-800-53r5": ["SC-7"],
      checkov: ["CKV_AWS_17"],
      trivy: ["AWS-0180"],
      "cdk-nag": ["R5-RDSInstancePublicAccess"],
    },
    remediation: "Leave publiclyAccessible out or set it to false.",
    url: securityHub("RDS.2"),
  },
  DATABASES,
);
