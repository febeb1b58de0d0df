import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";
import { containerTitle, containersOf } from "./containers";

/** In the host's namespaces a container sees and signals every process, and reads the memory that they share. */
export const ecsNoHostNamespace = resourcePolicy({
  name: "ecs-no-host-namespace",
  description: "Tasks share no namespace with their host",
  severity: "high",
  level: "mandatory",
  controls: { fsbp: ["ECS.1", "ECS.3", "ECS.17"], "nist-800-53r5": ["AC-6"], checkov: ["CKV_AWS_335"] },
  remediation: 'Leave pidMode and ipcMode out, and set networkMode to "awsvpc".',
  url: securityHub("ECS.3"),
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    for (const key of ["pidMode", "ipcMode", "networkMode"])
      report.expect(task.at(key), (mode) => mode.text() !== "host");
    report.each(containersOf(task), (container) => {
      for (const key of ["pidMode", "ipcMode"]) {
        report.expect(
          container.at(key),
          (mode) => mode.text() !== "host",
          `${containerTitle(container)} asks for the host's ${key}`,
        );
      }
    });
  },
});
