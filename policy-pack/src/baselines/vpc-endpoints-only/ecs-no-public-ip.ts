import { resourcePolicy } from "../../frame/policy";
import type { Value } from "../../frame/value";
import { securityHub } from "../../shared/security-hub";

/** Where each type says that a task gets a public address. */
const PATHS: Readonly<Record<string, string>> = {
  "aws:ecs/service:Service": "networkConfiguration.assignPublicIp",
  "aws:ecs/taskSet:TaskSet": "networkConfiguration.assignPublicIp",
  "aws:cloudwatch/eventTarget:EventTarget": "ecsTarget.networkConfiguration.assignPublicIp",
  "aws:scheduler/schedule:Schedule": "target.ecsParameters.networkConfiguration.assignPublicIp",
  "aws:pipes/pipe:Pipe": "targetParameters.ecsTaskParameters.networkConfiguration.awsVpcConfiguration.assignPublicIp",
  "awsx:ecs:FargateService": "networkConfiguration.assignPublicIp",
  "awsx:ecs:EC2Service": "networkConfiguration.assignPublicIp",
};

const isOpen = (assigned: Value): boolean => assigned.flag() === true || assigned.text()?.toUpperCase() === "ENABLED";

/** Tasks with a public address leave the VPC without asking it. */
export const ecsNoPublicIp = resourcePolicy({
  name: "ecs-no-public-ip",
  description: "Container tasks get no public address",
  severity: "critical",
  level: "mandatory",
  controls: { baseline: ["vpc-endpoints-only"], fsbp: ["ECS.2"], "nist-800-53r5": ["SC-7"], checkov: ["CKV_AWS_333"] },
  remediation: "Set assignPublicIp to false and place the tasks in private subnets.",
  url: securityHub("ECS.2"),
  types: Object.keys(PATHS),
  check(task, report) {
    report.expect(task.at(PATHS[task.type] ?? ""), (assigned) => !isOpen(assigned));
  },
});
