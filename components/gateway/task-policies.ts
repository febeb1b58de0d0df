import { fit } from "../../config";
import { useKey, type StackContext } from "../kit";
import { allow, deny, type Conditions, type Statement } from "../policy-document";
import { chosenModels, embeddingArns, guardrailArns, type ModelChoice } from "./models";

/** PostgreSQL user of a gateway: one name per stack, so that rds-db:connect by name means this gateway's database only. */
export const databaseUser = ({ organization, stack }: Pick<StackContext, "organization" | "stack">): string =>
  fit(60, "litellm", organization, stack).replaceAll("-", "_");

/** Purpose of the gateway's bucket: its configuration under config/, departments' declared state under state/. */
export const gatewayBucketPurpose = "gateway";

/** Purposes of the gateway's secrets, by what LiteLLM calls them. None may end in a hyphen and six characters (Secrets Manager's suffix). */
export const secretPurposes = {
  masterKey: "gateway-master-key",
  salt: "gateway-salt",
  connections: "gateway-connections",
} as const;

/** Purposes of the roles of LiteLLM's tasks: LiteLLM's own, and the one that ECS starts a task with. */
export const taskRolePurposes = { task: "gateway-task", execution: "gateway-execution" } as const;

/** Physical names of what runs the gateway's tasks. */
export const serviceNames = ({ names }: StackContext) => ({
  cluster: names.cluster("gateway"),
  service: names.service("gateway"),
  taskFamily: names.taskFamily("gateway"),
  migrationFamily: `${names.taskFamily("gateway")}-migration`,
  logGroup: names.logGroup("gateway"),
});

/** What the policy of LiteLLM's tasks depends on. */
export interface TaskPolicyPlan {
  readonly context: StackContext;
  readonly models: ModelChoice;
  /** The stack with the artifacts; default this one. */
  readonly foundation?: StackContext;
  /** IPv4 ranges of the gateway's own VPC, which models are invoked from; absent: the endpoint's policy alone limits the source. */
  readonly networkCidrs?: readonly string[];
}

/** What LiteLLM's tasks may invoke: the departments' inference profiles, and models only through them. */
function modelStatements({ context, models, networkCidrs }: TaskPolicyPlan): readonly (Statement | undefined)[] {
  const profiles = context.arns.regional("bedrock", "application-inference-profile/*");
  const { regional, unregional } = chosenModels(context, models);
  const invoke = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];
  // Leaked credentials work nowhere else.
  const fromHere: Conditions = networkCidrs === undefined ? {} : { IpAddress: { "aws:VpcSourceIp": networkCidrs } };
  const guardrails = guardrailArns(context, models);
  const embeddings = embeddingArns(context, models);
  const throughProfile: Conditions = { ArnLike: { "bedrock:InferenceProfileArn": profiles }, ...fromHere };
  return [
    allow("InvokeDepartmentProfiles", {
      Action: invoke,
      Resource: profiles,
      Condition: {
        StringEquals: { "aws:ResourceTag/Organization": context.organization },
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
    embeddings.length > 0
      ? allow("EmbeddingsBehindProfiles", {
          Action: "bedrock:InvokeModel",
          Resource: embeddings,
          Condition: throughProfile,
        })
      : undefined,
    guardrails.length > 0
      ? allow("ApplyGuardrails", {
          Action: "bedrock:ApplyGuardrail",
          Resource: guardrails,
          ...(networkCidrs !== undefined && { Condition: fromHere }),
        })
      : undefined,
    deny("NoModelWithoutProfile", {
      Action: invoke,
      Resource: "arn:aws:bedrock:*::foundation-model/*",
      Condition: { Null: { "bedrock:InferenceProfileArn": "true" } },
    }),
  ];
}

/** What LiteLLM's tasks may do: invoke the departments' inference profiles, log in to their database, read their configuration. */
export function taskStatements(plan: TaskPolicyPlan): readonly (Statement | undefined)[] {
  const { context, foundation = context } = plan;
  const { arns, names } = context;
  const decrypt = { purpose: "data", via: "s3", actions: ["kms:Decrypt"] } as const;
  return [
    ...modelStatements(plan),
    allow("LogInToDatabase", {
      Action: "rds-db:connect",
      Resource: arns.regional("rds-db", `dbuser:cluster-*/${databaseUser(context)}`),
    }),
    allow("ReadConfiguration", {
      Action: "s3:GetObject",
      Resource: [
        `${arns.bucket(names.bucket(gatewayBucketPurpose))}/config/*`,
        `${arns.bucket(foundation.names.bucket("artifacts"))}/gateway/*`,
      ],
    }),
    useKey(context, decrypt),
    foundation.stack === context.stack
      ? undefined
      : { ...useKey(context, { ...decrypt, stack: foundation.stack }), Sid: "ReadArtifactsKey" },
  ];
}

/** What ECS does before a task starts: pull the image, read the secrets, open the log. */
export function executionStatements(context: StackContext): readonly Statement[] {
  const { arns, names } = context;
  return [
    allow("SignInToRegistry", { Action: "ecr:GetAuthorizationToken", Resource: "*" }),
    allow("PullImage", {
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Resource: arns.repository(names.repository("gateway")),
    }),
    allow("ReadSecrets", {
      Action: "secretsmanager:GetSecretValue",
      Resource: Object.values(secretPurposes).map((purpose) => arns.secret(names.secret(purpose))),
    }),
    useKey(context, { purpose: "secrets", via: "secretsmanager", actions: ["kms:Decrypt"] }),
    allow("WriteLogs", {
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${arns.logGroup(serviceNames(context).logGroup)}:log-stream:*`,
    }),
  ];
}

/** What the migration function may do: run the migration task of its stack, and watch it. */
export function migrationStatements(context: StackContext): readonly Statement[] {
  const { arns, names } = context;
  const { cluster, migrationFamily } = serviceNames(context);
  const inCluster: Conditions = { ArnEquals: { "ecs:cluster": arns.cluster(cluster) } };
  return [
    allow("RunMigration", {
      Action: "ecs:RunTask",
      Resource: arns.regional("ecs", `task-definition/${migrationFamily}:*`),
      Condition: inCluster,
    }),
    allow("WatchMigration", {
      Action: "ecs:DescribeTasks",
      Resource: arns.regional("ecs", `task/${cluster}/*`),
      Condition: inCluster,
    }),
    allow("GiveTaskItsRoles", {
      Action: "iam:PassRole",
      Resource: Object.values(taskRolePurposes).map((purpose) => arns.role(names.role(purpose))),
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    }),
  ];
}
