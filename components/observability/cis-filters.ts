/** A kind of event in the trail that sets off an alarm. */
export interface SecurityFilter {
  /** Part of names and the metric's name, e.g. `root-use`. */
  readonly noun: string;
  /** What happened and what to do first, for the mail. */
  readonly description: string;
  /** CloudWatch Logs filter pattern over CloudTrail's JSON. 1,024 characters at most. */
  readonly pattern: string;
}

/** A pattern's condition that a field has one of several values. */
const any = (field: string, values: readonly string[]) => values.map((value) => `(${field} = "${value}")`).join(" || ");
/** A pattern's condition on the event's name. */
export const events = (...eventNames: readonly string[]) => any("$.eventName", eventNames);
/** A pattern of some events of one service. */
export const callsOf = (source: string, ...eventNames: readonly string[]) =>
  `{ ($.eventSource = "${source}.amazonaws.com") && (${events(...eventNames)}) }`;

/** The alarms of CIS AWS Foundations 3.0, section 4 (4.1 to 4.15). */
export const cisFilters: readonly SecurityFilter[] = [
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
    pattern: callsOf(
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
    pattern: callsOf(
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
    pattern: callsOf("kms", "DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy"),
  },
  {
    noun: "bucket-policy-changes",
    description: "A bucket's policy, encryption, lock or public access block changed",
    pattern: callsOf(
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
    pattern: callsOf(
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
    pattern: callsOf(
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
    pattern: callsOf(
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
    pattern: callsOf(
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
    pattern: callsOf(
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
    pattern: callsOf(
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
