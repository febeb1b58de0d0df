import { networkFilters } from "./cis-network-filters";
import { callsOf, events, notBy, type DeployedFilter, type SecurityFilter } from "./filter-pattern";

/** The alarms of CIS AWS Foundations 3.0, section 4 (4.1 to 4.15). */
const cisFilters: readonly DeployedFilter[] = [
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
    pattern: (deployer) =>
      callsOf(
        "iam",
        [
          ...["Delete", "Put"].flatMap((verb) => ["Group", "Role", "User"].map((kind) => `${verb}${kind}Policy`)),
          ...["Attach", "Detach"].flatMap((verb) => ["Group", "Role", "User"].map((kind) => `${verb}${kind}Policy`)),
          "CreatePolicy",
          "DeletePolicy",
          "CreatePolicyVersion",
          "DeletePolicyVersion",
          "UpdateAssumeRolePolicy",
          "DeleteRolePermissionsBoundary",
        ],
        deployer,
      ),
    further: (deployer) => ({
      identities: callsOf(
        "iam",
        [
          ...["CreateRole", "DeleteRole", "SetDefaultPolicyVersion", "AddUserToGroup", "AddRoleToInstanceProfile"],
          ...["PutRolePermissionsBoundary", "PutUserPermissionsBoundary", "DeleteUserPermissionsBoundary"],
          ...[
            "CreateOpenIDConnectProvider",
            "AddClientIDToOpenIDConnectProvider",
            "UpdateOpenIDConnectProviderThumbprint",
          ],
          ...["CreateSAMLProvider", "UpdateSAMLProvider"],
        ],
        deployer,
      ),
    }),
  },
  {
    noun: "trail-changes",
    description: "The trail was changed or stopped",
    pattern: callsOf("cloudtrail", [
      "CreateTrail",
      "UpdateTrail",
      "DeleteTrail",
      "StartLogging",
      "StopLogging",
      "PutEventSelectors",
    ]),
  },
  {
    noun: "console-failures",
    description: "Failed sign-ins to the console",
    pattern: '{ ($.eventName = "ConsoleLogin") && ($.errorMessage = "Failed authentication") }',
  },
  {
    noun: "key-disabling",
    description:
      "A customer-managed key was disabled, set to be deleted, or got another policy: undo it within the waiting period",
    pattern: (deployer) =>
      `{ ($.eventSource = "kms.amazonaws.com") && ((${events("DisableKey", "ScheduleKeyDeletion")}) || (($.eventName = "PutKeyPolicy") && ${notBy(deployer)})) }`,
  },
  {
    noun: "bucket-policy-changes",
    description: "A bucket's policy, encryption, lock or public access block changed",
    pattern: (deployer) =>
      callsOf(
        "s3",
        [
          "PutBucketAcl",
          "PutBucketPolicy",
          "DeleteBucketPolicy",
          "PutBucketCors",
          "PutBucketLifecycle",
          "PutBucketReplication",
          "DeleteBucketEncryption",
          "PutBucketPublicAccessBlock",
          "Put*ObjectLockConfiguration",
        ],
        deployer,
      ),
    further: (deployer) => ({
      more: callsOf(
        "s3",
        [
          ...["DeleteBucket", "DeleteBucketLifecycle", "DeleteBucketReplication", "DeleteBucketPublicAccessBlock"],
          ...["PutBucketVersioning", "PutBucketEncryption", "PutBucketOwnershipControls", "PutBucketLogging"],
          ...["PutBucketNotification", "PutBucketWebsite", "*AccountPublicAccessBlock"],
        ],
        deployer,
      ),
    }),
  },
  {
    noun: "config-changes",
    description: "AWS Config was changed or stopped",
    pattern: callsOf("config", [
      "StopConfigurationRecorder",
      "DeleteDeliveryChannel",
      "PutDeliveryChannel",
      "PutConfigurationRecorder",
    ]),
  },
  ...networkFilters,
  {
    noun: "organization-changes",
    description: "AWS Organizations changed",
    pattern:
      '{ ($.eventSource = "organizations.amazonaws.com") && (($.eventName = "*Policy") || ($.eventName = "*Account*") || ($.eventName = "*OrganizationalUnit*") || ($.eventName = "*Handshake") || ($.eventName = "*Organization")) }',
  },
];

/**
 * The filters of CIS. What each deployment changes is silent when the protected workflow does it: its
 * pull request was reviewed. A session of the same role that a person took is not silent.
 */
export const planCisFilters = (deployer: string): readonly SecurityFilter[] =>
  cisFilters.map(({ pattern, further, ...filter }) => ({
    ...filter,
    pattern: typeof pattern === "string" ? pattern : pattern(deployer),
    ...(further && { further: further(deployer) }),
  }));
