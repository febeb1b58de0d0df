import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";
import { containerTitle, containersOf } from "./containers";

/** What cannot be written cannot be changed by an intruder; scratch space is a volume. */
export const ecsReadonlyRoot = resourcePolicy({
  name: "ecs-readonly-root",
  description: "Containers cannot write to their root file system",
  severity: "medium",
  level: "advisory",
  controls: { fsbp: ["ECS.5"], "nist-800-53r5": ["CM-7"], checkov: ["CKV_AWS_336"] },
  remediation:
    "Set readonlyRootFilesystem to true in every container definition, and mount a volume where the program writes.",
  url: securityHub("ECS.5"),
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    report.each(containersOf(task), (container) => {
      const message = `${containerTitle(container)} may write to its root file system`;
      report.expect(container.at("readonlyRootFilesystem"), (readonly) => readonly.flag() === true, message);
    });
  },
});
