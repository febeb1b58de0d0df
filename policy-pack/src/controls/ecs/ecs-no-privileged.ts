import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";
import { containerTitle, containersOf } from "./containers";

/** A privileged container is root on its host, and everything else on that host is its own. */
export const ecsNoPrivileged = resourcePolicy({
  name: "ecs-no-privileged",
  description: "Containers run without the host's privileges",
  severity: "high",
  level: "mandatory",
  controls: {
    fsbp: ["ECS.4"],
    "nist-800-53r5": ["AC-6"],
    checkov: ["CKV_AWS_334"],
    "cdk-nag": ["R5-ECSTaskDefinitionUserForHostMode"],
  },
  remediation: "Remove privileged from the container definition, and ALL or SYS_ADMIN from the capabilities it adds.",
  url: securityHub("ECS.4"),
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    report.each(containersOf(task), (container) => {
      const title = containerTitle(container);
      report.expect(container.at("privileged"), (privileged) => privileged.flag() !== true, `${title} is privileged`);
      report.each(container.at("linuxParameters.capabilities.add"), (capability) => {
        const name = capability.text() ?? "";
        if (["ALL", "SYS_ADMIN"].includes(name)) report.violation(`${title} adds the capability ${name}`);
      });
    });
  },
});
