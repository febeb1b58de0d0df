import { isDocument, mfaPolicy } from "./mfa-policy";

/** Run Command executes commands without a session. */
export const ssmNoRuncommandForHumans = mfaPolicy(
  {
    name: "ssm-no-runcommand-for-humans",
    description: "Commands, automations and associations are started with MFA only",
    severity: "high",
    controls: { baseline: ["ssm-mfa"], "nist-800-53r5": ["AC-6"] },
    url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command.html",
  },
  [
    "ssm:SendCommand",
    "ssm:StartAutomationExecution",
    "ssm:StartChangeRequestExecution",
    "ssm:CreateAssociation",
    "ssm:CreateAssociationBatch",
    "ssm:UpdateAssociation",
  ],
  isDocument,
);
