import { arns, iamPath, modelArns, modelTiers, names, type StackSpec } from "../../config";
import { allow, document, type Conditions, type Statement } from "../policy-document";

/** An endpoint of the network and who may do what through it. */
export interface PlannedEndpoint {
  /** Service suffix, e.g. `bedrock-runtime`. */
  readonly service: string;
  readonly type: "Interface" | "Gateway";
  /** Host names that resolve to it, without wildcard. */
  readonly hosts: readonly string[];
  readonly policy: string;
}

/** Which parts of a stack a service is for: `network` is every network with workspaces, the others where the stack has the section. */
type Part = "network" | "gateway" | "observability";

interface Service {
  readonly parts: readonly Part[];
  /** What may be asked of it through the endpoint. */
  readonly actions: readonly string[];
  /** Actions that belong to no resource, so that no resource's account can be compared. */
  readonly unowned?: readonly string[];
  /** Host name where it is not SERVICE.REGION.amazonaws.com. */
  readonly host?: (region: string, accountId: string) => string;
}

const pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/** Every service that something inside the network calls, with the actions it calls: tests/security/hosts.test.ts compares both with the code. */
const services: Readonly<Record<string, Service>> = {
  ssm: { parts: ["network"], actions: [], unowned: ["ssm:UpdateInstanceInformation", "ssm:DescribeSessions"] },
  ssmmessages: {
    parts: ["network"],
    actions: [],
    unowned: [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ],
  },
  ec2: {
    parts: ["network"],
    actions: ["ec2:StartInstances", "ec2:StopInstances"],
    unowned: ["ec2:DescribeInstances"],
  },
  kms: { parts: ["network"], actions: ["kms:Decrypt", "kms:GenerateDataKey"] },
  logs: {
    parts: ["network"],
    actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
    unowned: ["logs:DescribeLogGroups"],
  },
  monitoring: { parts: ["network"], actions: [], unowned: ["cloudwatch:GetMetricData", "cloudwatch:PutMetricData"] },
  secretsmanager: {
    parts: ["network"],
    actions: [
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetSecretValue",
      "secretsmanager:PutSecretValue",
      "secretsmanager:RotateSecret",
      "secretsmanager:UpdateSecretVersionStage",
    ],
    unowned: ["secretsmanager:ListSecrets"],
  },
  sts: { parts: ["network"], actions: [], unowned: ["sts:GetCallerIdentity"] },
  "ecr.api": {
    parts: ["network"],
    actions: pull,
    unowned: ["ecr:GetAuthorizationToken"],
    host: (region) => `api.ecr.${region}.amazonaws.com`,
  },
  "ecr.dkr": {
    parts: ["network"],
    actions: pull,
    unowned: ["ecr:GetAuthorizationToken"],
    host: (region, accountId) => `${accountId}.dkr.ecr.${region}.amazonaws.com`,
  },
  ecs: {
    parts: ["gateway", "observability"],
    actions: ["ecs:DescribeTasks", "ecs:RegisterTaskDefinition", "ecs:RunTask", "ecs:StopTask", "ecs:UpdateService"],
    unowned: ["ecs:DeregisterTaskDefinition", "ecs:DescribeTaskDefinition"],
  },
  // A batch's model is AWS's, so no resource's account can be compared when it starts.
  bedrock: {
    parts: ["gateway"],
    actions: ["bedrock:GetModelInvocationJob", "bedrock:StopModelInvocationJob", "bedrock:TagResource"],
    unowned: ["bedrock:CreateModelInvocationJob", "bedrock:ListModelInvocationJobs"],
  },
  lambda: { parts: ["gateway", "observability"], actions: ["lambda:InvokeFunction"] },
};

/** Conditions of every statement: the account's own principals, and only the roles of this organization. */
function ownRoles(spec: StackSpec): Conditions {
  return {
    StringEquals: { "aws:PrincipalAccount": spec.accountId },
    ArnLike: { "aws:PrincipalArn": `arn:aws:iam::*:role${iamPath}${spec.platform.organization}-*` },
  };
}

