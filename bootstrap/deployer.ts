import { administration } from "../components/encryption/key-policy";
import type { StackContext } from "../components/kit";
import { allow, deny, type Statement } from "../components/policy-document";
import { whollyManaged } from "./services";
import { useState } from "./state-use";

/** Services that take one of the program's roles. */
export const passedTo: readonly string[] = [
  "bedrock.amazonaws.com",
  "cloudtrail.amazonaws.com",
  "codebuild.amazonaws.com",
  "dlm.amazonaws.com",
  "ec2.amazonaws.com",
  "ecs-tasks.amazonaws.com",
  "events.amazonaws.com",
  "lambda.amazonaws.com",
  "scheduler.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
];

/** Services that make their own role in an account when they are first used. */
const linkedServices = [
  "ecs.amazonaws.com",
  "ecs.application-autoscaling.amazonaws.com",
  "elasticache.amazonaws.com",
  "elasticloadbalancing.amazonaws.com",
  "rds.amazonaws.com",
  "route53resolver.amazonaws.com",
];

/** Boundaries of the program's roles, which the program makes. */
const boundaries = ["human", "workload", "gateway", "bedrock-batch"] as const;

const roleChanges = [
  "iam:AttachRolePolicy",
  "iam:CreateRole",
  "iam:DeleteRolePolicy",
  "iam:DetachRolePolicy",
  "iam:PutRolePermissionsBoundary",
  "iam:PutRolePolicy",
];

/**
 * What the deployer manages. Services whose every action changes or reads settings are given whole;
 * the boundary (limits.ts) takes their uses away again. Services with narrower actions have a
 * statement of their own.
 */
export function planDeployerServices({ arns, organization, region }: StackContext): readonly Statement[] {
  const buckets = arns.bucket(`${organization}-*`);
  const secrets = arns.regional("secretsmanager", `secret:cline/${organization}/*`);
  return [
    allow("Services", { Action: whollyManaged.map((service) => `${service}:*`), Resource: "*" }),
    allow("Buckets", { Action: "s3:*", Resource: [buckets, `${buckets}/*`] }),
    allow("ListBuckets", { Action: "s3:ListAllMyBuckets", Resource: "*" }),
    allow("Secrets", { Action: "secretsmanager:*", Resource: secrets }),
    allow("SessionDocuments", {
      Action: ["ssm:*Document*", "ssm:*Tags*"],
      Resource: [arns.document(`${organization}-*`), arns.document("SSM-SessionManagerRunShell")],
    }),
    allow("Models", {
      Action: [
        "bedrock:*InferenceProfile*",
        "bedrock:*ModelInvocationLoggingConfiguration",
        "bedrock:*TagsForResource",
        "bedrock:GetFoundationModel*",
        "bedrock:ListFoundationModels",
        "bedrock:TagResource",
        "bedrock:UntagResource",
      ],
      Resource: "*",
    }),
    allow("Costs", {
      Action: ["ce:*Anomaly*", "ce:*CostAllocationTag*", "ce:*TagsForResource", "ce:*agResource"],
      Resource: "*",
    }),
    allow("Quotas", { Action: ["servicequotas:Get*", "servicequotas:List*"], Resource: "*" }),
    allow("ManageKeys", {
      Action: ["kms:CreateKey", "kms:GetPublicKey", "kms:ListKeys", ...administration],
      Resource: "*",
    }),
    allow("UseKeysThroughServices", {
      Action: [
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey*",
        "kms:ReEncrypt*",
      ],
      Resource: "*",
      Condition: {
        StringEquals: {
          "kms:ViaService": ["ec2", "ecr", "elasticache", "lambda", "rds", "s3", "secretsmanager", "sns", "sqs"].map(
            (service) => `${service}.${region}.amazonaws.com`,
          ),
        },
      },
    }),
  ];
}

/**
 * What the deployer does in IAM: roles of the organization under one of its boundaries, their
 * instance profiles, policies and groups, handing roles to the services that run under them, and
 * the state. @param platform the platform's context, which names the state
 */
export function planDeployerIdentity(context: StackContext, platform: StackContext): readonly Statement[] {
  const { arns, organization, names, accountId } = context;
  const all = `${organization}-*`;
  const roles = arns.role(all);
  const ours = (kind: string) => `arn:aws:iam::${accountId}:${kind}/cline/${all}`;
  return [
    allow("RolesUnderABoundary", {
      Action: roleChanges,
      Resource: roles,
      Condition: {
        StringEquals: { "iam:PermissionsBoundary": boundaries.map((kind) => arns.policy(names.boundary(kind))) },
      },
    }),
    allow("RolesThemselves", {
      Action: [
        "iam:DeleteRole",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
      ],
      Resource: roles,
    }),
    allow("ProfilesPoliciesAndGroups", {
      Action: ["iam:*InstanceProfile*", "iam:*Group*", "iam:*Policy*"],
      Resource: [ours("instance-profile"), ours("policy"), ours("group")],
    }),
    allow("RolesInProfiles", {
      Action: ["iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile"],
      Resource: roles,
    }),
    allow("ReadIdentity", { Action: ["iam:Get*", "iam:List*"], Resource: "*" }),
    allow("PassRoles", {
      Action: "iam:PassRole",
      Resource: roles,
      Condition: { StringEquals: { "iam:PassedToService": passedTo } },
    }),
    allow("ServiceLinkedRoles", {
      Action: "iam:CreateServiceLinkedRole",
      Resource: `arn:aws:iam::${accountId}:role/aws-service-role/*`,
      Condition: { StringEquals: { "iam:AWSServiceName": linkedServices } },
    }),
    deny("NotTheBootstrap", {
      NotAction: ["iam:Get*", "iam:List*"],
      Resource: [
        ...[names.deployerRole(), names.auditWorkflowRole(), names.breakGlassRole()].map(arns.role),
        arns.policy(`${names.deployerRole()}-*`),
        arns.policy(names.boundary("deployment")),
        `arn:aws:iam::${accountId}:oidc-provider/*`,
      ],
    }),
    ...useState(platform, "write"),
  ];
}
