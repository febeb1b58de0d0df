import type { KeyPurpose, StackContext } from "../kit";
import { allow, document, type Statement } from "../policy-document";

/** Key administration without use: no encryption, no decryption, no grants. */
export const administration: readonly string[] = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListAliases",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

const cryptography = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"];

/** Services through which the account's principals use a key, by purpose; as in kms:ViaService. */
const throughServices: Readonly<Record<KeyPurpose, readonly string[]>> = {
  data: ["ec2", "ecr", "elasticache", "lambda", "rds", "s3", "sns", "sqs"],
  logs: ["cloudtrail", "logs", "s3", "sns"],
  secrets: ["rds", "secretsmanager"],
  sessions: [],
};

/** Services that use a key through a grant. */
const granting: Readonly<Record<KeyPurpose, readonly string[]>> = {
  data: ["ec2", "ecr", "elasticache", "lambda", "rds"],
  logs: [],
  secrets: ["rds", "secretsmanager"],
  sessions: [],
};

const publish = ["kms:Decrypt", "kms:GenerateDataKey*"];

/** The account's own requests, for services that send aws:SourceAccount. */
const own = (context: StackContext) => ({ StringEquals: { "aws:SourceAccount": context.accountId } });

/** Services that encrypt logs in their own name. */
function logServices(context: StackContext): readonly Statement[] {
  const { arns, organization, stack, region, accountId } = context;
  return [
    allow("LogGroups", {
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: ["kms:Decrypt", "kms:Describe*", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Resource: "*",
      Condition: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": [
            arns.logGroup(context.names.logGroup("*")),
            // RDS and Container Insights name their log groups themselves.
            arns.logGroup(`/aws/rds/cluster/${organization}-${stack}-*`),
            arns.logGroup(context.names.insightsLogGroup(`${organization}-${stack}-*`)),
          ],
        },
      },
    }),
    allow("TrailFiles", {
      Principal: { Service: "cloudtrail.amazonaws.com" },
      // Decrypt: the trail's bucket has a bucket key. Without Decrypt CloudTrail refuses to create
      // the trail.
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"],
      Resource: "*",
      Condition: {
        ...own(context),
        StringLike: { "aws:SourceArn": `arn:aws:cloudtrail:${region}:${accountId}:trail/*` },
      },
    }),
    allow("LogDelivery", {
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Resource: "*",
      Condition: own(context),
    }),
  ];
}

/** Storage of the stack's own Fargate tasks. */
function taskStorage({ organization, stack, accountId }: StackContext): readonly Statement[] {
  return (["kms:GenerateDataKeyWithoutPlaintext", "kms:CreateGrant"] as const).map((action) =>
    allow(action === "kms:CreateGrant" ? "TaskStorageGrants" : "TaskStorage", {
      Principal: { Service: "fargate.amazonaws.com" },
      Action: action,
      Resource: "*",
      Condition: {
        StringEquals: { "kms:EncryptionContext:aws:ecs:clusterAccount": accountId },
        StringLike: { "kms:EncryptionContext:aws:ecs:clusterName": `${organization}-${stack}-*` },
        ...(action === "kms:CreateGrant" && { "ForAllValues:StringEquals": { "kms:GrantOperations": "Decrypt" } }),
      },
    }),
  );
}

/** Services that encrypt data in their own name. */
function dataServices(context: StackContext, costAlerts: boolean): readonly (Statement | undefined)[] {
  return [
    allow("AlarmsToTopics", {
      Principal: { Service: ["budgets.amazonaws.com", "cloudwatch.amazonaws.com", "sns.amazonaws.com"] },
      Action: publish,
      Resource: "*",
      Condition: own(context),
    }),
    ...taskStorage(context),
    // EventBridge sends neither aws:SourceAccount nor aws:SourceArn to an encrypted topic's key.
    allow("EventsToTopics", { Principal: { Service: "events.amazonaws.com" }, Action: publish, Resource: "*" }),
    costAlerts
      ? allow("CostAlertsToTopics", {
          Principal: { Service: "costalerts.amazonaws.com" },
          Action: publish,
          Resource: "*",
          Condition: own(context),
        })
      : undefined,
  ];
}

/** Services that call KMS in their own name, with the narrowest condition each is known to send. */
function serviceStatements({ context, purpose, costAlerts }: KeyPlan): readonly (Statement | undefined)[] {
  if (purpose === "logs") return logServices(context);
  return purpose === "data" ? dataServices(context, costAlerts) : [];
}

/** Arguments of {@link planKeyPolicy}. */
export interface KeyPlan {
  readonly context: StackContext;
  readonly purpose: KeyPurpose;
  /** Cost Anomaly Detection publishes to the stack's topics. */
  readonly costAlerts: boolean;
}

/**
 * A key's policy. The account administers the key without using it. It uses the key through the
 * purpose's services only; the organization's roles may also call KMS directly, as their own
 * policies allow. Services that call KMS in their own name are admitted with conditions. No
 * principal has every action, and the policy names no other stack's role.
 */
export function planKeyPolicy(plan: KeyPlan): string {
  const { context, purpose } = plan;
  const root = { AWS: context.arns.root };
  const via = (services: readonly string[]) => services.map((service) => `${service}.${context.region}.amazonaws.com`);
  return document(
    allow("AccountAdministration", { Principal: root, Action: administration, Resource: "*" }),
    throughServices[purpose].length > 0
      ? allow("UseThroughServices", {
          Principal: root,
          Action: cryptography,
          Resource: "*",
          Condition: { StringEquals: { "kms:ViaService": via(throughServices[purpose]) } },
        })
      : undefined,
    granting[purpose].length > 0
      ? allow("GrantsOfServices", {
          Principal: root,
          Action: "kms:CreateGrant",
          Resource: "*",
          Condition: {
            StringEquals: { "kms:ViaService": via(granting[purpose]) },
            Bool: { "kms:GrantIsForAWSResource": "true" },
          },
        })
      : undefined,
    allow("UseByOwnRoles", {
      Principal: root,
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
      Condition: { ArnLike: { "aws:PrincipalArn": context.arns.role(`${context.organization}-*`) } },
    }),
    ...serviceStatements(plan),
  );
}
