import { by, trailRecord } from "../../../support/trail-records";
import { admin, byHand, deployer, type Row } from "./row";

/**
 * Calls, what each sets off, what it sets off when the workflow makes it (default the same), and the functions whose everyday work it is.
 */
const calls: readonly (readonly [
  service: string,
  names: string,
  sets: string,
  byWorkflow?: string,
  functions?: string,
])[] = [
  [
    "iam",
    "DeleteGroupPolicy DeleteRolePolicy DeleteUserPolicy PutGroupPolicy PutRolePolicy PutUserPolicy AttachGroupPolicy AttachRolePolicy AttachUserPolicy DetachGroupPolicy DetachRolePolicy DetachUserPolicy CreatePolicy DeletePolicy CreatePolicyVersion DeletePolicyVersion",
    "iam-changes",
    "",
  ],
  ["iam", "UpdateAssumeRolePolicy", "iam-changes identity-events", ""],
  [
    "iam",
    "CreateRole SetDefaultPolicyVersion AddUserToGroup PutRolePermissionsBoundary",
    "iam-changes identity-events",
    "",
  ],
  [
    "iam",
    "DeleteRole AddRoleToInstanceProfile PutUserPermissionsBoundary DeleteUserPermissionsBoundary UpdateOpenIDConnectProviderThumbprint",
    "iam-changes",
    "",
  ],
  [
    "iam",
    "DeleteRolePermissionsBoundary CreateOpenIDConnectProvider AddClientIDToOpenIDConnectProvider CreateSAMLProvider UpdateSAMLProvider",
    "iam-changes identity-events",
    "identity-events",
  ],
  [
    "iam",
    "CreateUser CreateAccessKey CreateLoginProfile UpdateLoginProfile CreateServiceSpecificCredential ResetServiceSpecificCredential DeactivateMFADevice DeleteVirtualMFADevice",
    "identity-events",
  ],
  ["cloudtrail", "CreateTrail StartLogging", "trail-changes"],
  ["cloudtrail", "UpdateTrail DeleteTrail StopLogging PutEventSelectors", "trail-changes trail-events"],
  ["kms", "DisableKey ScheduleKeyDeletion", "key-disabling key-events"],
  ["kms", "PutKeyPolicy", "key-disabling", ""],
  [
    "s3",
    "PutBucketAcl PutBucketPolicy DeleteBucketPolicy PutBucketCors PutBucketLifecycle PutBucketReplication DeleteBucketEncryption PutBucketPublicAccessBlock PutObjectLockConfiguration PutBucketObjectLockConfiguration DeleteBucket DeleteBucketLifecycle DeleteBucketReplication DeleteBucketPublicAccessBlock PutBucketVersioning PutBucketEncryption PutBucketOwnershipControls PutBucketLogging PutBucketNotification PutBucketWebsite PutAccountPublicAccessBlock DeleteAccountPublicAccessBlock",
    "bucket-policy-changes",
    "",
  ],
  [
    "config",
    "StopConfigurationRecorder DeleteDeliveryChannel PutDeliveryChannel PutConfigurationRecorder",
    "config-changes",
  ],
  [
    "ec2",
    "AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress ModifySecurityGroupRules CreateSecurityGroup DeleteSecurityGroup",
    "security-group-changes",
    "",
  ],
  [
    "ec2",
    "CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAcl DeleteNetworkAclEntry ReplaceNetworkAclEntry ReplaceNetworkAclAssociation",
    "nacl-changes",
    "",
  ],
  [
    "ec2",
    "CreateInternetGateway AttachInternetGateway DeleteInternetGateway DetachInternetGateway CreateNatGateway CreateEgressOnlyInternetGateway CreateCustomerGateway DeleteCustomerGateway CreateTransitGatewayVpcAttachment CreateVpnConnection AttachVpnGateway AssociateAddress",
    "gateway-changes",
  ],
  [
    "ec2",
    "CreateRoute CreateRouteTable ReplaceRoute ReplaceRouteTableAssociation DeleteRouteTable DeleteRoute DisassociateRouteTable",
    "route-changes",
    "",
  ],
  [
    "ec2",
    "CreateVpc DeleteVpc ModifyVpcAttribute CreateVpcPeeringConnection AcceptVpcPeeringConnection DeleteVpcPeeringConnection CreateVpcEndpoint ModifyVpcEndpoint DeleteVpcEndpoints ModifyVpcBlockPublicAccessOptions ModifySubnetAttribute DeleteFlowLogs",
    "vpc-changes",
    "",
  ],
  [
    "route53resolver",
    "CreateFirewallRule UpdateFirewallRule DeleteFirewallRule UpdateFirewallDomains ImportFirewallDomains UpdateFirewallConfig DisassociateFirewallRuleGroup UpdateFirewallRuleGroupAssociation CreateResolverEndpoint AssociateResolverRule DisassociateResolverQueryLogConfig",
    "vpc-changes",
    "",
  ],
  [
    "elasticloadbalancing",
    "CreateListener ModifyListener DeleteListener CreateRule ModifyRule DeleteRule SetRulePriorities SetSecurityGroups ModifyLoadBalancerAttributes",
    "vpc-changes",
    "",
  ],
  [
    "organizations",
    "AttachPolicy InviteAccountToOrganization MoveAccount UpdateOrganizationalUnit AcceptHandshake LeaveOrganization",
    "organization-changes",
  ],
  [
    "ssm",
    "UpdateDocument UpdateDocumentDefaultVersion ModifyDocumentPermission DeleteDocument",
    "session-document-changes session-events",
    "",
  ],
  ["ssm", "SendCommand", "other-shell-doors session-events"],
  [
    "ssm",
    "StartAutomationExecution CreateAssociation CreateAssociationBatch UpdateAssociation RegisterTaskWithMaintenanceWindow",
    "other-shell-doors",
  ],
  ["ec2-instance-connect", "SendSSHPublicKey SendSerialConsoleSSHPublicKey OpenTunnel", "other-shell-doors"],
  ["ec2", "EnableSerialConsoleAccess", "other-shell-doors"],
  ["ecs", "ExecuteCommand", "other-shell-doors"],
  ["bedrock", "DeleteModelInvocationLoggingConfiguration", "bedrock-keys"],
  ["bedrock", "PutModelInvocationLoggingConfiguration", "bedrock-keys", ""],
  ["bedrock", "InvokeModel InvokeModelWithResponseStream Converse ConverseStream", "model-past-gateway"],
  ["bedrock", "CreateModelInvocationJob", "model-past-gateway", "model-past-gateway", "batch-runner"],
  ["bedrock", "UpdateGuardrail DeleteGuardrail CreateProvisionedModelThroughput", "setting-changes"],
  ["bedrock", "CreateInferenceProfile DeleteInferenceProfile", "setting-changes", ""],
  ["ecr", "PutImage", "workload-changes", "workload-changes", "artifact-builder"],
  [
    "ecr",
    "SetRepositoryPolicy DeleteRepositoryPolicy PutImageTagMutability PutRegistryPolicy BatchDeleteImage",
    "workload-changes",
    "",
  ],
  ["ecs", "RegisterTaskDefinition", "workload-changes", "", "langfuse-provisioner"],
  ["ecs", "RunTask", "workload-changes", "workload-changes", "gateway-migration langfuse-provisioner"],
  ["ecs", "StartTask CreateService CreateTaskSet", "workload-changes", ""],
  [
    "lambda",
    "CreateFunction20150331 UpdateFunctionCode20150331v2 UpdateFunctionConfiguration20150331v2 PutFunctionConcurrency20171031 DeleteFunction20150331 CreateAlias20150331 UpdateAlias20150331 AddPermission20150331v2 RemovePermission20150331v2 PublishLayerVersion20181031 AddLayerVersionPermission20181031 CreateEventSourceMapping20150331 UpdateEventSourceMapping20150331",
    "workload-changes",
    "",
  ],
  [
    "ec2",
    "RunInstances ModifyInstanceAttribute ModifyInstanceMetadataOptions AttachVolume AssociateIamInstanceProfile ReplaceIamInstanceProfileAssociation",
    "workload-changes",
    "",
  ],
  ["codebuild", "StartBuild StartBuildBatch", "workload-changes", "workload-changes", "artifact-mirror"],
  ["codebuild", "CreateProject UpdateProject ImportSourceCredentials", "workload-changes", ""],
  ["scheduler", "CreateSchedule UpdateSchedule DeleteSchedule", "workload-changes", ""],
  ["ssm", "PutParameter DeleteParameter DeleteParameters UpdateServiceSetting", "setting-changes", ""],
  [
    "secretsmanager",
    "UpdateSecret DeleteSecret PutResourcePolicy DeleteResourcePolicy ReplicateSecretToRegions CancelRotateSecret",
    "setting-changes",
    "",
  ],
  ["secretsmanager", "PutSecretValue", "setting-changes", "", "key-rotation langfuse-provisioner trace-certificates"],
  ["secretsmanager", "UpdateSecretVersionStage", "setting-changes", "", "key-rotation"],
  [
    "rds",
    "ModifyDBClusterParameterGroup ModifyDBCluster ModifyDBInstance DeleteDBCluster DeleteDBInstance ModifyDBClusterSnapshotAttribute DeleteDBClusterSnapshot StartExportTask AddRoleToDBCluster RestoreDBClusterFromSnapshot CopyDBClusterSnapshot",
    "setting-changes",
    "",
  ],
  [
    "elasticache",
    "ModifyCacheParameterGroup ModifyReplicationGroup DeleteReplicationGroup ModifyUser ModifyUserGroup CreateSnapshot CopySnapshot",
    "setting-changes",
    "",
  ],
  [
    "budgets",
    "UpdateBudget DeleteBudget UpdateNotification DeleteNotification UpdateSubscriber DeleteSubscriber",
    "setting-changes",
    "",
  ],
  ["ec2", "ModifySnapshotAttribute ModifyImageAttribute", "backup-changes"],
  ["ec2", "DeleteVolume", "backup-changes", ""],
  ["ec2", "DeleteSnapshot", "backup-changes", "backup-changes", "snapshots"],
  ["dlm", "UpdateLifecyclePolicy DeleteLifecyclePolicy", "backup-changes", ""],
  ["monitoring", "DeleteAlarms", "alarm-events", ""],
  ["monitoring", "SetAlarmState DisableAlarmActions", "silence-events"],
  ["events", "PutRule PutTargets DeleteRule DisableRule RemoveTargets UpdateEventBus", "alarm-events", ""],
  [
    "logs",
    "PutMetricFilter DeleteMetricFilter PutRetentionPolicy DeleteLogStream DeleteLogGroup PutSubscriptionFilter PutTransformer PutAccountPolicy",
    "alarm-events",
    "",
  ],
  ["sns", "SetSubscriptionAttributes SetTopicAttributes RemovePermission PutDataProtectionPolicy", "alarm-events", ""],
  ["sns", "DeleteTopic Unsubscribe", "silence-events"],
];

