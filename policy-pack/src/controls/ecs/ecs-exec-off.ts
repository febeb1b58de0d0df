import { resourcePolicy } from "../../frame/policy";
import { set } from "../remedy";

/** ECS Exec opens a shell in a container of the gateway, past Session Manager's MFA and documents. */
export const ecsExecOff = resourcePolicy({
  name: "ecs-exec-off",
  description: "Nobody can open a shell in a service's containers",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-17"] },
  remediation: "Remove enableExecuteCommand. Where a fault demands it, switch it on with an exemption that ends soon.",
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
  types: ["aws:ecs/service:Service"],
  check(service, report) {
    report.expect(service.at("enableExecuteCommand"), (enabled) => enabled.flag() !== true);
  },
  remediate(inputs) {
    return "enableExecuteCommand" in inputs && set(inputs, { enableExecuteCommand: false });
  },
});
