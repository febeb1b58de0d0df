import type { StackContext } from "../components/kit";
import { allow, deny, type Statement } from "../components/policy-document";
import { planBackend } from "./backend";

/** Ways in or out of a network, none of which the program makes. */
const waysOut = [
  "ec2:AllocateAddress",
  "ec2:AssociateAddress",
  "ec2:AttachInternetGateway",
  "ec2:AttachVpnGateway",
  "ec2:CreateDefault*",
  "ec2:CreateEgressOnlyInternetGateway",
  "ec2:CreateInternetGateway",
  "ec2:CreateKeyPair",
  "ec2:CreateNatGateway",
  "ec2:CreateTransitGateway*",
  "ec2:CreateVpcPeeringConnection",
  "ec2:EnableSerialConsoleAccess",
  "ec2:ImportKeyPair",
];

/** Ways to give data to another account. */
const sharing = [
  "ec2:CreateStoreImageTask",
  "ec2:ExportImage",
  "ec2:ModifyImageAttribute",
  "ec2:ModifySnapshotAttribute",
  "ecr:PutReplicationConfiguration",
  "ecr:SetRepositoryPolicy",
  "elasticache:CopySnapshot",
  "elasticache:Export*",
  "events:PutPermission",
  "lambda:CreateFunctionUrlConfig",
  "logs:PutDestination*",
  "logs:PutSubscriptionFilter",
  "rds:ModifyDB*SnapshotAttribute",
  "rds:StartExportTask",
];

/** Uses of what is deployed: its models, its data, its log lines, its queues, its images. */
const uses = [
  "bedrock:CallWithBearerToken",
  "bedrock:CreateModelInvocationJob",
  "bedrock:Invoke*",
  "codebuild:StartBuild*",
  "ec2:GetConsole*",
  "ec2:GetPasswordData",
  "ecr:CompleteLayerUpload",
  "ecr:InitiateLayerUpload",
  "ecr:PutImage",
  "ecr:UploadLayerPart",
  "ecs:ExecuteCommand",
  "ecs:RunTask",
  "ecs:StartTask",
  "elasticache:Connect",
  "logs:FilterLogEvents",
  "logs:GetLog*Events",
  "logs:GetLogRecord",
  "logs:GetQueryResults",
  "logs:PutLogEvents",
  "logs:StartLiveTail",
  "logs:StartQuery",
  "logs:Unmask",
  "rds:Download*",
  "sns:Publish",
  "sqs:ReceiveMessage",
  "sqs:SendMessage",
];

/** Regions in which the program has resources: its own, and us-east-1, where IAM's events arrive. */
const regions = (region: string): string[] => [...new Set([region, "us-east-1"])];

/**
 * Permission boundary of the bootstrap's roles: what deployer, audit workflow and break glass never
 * do, whatever their policies say. The deployer deploys what people, gateway and functions use, and uses none of
 * it: no developer's secret, no log line, no evidence, no way out of a network, no share with
 * another account, and no change of what the bootstrap made. @param platform the platform's context
 */
export function planDeploymentBoundary(context: StackContext, platform: StackContext): readonly Statement[] {
  const { arns, organization, region } = context;
  const backend = planBackend(platform);
  const [state, alias] = [arns.bucket(backend.bucket), backend.keyAlias];
  const everywhere = context.of("*");
  const evidence = ["session-logs", "audit-trail"].flatMap((purpose) =>
    [context, everywhere].map((each) => `${arns.bucket(each.names.bucket(purpose))}/*`),
  );
  const keyAdmin = arns.lambda(everywhere.names.lambda("key-admin"));
  return [
    allow("WhatThePolicySays", { Action: "*", Resource: "*" }),
    deny("OwnRegionsOnly", {
      Action: "*",
      Resource: "*",
      Condition: { StringNotEquals: { "aws:RequestedRegion": regions(region) } },
    }),
    deny("NoWayOut", { Action: [...waysOut, ...sharing], Resource: "*" }),
    deny("NoUse", { Action: uses, Resource: "*" }),
    deny("NoEvidence", { Action: ["s3:DeleteObject*", "s3:GetObject*", "s3:PutObject*"], Resource: evidence }),
    deny("NoKeyAdministration", { Action: "lambda:InvokeFunction", Resource: [keyAdmin, `${keyAdmin}:*`] }),
    deny("NoSecretsOfPeople", {
      Action: ["secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
      Resource: ["virtual-key", "langfuse-account"].map((kind) => arns.secret(`cline/${organization}/*/${kind}`)),
    }),
    deny("StateBucketStays", {
      NotAction: ["s3:GetBucket*", "s3:ListBucket*"],
      Resource: state,
    }),
    deny("StateHistoryStays", {
      NotAction: [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetObject*",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
      ],
      Resource: `${state}/*`,
    }),
    deny("StateKeyStays", {
      NotAction: ["kms:Decrypt", "kms:Describe*", "kms:Encrypt", "kms:GenerateDataKey", "kms:Get*", "kms:List*"],
      Resource: platform.arns.regional("kms", "key/*"),
      Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": alias } },
    }),
    deny("StateAliasStays", {
      Action: ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
      Resource: platform.arns.regional("kms", alias),
    }),
  ];
}
