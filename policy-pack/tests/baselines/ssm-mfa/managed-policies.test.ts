import { iamNoSessionGrantingManagedPolicy } from "../../../src/baselines/ssm-mfa/iam-no-session-granting-managed-policy";
import { cases, UNKNOWN } from "../../support";
import { ROLE } from "./shapes";

describe("MFA on sessions: managed policies", () => {
  const arn = (name: string): string => `arn:aws:iam::aws:policy/${name}`;
  cases(iamNoSessionGrantingManagedPolicy, {
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    passes: {
      "reading rights": { policyArn: arn("ReadOnlyAccess") },
      "the agent's own": { policyArn: arn("AmazonSSMManagedInstanceCore") },
      "one's own of the same name": { policyArn: "arn:aws:iam::111122223333:policy/PowerUserAccess" },
      "a service's role": { policyArn: arn("service-role/AWSBackupServiceRolePolicyForBackup") },
      "no policy": {},
    },
    fails: {
      administrator: { policyArn: arn("AdministratorAccess") },
      "power user": { policyArn: arn("PowerUserAccess") },
      "another partition": { policyArn: "arn:aws-cn:iam::aws:policy/AmazonSSMFullAccess" },
      "a policy in a folder": { policyArn: arn("service-role/AmazonSSMAutomationRole") },
    },
    unknown: { "an ARN that is not known": { policyArn: UNKNOWN } },
  });
  cases(iamNoSessionGrantingManagedPolicy, {
    type: ROLE,
    passes: { "other policies": { managedPolicyArns: [arn("ReadOnlyAccess")] } },
    both: { "one beside an ARN that is not known": { managedPolicyArns: [UNKNOWN, arn("AdministratorAccess")] } },
  });
  for (const type of [
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
  ]) {
    cases(iamNoSessionGrantingManagedPolicy, {
      type,
      passes: { [`nothing bad in ${type}`]: { policyArn: arn("ReadOnlyAccess") } },
      fails: { [`commands in ${type}`]: { policyArn: arn("service-role/AWSBackupServiceRolePolicyForBackup") } },
    });
  }
  cases(iamNoSessionGrantingManagedPolicy, {
    type: "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
    fails: { "a permission set": { managedPolicyArn: arn("AdministratorAccess") } },
  });
});
