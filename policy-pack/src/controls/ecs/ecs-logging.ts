import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";
import { containerTitle, containersOf } from "./containers";

/** A container without a log driver takes its last words with it. */
export const ecsLogging = resourcePolicy({
  name: "ecs-logging",
  description: "Every container has a log driver",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["ECS.9"], "nist-800-53r5": ["AU-12"], "cdk-nag": ["ECS7"] },
  remediation: "Set logConfiguration in every container definition, such as awslogs with an encrypted log group.",
  url: securityHub("ECS.9"),
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    report.each(containersOf(task), (container) => {
      const driver = container.at("logConfiguration.logDriver");
      report.expect(
        driver,
        () => driver.isUnknown || Boolean(driver.text()),
        `${containerTitle(container)} has no log driver`,
      );
    });
  },
});
