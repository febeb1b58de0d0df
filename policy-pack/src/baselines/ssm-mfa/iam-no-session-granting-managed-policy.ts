import { WITHDRAWN_SHELLS } from "../../data/managed-policies";
import { resourcePolicy } from "../../frame/policy";
import type { Report } from "../../frame/report";
import type { Value } from "../../frame/value";
import { ATTACHMENT_TYPES, attachedArns, awsManaged, managedStatements } from "../../iam/managed";
import type { Statement } from "../../iam/statement";

/** Actions that open a session, run commands in a container, or use Instance Connect. */
const SESSIONS = [
  "ssm:StartSession",
  "ssm:ResumeSession",
  "ecs:ExecuteCommand",
  "ec2-instance-connect:SendSSHPublicKey",
  "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
  "ec2-instance-connect:OpenTunnel",
];
/** Actions that run commands on instances; a condition chooses the instances. */
const COMMANDS = ["ssm:SendCommand", "ssm:StartAutomationExecution"];

/** The types that attach to roles only. */
const TO_ROLE = /^aws:iam\/role/;

/** No one can put an MFA condition into a policy that AWS writes. */
export const iamNoSessionGrantingManagedPolicy = resourcePolicy({
  name: "iam-no-session-granting-managed-policy",
  description: "No AWS-managed policy that opens a shell is attached",
  severity: "critical",
  level: "mandatory",
  controls: {
    baseline: ["ssm-mfa"],
    fsbp: ["IAM.1"],
    "cis-aws-3.0": ["1.16"],
    "nist-800-53r5": ["AC-6"],
    checkov: ["CKV_AWS_274"],
    "cdk-nag": ["IAM4"],
  },
  remediation: "Attach a policy of your own with the few actions needed, and MFA asked for where a session is opened.",
  url: "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html",
  types: ATTACHMENT_TYPES,
  check(resource, report) {
    report.each(attachedArns(resource), (arn) => {
      if (opensShell(arn, TO_ROLE.test(resource.type), report))
        report.violation(`${arn.path} attaches ${awsManaged(arn)?.name ?? ""}`);
    });
  },
});

/** Whether an AWS-managed policy opens a shell. A service role may run the commands that are its service. */
function opensShell(arn: Value, toRole: boolean, report: Report): boolean {
  const managed = awsManaged(arn);
  if (managed === undefined) return false;
  if (WITHDRAWN_SHELLS.has(managed.name)) return true;
  const statements = managedStatements(managed.name, arn, report).filter(({ allows }) => allows);
  const grants = (statement: Statement, actions: readonly string[]): boolean =>
    actions.some((action) => statement.matchesAction(action) === true);
  const forService = toRole && managed.folder.endsWith("service-role/");
  return statements.some(
    (statement) =>
      grants(statement, SESSIONS) ||
      (!forService && statement.member("Condition").isAbsent && grants(statement, COMMANDS)),
  );
}
