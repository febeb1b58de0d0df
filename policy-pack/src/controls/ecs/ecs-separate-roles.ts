import { resourcePolicy } from "../../frame/policy";

/** The agent's right to fetch every secret at start is not the program's right to fetch them at any time. */
export const ecsSeparateRoles = resourcePolicy({
  name: "ecs-separate-roles",
  description: "A task's role is not the role by which ECS starts it",
  severity: "medium",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6"], checkov: ["CKV_AWS_249"] },
  remediation: "Give taskRoleArn and executionRoleArn a role each.",
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html",
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    const [role, execution] = [task.at("taskRoleArn"), task.at("executionRoleArn")];
    if (role.isAbsent || execution.isAbsent) return;
    // Two unknown ARNs are those of two roles, or of one: only the stack's dependencies would tell, and they usually differ.
    if (role.isUnknown && execution.isUnknown) report.notApplicable("both roles are known only after deployment");
    if (role.text() === execution.text()) report.violation("taskRoleArn and executionRoleArn name the same role");
  },
});
