import type { StackContext } from "../kit";
import { planCisFilters } from "./cis-filters";
import { callsOf, events, notBy, type SecurityFilter } from "./filter-pattern";
import { workloadFilters } from "./workload-filters";

/**
 * Roles that a person took. Of the deployer's, only the protected workflow's sessions are everyday work: they come by
 * AssumeRoleWithWebIdentity under the subject of the repository's environment.
 * @param workflow that subject; undefined: no workflow deploys
 */
function rolesByHand(context: StackContext, workflow: string | undefined): readonly SecurityFilter[] {
  const { arns, names, organization } = context;
  const every = context.of("*").names;
  const taken = (name: string, not = false) => `($.requestParameters.roleArn ${not ? "!=" : "="} "${arns.role(name)}")`;
  const others = workflow && `(($.userIdentity.userName NOT EXISTS) || ($.userIdentity.userName != "${workflow}"))`;
  const deployer = taken(names.deployerRole());
  const people = [
    ...[names.breakGlassRole(), names.deployerRole(), names.auditWorkflowRole(), names.operatorRole()],
    ...[names.auditorRole(), every.sessionRole(), every.leadRole()],
  ];
  return [
    {
      noun: "break-glass",
      description: "The break-glass role, or the deployer's role by hand, was taken on: ask who and why",
      pattern:
        `{ ($.eventName = "AssumeRole*") && ($.errorCode NOT EXISTS) && ` +
        `(${taken(names.breakGlassRole())} || ${others === undefined ? deployer : `(${deployer} && ${others})`}) }`,
    },
    {
      noun: "workload-role-by-hand",
      description: "A workload's role was taken on by something other than its service: ask who and why",
      pattern:
        `{ ($.eventName = "AssumeRole*") && ($.errorCode NOT EXISTS) && ($.userIdentity.type != "AWSService") && ` +
        `${taken(`${organization}-*`)} && ${people.map((name) => taken(name, true)).join(" && ")} }`,
    },
  ];
}

/** Filters beyond CIS: sessions, keys and models of this system. */
function ownFilters(context: StackContext, workflow: string | undefined): readonly SecurityFilter[] {
  const { arns, names } = context;
  const every = context.of("*").names;
  const roles = arns.role(`${context.organization}-*`);
  const deployer = names.deployerRole();
  return [
    {
      noun: "assume-role-without-mfa",
      description: "A person took on a role without evidence of MFA",
      pattern:
        `{ ($.eventName = "AssumeRole") && ($.userIdentity.type = "IAMUser") && ($.requestParameters.roleArn = "${roles}") && ` +
        `($.errorCode NOT EXISTS) && ($.requestParameters.serialNumber NOT EXISTS) && ` +
        `(($.userIdentity.sessionContext.attributes.mfaAuthenticated NOT EXISTS) || ($.userIdentity.sessionContext.attributes.mfaAuthenticated = "false")) }`,
    },
    ...rolesByHand(context, workflow),
    {
      noun: "virtual-key-read",
      description: "A virtual key was read by something other than its workspace or the functions that keep it",
      pattern:
        `{ ($.eventName = "GetSecretValue") && ($.requestParameters.secretId = "*/virtual-key*") && ($.errorCode NOT EXISTS) && ` +
        `${notBy(names.workspaceRole("*"), ...["key-rotation", "access-reconciler", "key-admin"].map(every.role))} }`,
    },
    {
      noun: "model-past-gateway",
      description: "A model was invoked by something other than the gateway",
      pattern:
        `{ ($.eventSource = "bedrock.amazonaws.com") && (((${events("InvokeModel*", "Converse*")}) && ${notBy(every.role("gateway-task"))}) || ` +
        `(($.eventName = "CreateModelInvocationJob") && ${notBy(every.role("batch-runner"))})) }`,
    },
    {
      noun: "session-document-changes",
      description: "A session document was changed, shared or deleted",
      pattern: callsOf(
        "ssm",
        ["UpdateDocument", "UpdateDocumentDefaultVersion", "ModifyDocumentPermission", "DeleteDocument"],
        deployer,
      ),
    },
    {
      noun: "other-shell-doors",
      description: "A shell was asked for by another way than Session Manager",
      pattern: `{ (${events("SendCommand", "StartAutomationExecution", "SendSSHPublicKey", "SendSerialConsoleSSHPublicKey", "EnableSerialConsoleAccess", "ExecuteCommand", "CreateAssociation*", "UpdateAssociation", "OpenTunnel", "RegisterTaskWithMaintenanceWindow")}) }`,
    },
    {
      noun: "bedrock-keys",
      description: "A long-lived Bedrock API key was made, or invocation logging was changed",
      pattern:
        `{ (($.eventName = "CreateServiceSpecificCredential") && ($.requestParameters.serviceName = "bedrock.amazonaws.com")) || ` +
        `($.eventName = "DeleteModelInvocationLoggingConfiguration") || ` +
        `(($.eventName = "PutModelInvocationLoggingConfiguration") && ${notBy(deployer)}) }`,
    },
  ];
}

/**
 * Every filter of the account's trail, in a fixed order.
 * @param workflow subject of the protected workflow's tokens; undefined: none deploys
 */
export function planSecurityFilters(context: StackContext, workflow?: string): readonly SecurityFilter[] {
  return [
    ...planCisFilters(context.names.deployerRole()),
    ...ownFilters(context, workflow),
    ...workloadFilters(context),
  ];
}
