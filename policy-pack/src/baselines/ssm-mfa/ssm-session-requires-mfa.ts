import { resourcePolicy, type ResourcePolicy } from "../../frame/policy";
import type { Statement } from "../../iam/statement";
import { statementsOf } from "../../iam/statement";
import { grantsWithoutMfa } from "../../iam/mfa";
import { identityDocuments, IDENTITY_TYPES } from "../../iam/sources";
import { holdingOf } from "../../iam/trust";
import { MFA_MODE, mfaModeOf, permissionsAskMfa } from "./mode";

/** A document alone opens nothing: the call needs the machine as well. */
const isDocument = (resource: string): boolean => /^arn:[^:]*:ssm:[^:]*:[^:]*:document\//.test(resource);

/** A policy that actions are granted with MFA only; each Allow is read together with the Deny statements beside it. */
function mfaPolicy(
  facts: Pick<ResourcePolicy, "name" | "description" | "severity" | "controls" | "url">,
  actions: readonly string[],
  isHarmless: (resource: string) => boolean = () => false,
): ResourcePolicy {
  return resourcePolicy({
    ...facts,
    level: "mandatory",
    remediation:
      'Add Bool {"aws:MultiFactorAuthPresent": "true"} or NumericLessThan on aws:MultiFactorAuthAge to the Allow, or take the action out.',
    types: IDENTITY_TYPES,
    config: MFA_MODE,
    check(resource, report, config) {
      const mode = mfaModeOf(config);
      const holding = holdingOf(resource);
      if (holding === "services") report.notApplicable("only AWS services assume the role");
      if (holding === "mfa") report.notApplicable("the role's trust policy asks for MFA");
      const documents = identityDocuments(resource).filter(
        ({ holder }) => holding === "machines" || permissionsAskMfa(holder, mode),
      );
      if (documents.length === 0) report.notApplicable("no permissions here must ask for MFA themselves");
      const statements: Statement[] = [];
      report.each(documents, ({ document }) => void statements.push(...statementsOf(document)));
      for (const action of actions) {
        for (const { statement, certain } of grantsWithoutMfa(statements, action, isHarmless)) {
          report.decide(
            certain || "unknown",
            statement.value,
            `${statement.value.path || "the statement"} allows ${action} without MFA`,
          );
        }
      }
    },
  });
}

/** Whoever opens a session has a shell. */
export const ssmSessionRequiresMfa = mfaPolicy(
  {
    name: "ssm-session-requires-mfa",
    description: "Sessions are opened and resumed with MFA only",
    severity: "critical",
    controls: {
      baseline: ["ssm-mfa"],
      fsbp: ["IAM.19"],
      "cis-aws-3.0": ["1.10"],
      "nist-800-53r5": ["IA-2(1)", "AC-17"],
      trivy: ["AWS-0123"],
    },
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
  },
  ["ssm:StartSession", "ssm:ResumeSession"],
  isDocument,
);

/** Whoever sends commands needs no session. */
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

/** The other doors to a shell. */
export const ssmNoAlternateShell = mfaPolicy(
  {
    name: "ssm-no-alternate-shell",
    description: "Other ways to a shell ask for MFA as well",
    severity: "high",
    controls: { baseline: ["ssm-mfa"], "nist-800-53r5": ["AC-17"] },
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
  },
  [
    "ecs:ExecuteCommand",
    "ec2-instance-connect:SendSSHPublicKey",
    "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
    "ec2-instance-connect:OpenTunnel",
    "ssm-guiconnect:StartConnection",
    "sagemaker:StartSession",
    "lightsail:GetInstanceAccessDetails",
    "gamelift:GetComputeAccess",
    "gamelift:GetInstanceAccess",
  ],
);
