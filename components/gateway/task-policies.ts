import { arns, fit, modelArns, modelTiers, names, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import { foundationStack } from "../foundation";
import { useKey } from "../kit";
import { allow, deny, document } from "../policy-document";

/** PostgreSQL user of a gateway: one name per stack, so that rds-db:connect by name means this gateway's database only. */
export const databaseUser = (spec: StackSpec): string =>
  fit(60, "litellm", spec.platform.organization, spec.stack).replaceAll("-", "_");

/** Purpose of the gateway's bucket: its configuration under config/, departments' declared state under state/. */
export const gatewayBucketPurpose = "gateway";

/** Purposes of the gateway's secrets, by what LiteLLM calls them. None may end in a hyphen and six characters (Secrets Manager's suffix). */
export const secretPurposes = {
  masterKey: "gateway-master-key",
  salt: "gateway-salt",
  connections: "gateway-connections",
} as const;

/** What LiteLLM's tasks may do: invoke the departments' inference profiles, log in to their database, read their configuration. */
export function taskPolicy(spec: StackSpec): string {
  const known = names(spec.platform.organization);
  const bucket = (stack: string, purpose: string) =>
    arns(spec).bucket(known.bucket(stack, purpose, spec.accountId, spec.region));
  const profiles = arns(spec).regional("bedrock", "application-inference-profile/*");
  const models = modelTiers.flatMap((tier) => modelArns(spec.platform, tier).foundationModels);
  const regional = [...new Set(models.filter((arn) => !arn.startsWith("arn:aws:bedrock:::")))];
  const unregional = [...new Set(models.filter((arn) => arn.startsWith("arn:aws:bedrock:::")))];
  const invoke = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];
  // Credentials that leak are of no use elsewhere. Where the network is another stack's, its endpoint's policy is what holds.
  const fromHere = spec.network && { IpAddress: { "aws:VpcSourceIp": spec.network.cidr } };
  const throughProfile = { ArnLike: { "bedrock:InferenceProfileArn": profiles }, ...fromHere };
  return document(
    allow("InvokeDepartmentProfiles", {
      Action: invoke,
      Resource: profiles,
      Condition: {
        StringEquals: { "aws:ResourceTag/Organization": spec.platform.organization },
        StringLike: { "aws:ResourceTag/Department": "?*" },
        ...fromHere,
      },
    }),
    allow("ModelsBehindProfiles", { Action: invoke, Resource: regional, Condition: throughProfile }),
    unregional.length > 0
      ? allow("ModelsAnywhereBehindProfiles", {
          Action: invoke,
          Resource: unregional,
          Condition: { ...throughProfile, StringEquals: { "aws:RequestedRegion": "unspecified" } },
        })
      : undefined,
    deny("NoModelWithoutProfile", {
      Action: invoke,
      Resource: "arn:aws:bedrock:*::foundation-model/*",
      Condition: { Null: { "bedrock:InferenceProfileArn": "true" } },
    }),
    allow("LogInToDatabase", {
      Action: "rds-db:connect",
      Resource: arns(spec).regional("rds-db", `dbuser:cluster-*/${databaseUser(spec)}`),
    }),
    allow("ReadConfiguration", {
      Action: "s3:GetObject",
      Resource: [
        `${bucket(spec.stack, gatewayBucketPurpose)}/config/*`,
        `${bucket(foundationStack(spec), "artifacts")}/gateway/*`,
      ],
    }),
    useKey(contextOf(spec), { purpose: "data", via: "s3", actions: ["kms:Decrypt"] }),
    foundationStack(spec) === spec.stack
      ? undefined
      : {
          ...useKey(contextOf(spec), {
            purpose: "data",
            via: "s3",
            actions: ["kms:Decrypt"],
            stack: foundationStack(spec),
          }),
          Sid: "ReadArtifactsKey",
        },
  );
}

/** What ECS does in the tasks' name before they start: pull the image, read the secrets, open the log. */
export function executionPolicy(spec: StackSpec, logGroupName: string): string {
  const known = names(spec.platform.organization);
  const secrets = Object.values(secretPurposes).map((purpose) => known.secret(spec.stack, purpose));
  return document(
    allow("SignInToRegistry", { Action: "ecr:GetAuthorizationToken", Resource: "*" }),
    allow("PullImage", {
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Resource: arns(spec).regional("ecr", `repository/${known.repository("gateway")}`),
    }),
    allow("ReadSecrets", {
      Action: "secretsmanager:GetSecretValue",
      Resource: secrets.map((name) => arns(spec).secret(name)),
    }),
    useKey(contextOf(spec), { purpose: "secrets", via: "secretsmanager", actions: ["kms:Decrypt"] }),
    allow("WriteLogs", {
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${arns(spec).logGroup(logGroupName)}:log-stream:*`,
    }),
  );
}

/** What the migration function may do: run the migration task of its stack, and watch it. */
export function migrationPolicy(spec: StackSpec, cluster: string, family: string) {
  const known = names(spec.platform.organization);
  const inCluster = { ArnEquals: { "ecs:cluster": arns(spec).regional("ecs", `cluster/${cluster}`) } };
  return [
    allow("RunMigration", {
      Action: "ecs:RunTask",
      Resource: arns(spec).regional("ecs", `task-definition/${family}:*`),
      Condition: inCluster,
    }),
    allow("WatchMigration", {
      Action: "ecs:DescribeTasks",
      Resource: arns(spec).regional("ecs", `task/${cluster}/*`),
      Condition: inCluster,
    }),
    allow("GiveTaskItsRoles", {
      Action: "iam:PassRole",
      Resource: ["gateway-task", "gateway-execution"].map((purpose) =>
        arns(spec).role(known.role(spec.stack, purpose)),
      ),
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    }),
  ];
}
