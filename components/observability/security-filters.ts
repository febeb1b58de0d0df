import type { StackContext } from "../kit";

/** A kind of event in the trail that sets off an alarm. */
export interface SecurityFilter {
  /** Part of names and the metric's name, e.g. `root-use`. */
  readonly noun: string;
  /** What happened and what to do first, for the mail. */
  readonly description: string;
  /** CloudWatch Logs filter pattern over CloudTrail's JSON. 1,024 characters at most. */
  readonly pattern: string;
}

const any = (field: string, values: readonly string[]) => values.map((value) => `(${field} = "${value}")`).join(" || ");
const events = (...eventNames: readonly string[]) => any("$.eventName", eventNames);
const of = (source: string, ...eventNames: readonly string[]) =>
  `{ ($.eventSource = "${source}.amazonaws.com") && (${events(...eventNames)}) }`;

/** The alarms of CIS AWS Foundations 3.0, section 4 (4.1 to 4.15). */
const foundations: readonly SecurityFilter[] = [
  {
    noun: "unauthorized-calls",
    description: "Calls were refused: look for a role that tries what it may not",
    pattern: '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
  },
  {
    noun: "console-without-mfa",
    description: "Somebody signed in to the console without MFA",
    pattern:
      '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
  },
  {
    noun: "root-use",
    description: "The root user was used: nothing here needs it",
    pattern:
      '{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != "AwsServiceEvent") }',
  },
  {
    noun: "iam-changes",
    description: "IAM policies changed outside of what a deployment shows",
    pattern: of(
      "iam",
      ...["Delete", "Put"].flatMap((verb) => ["Group", "Role", "User"].map((kind) => `${verb}${kind}Policy`)),
      ...["Attach", "Detach"].flatMap((verb) => ["Group", "Role", "User"].map((kind) => `${verb}${kind}Policy`)),
      "CreatePolicy",
      "DeletePolicy",
      "CreatePolicyVersion",
      "DeletePolicyVersion",
      "UpdateAssumeRolePolicy",
      "DeleteRolePermissionsBoundary",
    ),
  },
  {
    noun: "trail-changes",
    description: "The trail was changed or stopped",
    pattern: of(
      "cloudtrail",
      "CreateTrail",
      "UpdateTrail",
      "DeleteTrail",
      "StartLogging",
      "StopLogging",
      "PutEventSelectors",
    ),
  },
  {
    noun: "console-failures",
    description: "Failed sign-ins to the console",
    pattern: '{ ($.eventName = "ConsoleLogin") && ($.errorMessage = "Failed authentication") }',
  },
  {
    noun: "key-disabling",
    description: "A customer-managed key was disabled or set to be deleted: cancel it within the waiting period",
    pattern: of("kms", "DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy"),
  },
  {
    noun: "bucket-policy-changes",
    description: "A bucket's policy, encryption, lock or public access block changed",
    pattern: of(
      "s3",
      "PutBucketAcl",
      "PutBucketPolicy",
      "DeleteBucketPolicy",
      "PutBucketCors",
      "PutBucketLifecycle",
      "PutBucketReplication",
      "DeleteBucketEncryption",
      "PutBucketPublicAccessBlock",
      "PutObjectLockConfiguration",
    ),
  },
  {
    noun: "config-changes",
    description: "AWS Config was changed or stopped",
    pattern: of(
      "config",
      "StopConfigurationRecorder",
      "DeleteDeliveryChannel",
      "PutDeliveryChannel",
      "PutConfigurationRecorder",
    ),
  },
  {
    noun: "security-group-changes",
    description: "Security groups changed",
    pattern: of(
      "ec2",
      "AuthorizeSecurityGroupIngress",
      "AuthorizeSecurityGroupEgress",
      "RevokeSecurityGroupIngress",
      "RevokeSecurityGroupEgress",
      "ModifySecurityGroupRules",
      "CreateSecurityGroup",
      "DeleteSecurityGroup",
    ),
  },
  {
    noun: "nacl-changes",
    description: "Network ACLs changed",
    pattern: of(
      "ec2",
      "CreateNetworkAcl",
      "CreateNetworkAclEntry",
      "DeleteNetworkAcl",
      "DeleteNetworkAclEntry",
      "ReplaceNetworkAclEntry",
      "ReplaceNetworkAclAssociation",
    ),
  },
  {
    noun: "gateway-changes",
    description: "A way out of the network was made or removed: there must be none",
    pattern: of(
      "ec2",
      "CreateInternetGateway",
      "AttachInternetGateway",
      "DeleteInternetGateway",
      "DetachInternetGateway",
      "CreateNatGateway",
      "CreateEgressOnlyInternetGateway",
      "CreateCustomerGateway",
      "DeleteCustomerGateway",
    ),
  },
  {
    noun: "route-changes",
    description: "Routes changed",
    pattern: of(
      "ec2",
      "CreateRoute",
      "CreateRouteTable",
      "ReplaceRoute",
      "ReplaceRouteTableAssociation",
      "DeleteRouteTable",
      "DeleteRoute",
      "DisassociateRouteTable",
    ),
  },
  {
    noun: "vpc-changes",
    description: "A VPC, its endpoints, its DNS rules or peerings changed",
    pattern: of(
      "ec2",
      "CreateVpc",
      "DeleteVpc",
      "ModifyVpcAttribute",
      "CreateVpcPeeringConnection",
      "AcceptVpcPeeringConnection",
      "DeleteVpcPeeringConnection",
      "ModifyVpcEndpoint",
      "DeleteVpcEndpoints",
      "ModifyVpcBlockPublicAccessOptions",
    ),
  },
  {
    noun: "organization-changes",
    description: "AWS Organizations changed",
    pattern:
      '{ ($.eventSource = "organizations.amazonaws.com") && (($.eventName = "*Policy") || ($.eventName = "*Account*") || ($.eventName = "*OrganizationalUnit*") || ($.eventName = "*Handshake") || ($.eventName = "*Organization")) }',
  },
];

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
      pattern: of(
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
  return [...foundations, ...ownFilters(context)];
}
