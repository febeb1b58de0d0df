import { resourcePolicy } from "../../frame/policy";

/** If a shell is opened at all, what was typed must be known. */
export const ecsExecLogged = resourcePolicy({
  name: "ecs-exec-logged",
  description: "Clusters log what is done through ECS Exec",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-17", "AU-14"], checkov: ["CKV_AWS_223"] },
  remediation:
    'Set configuration.executeCommandConfiguration.logging to "OVERRIDE" with a logConfiguration, and never to "NONE".',
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html#ecs-exec-logging",
  types: ["aws:ecs/cluster:Cluster"],
  check(cluster, report) {
    report.expect(
      cluster.at("configuration.executeCommandConfiguration.logging"),
      (logging) => logging.text() !== "NONE",
    );
  },
});