function ownResources(spec: StackSpec): Conditions {
  const { StringEquals, ...others } = ownRoles(spec);
  return { ...others, StringEquals: { ...StringEquals, "aws:ResourceAccount": spec.accountId } };
}

function servicePolicy(spec: StackSpec, service: Service): string {
  const statement = (sid: string, actions: readonly string[], condition: Conditions): Statement | undefined =>
    actions.length > 0
      ? allow(sid, { Principal: "*", Action: actions, Resource: "*", Condition: condition })
      : undefined;
  return document(
    statement("OwnRolesOnOwnResources", service.actions, ownResources(spec)),
    statement("OwnRoles", service.unowned ?? [], ownRoles(spec)),
  );
}

/** Names of the roles that may call models: the gateway's tasks, nobody else. */
export function modelCallers(spec: StackSpec): readonly string[] {
  return [arns(spec).role(names(spec.platform.organization).role(spec.stack, "gateway-task"))];
}

const invoke = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];

/** The model endpoint's policy: the gateway's role, and the catalogue's models inside the residency. */
export function modelEndpointPolicy(spec: StackSpec): string {
  const { region, accountId } = spec;
  const platform = { ...spec.platform, region, accountId };
  const models = modelTiers.map((tier) => modelArns(platform, tier));
  const gateway: Conditions = { ArnEquals: { "aws:PrincipalArn": modelCallers(spec) } };
  return document(
    allow("GatewayThroughProfiles", {
      Principal: "*",
      Action: invoke,
      Resource: [
        arns(spec).regional("bedrock", "application-inference-profile/*"),
        ...models.map((model) => model.inferenceProfile),
      ],
      Condition: gateway,
    }),
    allow("GatewayOnModels", {
      Principal: "*",
      Action: invoke,
      Resource: [...new Set(models.flatMap((model) => model.foundationModels))],
      Condition: gateway,
    }),
  );
}

/** Buckets of AWS's own that machines read without or with AWS's credentials: packages, image layers, the agent's updates. */
export function awsBuckets(region: string): readonly string[] {
  return [`al2023-repos-${region}-de612dc2`, `prod-${region}-starport-layer-bucket`, `amazon-ssm-${region}`];
}

function s3Policy(spec: StackSpec): string {
  const own = arns(spec).bucket(`${spec.platform.organization}-*`);
  return document(
    allow("OwnRolesOnOwnBuckets", {
      Principal: "*",
      Action: [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetEncryptionConfiguration",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
      ],
      Resource: [own, `${own}/*`],
      Condition: ownResources(spec),
    }),
    // Read anonymously, or by principals of AWS: no condition on the caller is possible.
    allow("PackagesLayersAgent", {
      Principal: "*",
      Action: "s3:GetObject",
      Resource: awsBuckets(spec.region).map((bucket) => `${arns(spec).bucket(bucket)}/*`),
    }),
  );
}

/** The endpoints that a stack's own network needs, in order of their names, S3 first. */
export function planEndpoints(spec: StackSpec): PlannedEndpoint[] {
  const { region, accountId } = spec;
  const has: Readonly<Record<Part, boolean>> = {
    network: true,
    gateway: spec.gateway !== undefined,
    observability: spec.observability !== undefined,
  };
  const planned = Object.entries(services)
    .filter(([, service]) => service.parts.some((part) => has[part]))
    .map(([name, service]) => ({
      service: name,
      type: "Interface" as const,
      hosts: [service.host?.(region, accountId) ?? `${name}.${region}.amazonaws.com`],
      policy: servicePolicy(spec, service),
    }));
  // Also where no gateway stands: a call past the gateway then stops at a policy that admits nobody there.
  const models = {
    service: "bedrock-runtime",
    type: "Interface" as const,
    hosts: [`bedrock-runtime.${region}.amazonaws.com`],
    policy: modelEndpointPolicy(spec),
  };
  return [
    { service: "s3", type: "Gateway", hosts: [`s3.${region}.amazonaws.com`], policy: s3Policy(spec) },
    ...[...planned, models].sort((a, b) => (a.service < b.service ? -1 : 1)),
  ];
}
