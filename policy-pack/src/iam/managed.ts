import { managedPolicies } from "../data/managed-policies";
import type { Report } from "../frame/report";
import { Value } from "../frame/value";
import type { ResourceView } from "../frame/view";
import { CLOUD_CONTROL, IDENTITY_TYPES, identityStatements } from "./sources";
import { memberOf, Statement } from "./statement";

/** Where each type names the managed policies that it hands out. */
const ATTACHMENTS: Readonly<Record<string, string>> = {
  "aws:iam/role:Role": "managedPolicyArns",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
  "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": "policyArns",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
  "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": "policyArns",
  "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
  "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": "managedPolicyArn",
  "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive": "managedPolicyArns",
};

/** The types of resource that attach managed policies. */
export const ATTACHMENT_TYPES: readonly string[] = [...Object.keys(ATTACHMENTS), CLOUD_CONTROL];

/** The types of resource that give an identity permissions: by a document or by an attachment. */
export const PERMISSION_TYPES: readonly string[] = [...new Set([...IDENTITY_TYPES, ...ATTACHMENT_TYPES])];

/** The ARNs of managed policies that the resource attaches; an unknown list is one unknown ARN. */
export function attachedArns(resource: ResourceView): Value[] {
  const path = ATTACHMENTS[resource.type];
  if (path !== undefined) return elements(resource.at(path));
  if (resource.type !== CLOUD_CONTROL || resource.at("typeName").isUnknown) return [];
  const type = resource.at("typeName").text() ?? "";
  if (!/^AWS::(?:IAM::(?:Role|User|Group)|SSO::PermissionSet)$/.test(type)) return [];
  const state = resource.at("desiredState").document();
  return elements(memberOf(state, type === "AWS::SSO::PermissionSet" ? "ManagedPolicies" : "ManagedPolicyArns"));
}

function elements(list: Value): Value[] {
  return list.isUnknown ? [list] : list.items();
}

/**
 * The folder and name in the ARN of an AWS-managed policy, in any partition; undefined for other
 * ARNs. Throws when it is unknown.
 */
export function awsManaged(arn: Value): { readonly folder: string; readonly name: string } | undefined {
  const [, folder = "", name] = /^arn:[^:]*:iam::aws:policy\/(.*\/)?([^/]+)$/.exec(arn.text()?.trim() ?? "") ?? [];
  return name === undefined ? undefined : { folder, name };
}

/**
 * The statements of an AWS-managed policy, as far as the pack asks for their actions. A policy that
 * the table does not have is reported as undeterminable.
 */
export function managedStatements(name: string, arn: Value, report: Report): Statement[] {
  const { newest, policies } = managedPolicies();
  const statements = Object.hasOwn(policies, name) ? policies[name] : undefined;
  if (statements === undefined)
    report.undeterminable(arn, `names ${name}, which is not among AWS's policies of ${newest}`);
  return (statements ?? []).map((statement) => new Statement(Value.of(statement, `${arn.path} (${name})`)));
}

/**
 * The statements of every permission that the resource gives: of the AWS-managed policies it
 * attaches, and of its own documents. A wholly unknown ARN is that of a policy in the program, which
 * is judged itself; `iam-no-session-granting-managed-policy` reports it.
 */
export function permissionStatements(resource: ResourceView, report: Report): Statement[] {
  const statements: Statement[] = [];
  report.guard(() => {
    for (const arn of attachedArns(resource).filter(({ isUnknown }) => !isUnknown)) {
      report.guard(() => {
        const managed = awsManaged(arn);
        if (managed) statements.push(...managedStatements(managed.name, arn, report));
      });
    }
  });
  report.guard(() => void statements.push(...identityStatements(resource)));
  return statements;
}
