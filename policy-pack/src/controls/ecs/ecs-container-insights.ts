import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

/** The numbers per task that tell a leak from a busy day; they are billed as custom metrics. */
export const ecsContainerInsights = resourcePolicy({
  name: "ecs-container-insights",
  description: "Clusters report the metrics of their tasks",
  severity: "low",
  level: "advisory",
  controls: {
    fsbp: ["ECS.12"],
    "nist-800-53r5": ["CA-7"],
    checkov: ["CKV_AWS_65"],
    trivy: ["AWS-0034"],
    "cdk-nag": ["ECS4"],
  },
  remediation: "Add the setting containerInsights with the value enabled or enhanced.",
  url: securityHub("ECS.12"),
  types: ["aws:ecs/cluster:Cluster"],
  check(cluster, report) {
    const on = cluster
      .at("settings")
      .items()
      .some(
        (setting) =>
          setting.at("name").text() === "containerInsights" &&
          ["enabled", "enhanced"].includes(setting.at("value").text() ?? ""),
      );
    if (!on) report.violation("the setting containerInsights is not on");
  },
});
