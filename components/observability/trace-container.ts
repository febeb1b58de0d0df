import type * as pulumi from "@pulumi/pulumi";
import { scratch, useKey, type StackContext } from "../kit";
import { allow, type Statement } from "../policy-document";

/** One container of a service of the trace store. */
export interface TraceContainer {
  /** Image by digest. */
  readonly image: pulumi.Input<string>;
  readonly entryPoint?: readonly string[];
  readonly command?: readonly string[];
  /** Port that the task's network interface takes; absent: the loopback only. */
  readonly port?: number;
  /** Shell command that fails when the container is unhealthy; absent where the image has no shell. */
  readonly healthCheck?: string;
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** ARNs of secrets, or of one key of a JSON secret (`ARN:key::`). */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  /** Folders in memory that it writes to; everything else is read-only. */
  readonly writable?: readonly string[];
  /** `uid:gid`; default the image's own. */
  readonly user?: string;
  /** Folder of the task's volume, and whether this container fills it. */
  readonly volume?: { readonly folder: string; readonly fills: boolean };
  /** Containers that come first: `SUCCESS` has ended well, `START` has begun. */
  readonly after?: Readonly<Record<string, "SUCCESS" | "START">>;
  /** False for a container that ends by itself; default true. */
  readonly essential?: boolean;
}

/** Where the containers log to. */
export interface TraceLogs {
  readonly groupName: pulumi.Input<string>;
  readonly region: string;
}

/** Name of the one volume of a task. */
export const taskVolume = "trust";

/** A container definition as ECS takes it: read-only root, no capabilities, secrets by reference. */
export function planTraceContainer(name: string, container: TraceContainer, logs: TraceLogs) {
  const { image, entryPoint, command, port, healthCheck, environment, secrets, writable = [] } = container;
  const { user, volume, after = {}, essential = true } = container;
  return {
    name,
    image,
    essential,
    ...(user !== undefined && { user }),
    ...(entryPoint && { entryPoint }),
    ...(command && { command }),
    portMappings: port === undefined ? [] : [{ containerPort: port, protocol: "tcp" }],
    readonlyRootFilesystem: true,
    privileged: false,
    linuxParameters: {
      initProcessEnabled: true,
      capabilities: { drop: ["ALL"] },
      tmpfs: writable.map((folder) => scratch(folder, 256)),
    },
    ...(volume && {
      mountPoints: [{ sourceVolume: taskVolume, containerPath: volume.folder, readOnly: !volume.fills }],
    }),
    ...(Object.keys(after).length > 0 && {
      dependsOn: Object.entries(after).map(([containerName, condition]) => ({ containerName, condition })),
    }),
    ...(healthCheck !== undefined && {
      healthCheck: { command: ["CMD-SHELL", healthCheck], interval: 15, timeout: 5, retries: 3, startPeriod: 180 },
    }),
    environment: sorted(environment).map(([variable, value]) => ({ name: variable, value })),
    secrets: sorted(secrets).map(([variable, valueFrom]) => ({ name: variable, valueFrom })),
    logConfiguration: {
      logDriver: "awslogs",
      options: { "awslogs-group": logs.groupName, "awslogs-region": logs.region, "awslogs-stream-prefix": name },
    },
  };
}
const sorted = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

/** Lets a role pull an image of `repository`, a physical name or a pattern. */
export const pullImage = ({ arns }: StackContext, repository: string): readonly Statement[] => [
  allow("SignInToRegistry", { Action: "ecr:GetAuthorizationToken", Resource: "*" }),
  allow("PullImage", {
    Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    Resource: arns.repository(repository),
  }),
];

/** Lets a role write to a log group that exists. */
export const writeLogs = ({ arns }: StackContext, groupName: string): Statement =>
  allow("WriteLogs", {
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: `${arns.logGroup(groupName)}:log-stream:*`,
  });

/** What ECS may do to start a service: pull its image, read its secrets, write its logs. */
export const planStartStatements = (
  context: StackContext,
  groupName: string,
  secretNames: readonly string[],
): readonly Statement[] => [
  ...pullImage(context, context.names.repository("*")),
  allow("ReadSecrets", {
    Action: "secretsmanager:GetSecretValue",
    Resource: secretNames.map((secret) => context.arns.secret(secret)),
  }),
  useKey(context, {
    stack: secretNames.some((secret) => secret.includes("*")) ? "*" : context.stack,
    purpose: "secrets",
    via: "secretsmanager",
    actions: ["kms:Decrypt"],
  }),
  writeLogs(context, groupName),
];
