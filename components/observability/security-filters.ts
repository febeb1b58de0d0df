import type { StackContext } from "../kit";
import { callsOf, cisFilters, events, type SecurityFilter } from "./cis-filters";

/** Filters beyond CIS: sessions, keys and models of this system. */
function ownFilters(context: StackContext): readonly SecurityFilter[] {
  const { arns, names } = context;
  const every = context.of("*").names;
  const roles = arns.role(`${context.organization}-*`);
  const issuer = "$.userIdentity.sessionContext.sessionIssuer.userName";
  return [
    {
      noun: "assume-role-without-mfa",
      description: "A person took on a role without evidence of MFA",
      pattern:
        `{ ($.eventName = "AssumeRole") && ($.userIdentity.type = "IAMUser") && ($.requestParameters.roleArn = "${roles}") && ` +
        `($.errorCode NOT EXISTS) && ($.requestParameters.serialNumber NOT EXISTS) && ` +
        `(($.userIdentity.sessionContext.attributes.mfaAuthenticated NOT EXISTS) || ($.userIdentity.sessionContext.attributes.mfaAuthenticated = "false")) }`,
    },
    {
      noun: "break-glass",
      description: "The infrastructure team's role was taken on outside the protected workflow",
      pattern: `{ ($.eventName = "AssumeRole*") && ($.errorCode NOT EXISTS) && ($.requestParameters.roleArn = "${arns.role(names.operatorRole())}") }`,
    },
    {
      noun: "virtual-key-read",
      description: "A virtual key was read by something other than its workspace or the functions that keep it",
      pattern:
        `{ ($.eventName = "GetSecretValue") && ($.requestParameters.secretId = "*/virtual-key*") && ($.errorCode NOT EXISTS) && ` +
        `(${issuer} != "${names.workspaceRole("*")}") && (${issuer} != "${every.role("key-rotation")}") && ` +
        `(${issuer} != "${every.role("access-reconciler")}") && (${issuer} != "${every.role("key-admin")}") }`,
    },
    {
      noun: "model-past-gateway",
      description: "A model was invoked by something other than the gateway",
      pattern:
        `{ ($.eventSource = "bedrock.amazonaws.com") && (${events("InvokeModel*", "Converse*")}) && ` +
        `(${issuer} != "${every.role("gateway-task")}") }`,
    },
    {
      noun: "session-document-changes",
      description: "A session document was changed, shared or deleted",
      pattern: callsOf(
        "ssm",
        "UpdateDocument",
        "UpdateDocumentDefaultVersion",
        "ModifyDocumentPermission",
        "DeleteDocument",
      ),
    },
    {
      noun: "other-shell-doors",
      description: "A shell was asked for by another way than Session Manager",
      pattern: `{ (${events("SendCommand", "StartAutomationExecution", "SendSSHPublicKey", "SendSerialConsoleSSHPublicKey", "EnableSerialConsoleAccess", "ExecuteCommand")}) }`,
    },
    {
      noun: "bedrock-keys",
      description: "A long-lived Bedrock API key was made, or invocation logging was changed",
      pattern:
        `{ (($.eventName = "CreateServiceSpecificCredential") && ($.requestParameters.serviceName = "bedrock.amazonaws.com")) || ` +
        `($.eventName = "PutModelInvocationLoggingConfiguration") || ($.eventName = "DeleteModelInvocationLoggingConfiguration") }`,
    },
  ];
}

/** Every filter of the account's trail, in a fixed order. */
export function planSecurityFilters(context: StackContext): readonly SecurityFilter[] {
  return [...cisFilters, ...ownFilters(context)];
}
