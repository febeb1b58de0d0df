import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";
import { containerTitle, containersOf } from "./containers";

/** A process that breaks out of its container keeps the user it had inside. */
export const ecsNoRootUser = resourcePolicy({
  name: "ecs-no-root-user",
  description: "Containers do not run as root",
  severity: "medium",
  level: "advisory",
  controls: { fsbp: ["ECS.20"], "nist-800-53r5": ["AC-6"] },
  remediation: 'Set user in the container definition to a user of the image other than root, such as "1000".',
  url: securityHub("ECS.20"),
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    report.each(containersOf(task), (container) => {
      const user = container.at("user");
      report.expect(
        user,
        () => !/^(?:root|0)(?::|$)/.test(user.text() ?? ""),
        `${containerTitle(container)} runs as root`,
      );
    });
  },
});
