import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { accountTrust, alarm, boundedRole, logGroup, waitFor, type BoundedRole } from "../kit";
import type { Statement } from "../policy-document";
import { tracesPurpose } from "./functions";
import { planStartStatements, planTraceContainer, taskVolume, type TraceContainer } from "./trace-container";
import { mirrored, type TracePlace } from "./trace-place";

/** Arguments of {@link TraceService}. */
export interface TraceServiceArgs {
  /** Part of physical names and, in the traces zone, the DNS name: `langfuse`, `langfuse-worker`, `collector`. */
  readonly purpose: string;
  readonly place: TracePlace;
  /** Group of the tasks; made by the caller, because stores admit it before the service exists. */
  readonly securityGroupId: pulumi.Input<string>;
  /** By name. One is called as the service. */
  readonly containers: Readonly<Record<string, TraceContainer>>;
  /** CPU units, 1,024 to a vCPU. */
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly tasks: number;
  /** Known Secrets Manager names of all of the containers' secrets. */
  readonly secretNames: readonly string[];
  /** What the task itself may do; often nothing. */
  readonly statements: readonly Statement[];
  /** What a task connects to at its start, and the rules on both sides. */
  readonly startsAfter: readonly pulumi.Resource[];
}

/**
 * One service of the trace store on Fargate (ARM), as awsx makes it when task definition and network are given: no public address, a
 * read-only root, secrets injected at the start, a deployment that rolls back by itself, a DNS name in the traces zone.
 */
export class TraceService extends pulumi.ComponentResource {
  readonly taskDefinitionArn: pulumi.Output<string>;
  readonly #name: string;
  readonly #args: TraceServiceArgs;
  readonly #tags: Record<string, string>;

  constructor(name: string, args: TraceServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:TraceService", name, {}, opts);
    this.#name = name;
    this.#args = args;
    this.#tags = args.place.context.tags({ Purpose: args.purpose });

    const definition = this.#definition(this.#logs());
    this.#service(definition, this.#dnsName());
    this.#missingTasks();

    this.taskDefinitionArn = definition.arn;
    this.registerOutputs({ taskDefinitionArn: this.taskDefinitionArn });
  }

  #logGroupName(): string {
    const { purpose, place } = this.#args;
    return place.context.names.logGroup(purpose);
  }

  #logs(): aws.cloudwatch.LogGroup {
    const { context, keys } = this.#args.place;
    return logGroup(
      `${this.#name}-logs`,
      { context, groupName: this.#logGroupName(), keys, retention: "gateway-logs", tags: this.#tags },
      { parent: this },
    );
  }

  #role(kind: "execution" | "task", description: string, statements: readonly Statement[]): BoundedRole {
    const { purpose, place } = this.#args;
    const { context, access } = place;
    return boundedRole(
      `${this.#name}-${kind}-role`,
      {
        roleName: context.names.role(`${purpose}-${kind}`),
        description,
        trust: accountTrust(context, "ecs-tasks.amazonaws.com", context.arns.regional("ecs", "*")),
        boundaryArn: access.workloadBoundaryArn,
        statements,
        tags: this.#tags,
      },
      { parent: this },
    );
  }

  #definition(logs: aws.cloudwatch.LogGroup): aws.ecs.TaskDefinition {
    const { purpose, place, containers, cpu, memoryMiB, secretNames, statements } = this.#args;
    const { context } = place;
    const start = planStartStatements(context, this.#logGroupName(), secretNames);
    const containerLogs = { groupName: logs.name, region: context.region };
    const execution = this.#role("execution", `What ECS does to start ${purpose}`, start);
    const task = this.#role("task", `What ${purpose} may do`, statements);
    const definitions = Object.entries(containers).map(([name, container]) =>
      planTraceContainer(name, container, containerLogs),
    );
    return new aws.ecs.TaskDefinition(
      `${this.#name}-task`,
      {
        family: context.names.taskFamily(purpose),
        requiresCompatibilities: ["FARGATE"],
        runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
        networkMode: "awsvpc",
        cpu: String(cpu),
        memory: String(memoryMiB),
        executionRoleArn: execution.role.arn,
        taskRoleArn: task.role.arn,
        ...(Object.values(containers).some(({ volume }) => volume) && { volumes: [{ name: taskVolume }] }),
        containerDefinitions: pulumi.jsonStringify(definitions),
        tags: this.#tags,
      },
      {
        parent: this,
        dependsOn: [...execution.policies, ...task.policies, ...this.#args.startsAfter, ...waitFor(place.keys)],
      },
    );
  }

  /** The service's DNS name in the traces zone: the addresses of its tasks. */
  #dnsName(): aws.servicediscovery.Service {
    const { purpose, place } = this.#args;
    return traceName(`${this.#name}-name`, purpose, place, { parent: this });
  }

  #service(definition: aws.ecs.TaskDefinition, dnsName: aws.servicediscovery.Service): void {
    const { purpose, place, securityGroupId, tasks } = this.#args;
    new awsx.ecs.FargateService(
      `${this.#name}-service`,
      {
        name: place.context.names.service(purpose),
        cluster: place.clusterArn,
        taskDefinition: mirrored(place.artifacts, definition.arn),
        networkConfiguration: {
          subnets: place.network.subnetIds,
          securityGroups: [securityGroupId],
          assignPublicIp: false,
        },
        desiredCount: tasks,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        enableExecuteCommand: false,
        propagateTags: "SERVICE",
        serviceRegistries: { registryArn: dnsName.arn },
        tags: this.#tags,
      },
      { parent: this },
    );
  }

  #missingTasks(): void {
    const { purpose, place, tasks } = this.#args;
    const { names } = place.context;
    alarm(
      `${this.#name}-missing`,
      {
        description: `${purpose} has had too few tasks for ten minutes: traces wait in the collector for five, then they are lost`,
        runbook: "alarms-of-the-trace-store",
        audience: "infrastructure",
        namespace: "ECS/ContainerInsights",
        metricName: "RunningTaskCount",
        dimensions: { ClusterName: names.cluster(tracesPurpose), ServiceName: names.service(purpose) },
        statistic: "Minimum",
        period: 300,
        evaluationPeriods: 2,
        threshold: tasks,
        comparisonOperator: "LessThanThreshold",
        treatMissingData: "breaching",
        topicArn: place.alarmTopicArn,
        tags: this.#tags,
      },
      { parent: this },
    );
  }
}

/** A DNS name in the traces zone: A records of ten seconds, one for each registered address. */
export function traceName(
  name: string,
  purpose: string,
  { context, namespaceId }: Pick<TracePlace, "context" | "namespaceId">,
  opts: pulumi.CustomResourceOptions,
): aws.servicediscovery.Service {
  return new aws.servicediscovery.Service(
    name,
    {
      name: purpose,
      dnsConfig: { namespaceId, routingPolicy: "MULTIVALUE", dnsRecords: [{ type: "A", ttl: 10 }] },
      tags: context.tags({ Purpose: purpose }),
    },
    opts,
  );
}
