import type * as pulumi from "@pulumi/pulumi";
import { useKey, type StackContext } from "../kit";
import { allow, type Statement } from "../policy-document";

/** The container of a service of the trace store. */
export interface TraceContainer {
  /** Image by digest. */
  readonly image: pulumi.Input<string>;
  readonly command?: readonly string[];
  readonly port: number;
  /** Shell command that fails when the container is unhealthy; absent where the image has no shell. */
  readonly healthCheck?: string;
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** ARNs of secrets, or of one key of a JSON secret (`ARN:key::`). */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  /** Folders that the image writes to; everything else is read-only. */
  readonly writable?: readonly string[];
}

/** Where the container logs to. */
export interface TraceLogs {
  readonly groupName: pulumi.Input<string>;
  readonly region: string;
}

/** A container definition as ECS takes it: read-only root, no capabilities, secrets by reference. */
export function planTraceContainer(purpose: string, container: TraceContainer, logs: TraceLogs) {
  const { image, command, port, healthCheck, environment, secrets, writable = [] } = container;
  return {
    name: purpose,
    image,
    essential: true,
    ...(command && { command }),
    portMappings: [{ containerPort: port, protocol: "tcp" }],
    readonlyRootFilesystem: true,
    privileged: false,
    linuxParameters: {
      initProcessEnabled: true,
      capabilities: { drop: ["ALL"] },
      // Memory, not a volume: Fargate mounts volumes as root's, and the images do not run as root.
      tmpfs: writable.map((containerPath) => ({
        containerPath,
        size: 256,
        mountOptions: ["rw", "nosuid", "nodev", "mode=1777"],
      })),
    },
    ...(healthCheck !== undefined && {
      healthCheck: { command: ["CMD-SHELL", healthCheck], interval: 15, timeout: 5, retries: 3, startPeriod: 180 },
    }),
    environment: sorted(environment).map(([name, value]) => ({ name, value })),
    secrets: sorted(secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    logConfiguration: {
      logDriver: "awslogs",
      options: { "awslogs-group": logs.groupName, "awslogs-region": logs.region, "awslogs-stream-prefix": purpose },
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
