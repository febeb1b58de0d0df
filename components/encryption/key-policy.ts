import { arns, iamPath, type StackSpec } from "../../config";
import { allow, document, type Statement } from "../policy-document";

/** What a key is for. `sessions` exists where the stack has the access foundation. */
export type KeyPurpose = "data" | "logs" | "secrets" | "sessions";

/** Managing a key without using it: no encrypting, no decrypting, no grants. */
const administration = [
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

/** Services that hold on to a key by a grant of their own. */
const granting: Readonly<Record<KeyPurpose, readonly string[]>> = {
  data: ["ec2", "ecr", "elasticache", "lambda", "rds"],
  logs: [],
  secrets: ["rds", "secretsmanager"],
  sessions: [],
};

/** Services that call KMS in their own name, with the narrowest condition each is known to send. */
function serviceStatements(spec: StackSpec, purpose: KeyPurpose): readonly (Statement | undefined)[] {
  const { region, accountId, platform } = spec;
  const own = { StringEquals: { "aws:SourceAccount": accountId } };
  const publish = ["kms:Decrypt", "kms:GenerateDataKey*"];
  switch (purpose) {
    case "logs":
      return [
        allow("LogGroups", {
          Principal: { Service: `logs.${region}.amazonaws.com` },
          Action: ["kms:Decrypt", "kms:Describe*", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
          Resource: "*",
          Condition: {
            ArnLike: {
              "kms:EncryptionContext:aws:logs:arn": [
                arns(spec).logGroup(`/cline/${platform.organization}/${spec.stack}/*`),
                // RDS names its log groups itself.
                arns(spec).logGroup(`/aws/rds/cluster/${platform.organization}-${spec.stack}-*`),
              ],
            },
          },
        }),
        allow("TrailFiles", {
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: ["kms:DescribeKey", "kms:GenerateDataKey*"],
          Resource: "*",
          Condition: { ...own, StringLike: { "aws:SourceArn": `arn:aws:cloudtrail:${region}:${accountId}:trail/*` } },
        }),
        allow("LogDelivery", {
          Principal: { Service: "delivery.logs.amazonaws.com" },
          Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
          Resource: "*",
          Condition: own,
        }),
      ];
    case "data":
      return [
        allow("AlarmsToTopics", {
          Principal: { Service: ["budgets.amazonaws.com", "cloudwatch.amazonaws.com", "sns.amazonaws.com"] },
          Action: publish,
          Resource: "*",
          Condition: own,
        }),
        // Storage of the stack's own Fargate tasks.
        ...(["kms:GenerateDataKeyWithoutPlaintext", "kms:CreateGrant"] as const).map((action) =>
          allow(action === "kms:CreateGrant" ? "TaskStorageGrants" : "TaskStorage", {
            Principal: { Service: "fargate.amazonaws.com" },
            Action: action,
            Resource: "*",
            Condition: {
              StringEquals: { "kms:EncryptionContext:aws:ecs:clusterAccount": accountId },
              StringLike: { "kms:EncryptionContext:aws:ecs:clusterName": `${platform.organization}-${spec.stack}-*` },
              ...(action === "kms:CreateGrant" && {
                "ForAllValues:StringEquals": { "kms:GrantOperations": "Decrypt" },
              }),
            },
          }),
        ),
        // EventBridge sends neither aws:SourceAccount nor aws:SourceArn to an encrypted topic's key.
        allow("EventsToTopics", { Principal: { Service: "events.amazonaws.com" }, Action: publish, Resource: "*" }),
        platform.billing && spec.department === undefined
          ? allow("CostAlertsToTopics", {
              Principal: { Service: "costalerts.amazonaws.com" },
              Action: publish,
              Resource: "*",
              Condition: own,
            })
          : undefined,
      ];
    case "secrets":
    case "sessions":
      return [];
  }
}

/**
 * A key's policy: the account manages it, uses it through the purpose's services only, the organization's own roles may also call KMS
 * themselves (their own policies then decide), and the services that work in their own name are admitted with their conditions. Nobody gets
 * every action, and no other stack's role is named.
 */
export function planKeyPolicy(spec: StackSpec, purpose: KeyPurpose): string {
  const { region, accountId, platform } = spec;
  const root = { AWS: arns(spec).root };
  const via = (services: readonly string[]) => services.map((service) => `${service}.${region}.amazonaws.com`);
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
      Condition: {
        ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${accountId}:role${iamPath}${platform.organization}-*` },
      },
    }),
    ...serviceStatements(spec, purpose),
  );
}
