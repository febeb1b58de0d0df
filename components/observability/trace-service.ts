import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { arns, iamPath, names, tags, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import type { AccessFacts, KeyFacts, NetworkFacts } from "../facts";
import { useKey } from "../kit";
import { allow, document, serviceTrust, type Statement } from "../policy-document";

/** Arguments of {@link TraceService}. */
export interface TraceServiceArgs {
  readonly spec: StackSpec;
  /** Part of physical names and, in the traces zone, the DNS name: `langfuse`, `langfuse-worker`, `collector`. */
  readonly purpose: string;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
  readonly clusterArn: pulumi.Input<string>;
  readonly alarmTopicArn: pulumi.Input<string>;
  /** Cloud Map namespace of the traces zone. */
  readonly namespaceId: pulumi.Input<string>;
  /** Group of the tasks; made by the caller, because stores admit it before the service exists. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Image by digest. */
  readonly image: pulumi.Input<string>;
  readonly command?: readonly string[];
  readonly port: number;
  /** Shell command that fails when the container is unwell; absent where the image has no shell. */
  readonly healthCheck?: string;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly tasks: number;
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** ARNs of secrets, or of one key of a JSON secret (`ARN:key::`). */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  /** Known Secrets Manager names of all of `secrets`. */
  readonly secretNames: readonly string[];
  /** What the task itself may do; often nothing. */
  readonly statements: readonly Statement[];
  /** Folders that the image writes to; everything else is read-only. */
  readonly writable?: readonly string[];
}

/**
 * One service of the trace store on Fargate (ARM), as awsx makes it when task definition and network are given: no public address, a
 * read-only root, its secrets injected at the start, a deployment that rolls back by itself, found by name in the traces zone.
 */
export class TraceService extends pulumi.ComponentResource {
  readonly taskDefinitionArn: pulumi.Output<string>;

  constructor(name: string, args: TraceServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:TraceService", name, {}, opts);
    const { spec, purpose, network } = args;
    const child = { parent: this };
    const tagged = { tags: tags(spec, { Purpose: purpose }) };
    const logGroupName = names(spec.platform.organization).logGroup(spec.stack, purpose);

    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        name: logGroupName,
        kmsKeyId: args.keys.logs,
        retentionInDays: spec.dataControl["gateway-logs"].retentionDays,
        ...tagged,
      },
      child,
    );
    const executionRole = this.#role(name, args, "execution", [
      allow("SignInToRegistry", { Action: "ecr:GetAuthorizationToken", Resource: "*" }),
      allow("PullImage", {
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: arns(spec).regional("ecr", `repository/${names(spec.platform.organization).repository("*")}`),
      }),
      allow("ReadSecrets", {
        Action: "secretsmanager:GetSecretValue",
        Resource: args.secretNames.map((secret) => arns(spec).secret(secret)),
      }),
      useKey(contextOf(spec), {
        stack: args.secretNames.some((secret) => secret.includes("*")) ? "*" : spec.stack,
        purpose: "secrets",
        via: "secretsmanager",
        actions: ["kms:Decrypt"],
      }),
      allow("WriteLogs", {
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${arns(spec).logGroup(logGroupName)}:log-stream:*`,
      }),
    ]);
    const taskRole = this.#role(name, args, "task", args.statements);

    const definition = new aws.ecs.TaskDefinition(
      `${name}-task`,
      {
        family: names(spec.platform.organization).lambda(spec.stack, purpose),
        requiresCompatibilities: ["FARGATE"],
        runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
        networkMode: "awsvpc",
        cpu: String(args.cpu),
        memory: String(args.memoryMiB),
        executionRoleArn: executionRole.arn,
        taskRoleArn: taskRole.arn,
        containerDefinitions: pulumi.jsonStringify([
          {
            name: purpose,
            image: args.image,
            essential: true,
            ...(args.command && { command: args.command }),
            portMappings: [{ containerPort: args.port, protocol: "tcp" }],
            readonlyRootFilesystem: true,
            privileged: false,
            linuxParameters: {
              initProcessEnabled: true,
              capabilities: { drop: ["ALL"] },
              // Memory, not a volume: Fargate mounts volumes as root's, and the images do not run as root.
              tmpfs: (args.writable ?? []).map((containerPath) => ({
                containerPath,
                size: 256,
                mountOptions: ["rw", "nosuid", "nodev", "mode=1777"],
              })),
            },
            ...(args.healthCheck && {
              healthCheck: {
                command: ["CMD-SHELL", args.healthCheck],
                interval: 15,
                timeout: 5,
                retries: 3,
                startPeriod: 180,
              },
            }),
            environment: sorted(args.environment).map(([key, value]) => ({ name: key, value })),
            secrets: sorted(args.secrets).map(([key, valueFrom]) => ({ name: key, valueFrom })),
            logConfiguration: {
              logDriver: "awslogs",
              options: { "awslogs-group": logs.name, "awslogs-region": spec.region, "awslogs-stream-prefix": purpose },
            },
          },
        ]),
        ...tagged,
      },
      child,
    );
    const discovery = new aws.servicediscovery.Service(
      `${name}-name`,
      {
        name: purpose,
        dnsConfig: {
          namespaceId: args.namespaceId,
          routingPolicy: "MULTIVALUE",
          dnsRecords: [{ type: "A", ttl: 10 }],
        },
        ...tagged,
      },
      child,
    );
    new awsx.ecs.FargateService(
      `${name}-service`,
      {
        name: names(spec.platform.organization).lambda(spec.stack, purpose),
        cluster: args.clusterArn,
        taskDefinition: definition.arn,
        networkConfiguration: {
          subnets: network.subnetIds,
          securityGroups: [args.securityGroupId],
          assignPublicIp: false,
        },
        desiredCount: args.tasks,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        enableExecuteCommand: false,
        propagateTags: "SERVICE",
        serviceRegistries: { registryArn: discovery.arn },
        ...tagged,
      },
      child,
    );
    new aws.cloudwatch.MetricAlarm(
      `${name}-missing`,
      {
        alarmDescription: `${purpose} has had too few tasks for ten minutes: traces wait in the collector for five, then they are lost`,
        namespace: "ECS/ContainerInsights",
        metricName: "RunningTaskCount",
        dimensions: {
          ClusterName: names(spec.platform.organization).lambda(spec.stack, "traces"),
          ServiceName: names(spec.platform.organization).lambda(spec.stack, purpose),
        },
        statistic: "Minimum",
        period: 300,
        evaluationPeriods: 2,
        threshold: args.tasks,
        comparisonOperator: "LessThanThreshold",
        treatMissingData: "breaching",
        alarmActions: [args.alarmTopicArn],
        okActions: [args.alarmTopicArn],
        ...tagged,
      },
      child,
    );
    this.taskDefinitionArn = definition.arn;
    this.registerOutputs({ taskDefinitionArn: this.taskDefinitionArn });
  }

  #role(
    name: string,
    args: TraceServiceArgs,
    kind: "execution" | "task",
    statements: readonly Statement[],
  ): aws.iam.Role {
    const { spec, purpose } = args;
    const role = new aws.iam.Role(
      `${name}-${kind}-role`,
      {
        name: names(spec.platform.organization).role(spec.stack, `${purpose}-${kind}`),
        path: iamPath,
        description: kind === "task" ? `What ${purpose} may do` : `What ECS does to start ${purpose}`,
        assumeRolePolicy: serviceTrust("ecs-tasks.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": spec.accountId },
          ArnLike: { "aws:SourceArn": arns(spec).regional("ecs", "*") },
        }),
        permissionsBoundary: args.access.workloadBoundaryArn,
        tags: tags(spec, { Purpose: purpose }),
      },
      { parent: this },
    );
    if (statements.length > 0) {
      new aws.iam.RolePolicy(
        `${name}-${kind}-policy`,
        { role: role.name, policy: document(...statements) },
        { parent: this },
      );
    }
    return role;
  }
}

const sorted = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
