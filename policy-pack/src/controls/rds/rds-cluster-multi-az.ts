import { stackPolicy } from "../../frame/policy";
import { securityHub } from "../urls";

/** An Aurora cluster keeps its data in three zones, and serves it from as many as it has instances. */
export const rdsClusterMultiAz = stackPolicy({
  name: "rds-cluster-multi-az",
  description: "Database clusters have an instance to fail over to",
  severity: "low",
  level: "advisory",
  controls: { fsbp: ["RDS.15"], "nist-800-53r5": ["CP-10"] },
  remediation: "Add a second aws.rds.ClusterInstance to the cluster.",
  url: securityHub("RDS.15"),
  types: ["aws:rds/cluster:Cluster"],
  checkStack(stack, report) {
    report.eachResource(stack.ofType("aws:rds/cluster:Cluster"), (cluster) => {
      const { found, unsure } = stack.companions(
        cluster,
        "aws:rds/clusterInstance:ClusterInstance",
        "clusterIdentifier",
      );
      const [reference] = unsure;
      if (found.length >= 2 || cluster.at("dbClusterInstanceClass").isSet) return;
      if (reference) report.undeterminable(reference, "is not known yet and may name this cluster");
      else report.violation(`the cluster has ${found.length} ${found.length === 1 ? "instance" : "instances"}`);
    });
  },
});