const words = (text: string): readonly string[] => text.split(" ").filter(Boolean);

/** Fields of a call besides its name. */
const about = (service: string) =>
  service === "secretsmanager" ? { requestParameters: { secretId: "cline/example" } } : {};

export const ofCalls: readonly Row[] = calls.flatMap(([service, names, sets, byWorkflow = sets, functions = ""]) =>
  names.split(" ").flatMap((name): Row[] => {
    const call = `${service}:${name}`;
    const made = (who: Parameters<typeof trailRecord>[1]) => trailRecord(call, who, about(service));
    const all = sets.split(" ");
    const silent = trailRecord(`${service}:ListTags`, admin, { readOnly: true });
    return [
      [`${call} by an administrator`, made(admin), all],
      // A user has no issuer of a session: what excepts a role must not except users.
      [`${call} by a user`, made(by.user), all],
      [`${call} by the deployer's role, taken by hand`, made(byHand), all],
      [`${call} by the workflow`, made(deployer), words(byWorkflow)],
      ...words(functions).flatMap((role): Row[] => [
        [`${call} by ${role}`, made(by.role(`example-platform-${role}`)), []],
        [`${call} by ${role}'s role, taken by hand`, made(by.hand(`example-platform-${role}`)), all],
      ]),
      [`${call} of another service`, trailRecord(`other:${name}`, by.role("else")), doorsOf(name, all)],
      [`a look at ${service}`, silent, []],
    ];
  }),
);

/** Filters that go by the call's name alone. */
function doorsOf(name: string, sets: readonly string[]): readonly string[] {
  const byName = ["other-shell-doors", "bedrock-keys"];
  return name === "CreateServiceSpecificCredential" ? [] : sets.filter((each) => byName.includes(each));
}
