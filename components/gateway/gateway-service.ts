import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { GatewaySpec } from "../../config";
import type { AccessFacts, KeyFacts, NetworkFacts, ObservabilityFacts } from "../facts";
import {
  accountTrust,
  boundedRole,
  fargateCluster,
  logGroup,
  serviceTimeouts,
  type BoundedRole,
  type StackContext,
} from "../kit";
import { LambdaFunction } from "../lambda";
import type { Statement } from "../policy-document";
import { taskSize } from "./capacity";
import type { Configuration } from "./configuration";
import {
  databaseName,
  configVolume,
  migrationContainers,
  serviceContainers,
  serviceRoll,
  type ContainerPlan,
  type TaskSecrets,
} from "./containers";
import { gatewayMigration } from "./functions";
import { listenerPorts } from "./listeners";
import type { GatewayLoadBalancer } from "./load-balancer";
import { serviceScaling } from "./scaling";
import {
  databaseUser,
  executionStatements,
  gatewayBucketPurpose,
  serviceNames,
  taskRolePurposes,
  taskStatements,
  type TaskPolicyPlan,
} from "./task-policies";

/** Arguments of {@link GatewayService}. */
export interface GatewayServiceArgs extends TaskPolicyPlan {
  /** Floor and ceiling of tasks. */
  readonly gateway: Pick<GatewaySpec, "minTasks" | "maxTasks">;
  /** Digest of the mirrored image, `sha256:…`. */
  readonly imageDigest: string;
  readonly configuration: Configuration;
  readonly secrets: TaskSecrets;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: Pick<AccessFacts, "gatewayBoundaryArn" | "workloadBoundaryArn">;
  readonly observability: Pick<ObservabilityFacts, "alarmTopicArn">;
  readonly taskGroupId: pulumi.Input<string>;
  readonly loadBalancer: GatewayLoadBalancer;
  /** What a task reads at its start: configuration objects, secrets, the database with its owner. */
  readonly startsAfter: pulumi.Input<pulumi.Resource>[];
}

/** What the definitions of the service's and the migration's task have in common. */
interface TaskParts {
  readonly logs: aws.cloudwatch.LogGroup;
  readonly task: BoundedRole;
  readonly execution: BoundedRole;
}

/**
 * LiteLLM on ECS Fargate (ARM) over the network's zones: hardened containers of an image by digest, the schema migrated by a task of its own
 * before the service rolls, a deployment that fails rolled back, tasks between floor and ceiling.
 *
 * Cost: about $73 a month for each task in Tokyo.
 */
export class GatewayService extends pulumi.ComponentResource {
  readonly taskRoleArn: pulumi.Output<string>;
  /** Known, as CloudWatch's dimensions spell them. */
  readonly clusterName: string;
  readonly serviceName: string;
  readonly logGroupName: pulumi.Output<string>;
  /** The ECS service; created once it is steady. */
  readonly service: aws.ecs.Service;

  readonly #name: string;
  readonly #args: GatewayServiceArgs;
  readonly #tags: Record<string, string>;

  constructor(name: string, args: GatewayServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:gateway:GatewayService", name, {}, opts);
    this.#name = name;
    this.#args = args;
    this.#tags = args.context.tags({ Purpose: "gateway" });
    const names = serviceNames(args.context);
    const plan = containerPlan(args.context, args);

    const logs = this.#logs();
    const cluster = fargateCluster(
      `${name}-cluster`,
      { ...args, clusterName: names.cluster, tags: this.#tags },
      { parent: this },
    );
    const task = this.#role("task", "Invokes the departments' inference profiles", taskStatements(args));
    const execution = this.#role(
      "execution",
      "Pulls the gateway's image and reads its secrets",
      executionStatements(args.context),
    );
    const parts = { logs, task, execution };
    const migration = this.#definition("migration", names.migrationFamily, migrationContainers(plan), parts);
    const migrated = this.#migrate(cluster, migration);
    const definition = this.#definition("task", names.taskFamily, serviceContainers(plan), parts);
    this.service = this.#service(cluster, definition, migrated);
    this.#scale(this.service);

    this.taskRoleArn = task.role.arn;
    this.clusterName = names.cluster;
    this.serviceName = names.service;
    this.logGroupName = logs.name;
    this.registerOutputs({ taskRoleArn: this.taskRoleArn });
  }

  #logs(): aws.cloudwatch.LogGroup {
    const { context, keys } = this.#args;
    const groupName = serviceNames(context).logGroup;
    return logGroup(
      `${this.#name}-logs`,
      { context, groupName, keys, retention: "gateway-logs", tags: this.#tags },
      { parent: this },
    );
  }

  #role(
    kind: keyof typeof taskRolePurposes,
    description: string,
    statements: readonly (Statement | undefined)[],
  ): BoundedRole {
    const { context, access } = this.#args;
    const purpose = taskRolePurposes[kind];
    return boundedRole(
      `${this.#name}-${purpose}`,
      {
        roleName: context.names.role(purpose),
        description,
        trust: accountTrust(context, "ecs-tasks.amazonaws.com", context.arns.regional("ecs", "*")),
        // Models are within the tasks' boundary only.
        boundaryArn: kind === "task" ? access.gatewayBoundaryArn : access.workloadBoundaryArn,
        statements,
        tags: this.#tags,
      },
      { parent: this },
    );
  }

  #definition(
    noun: string,
    family: string,
    containers: unknown,
    { logs, task, execution }: TaskParts,
  ): aws.ecs.TaskDefinition {
    return new aws.ecs.TaskDefinition(
      `${this.#name}-${noun}`,
      {
        family,
        ...taskSize,
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
        taskRoleArn: task.role.arn,
        executionRoleArn: execution.role.arn,
        volumes: [{ name: configVolume }],
        containerDefinitions: pulumi.jsonStringify(containers),
        tags: this.#tags,
      },
      { parent: this, dependsOn: [logs, ...task.policies, ...execution.policies, ...this.#args.startsAfter] },
    );
  }

  #service(
    cluster: aws.ecs.Cluster,
    definition: aws.ecs.TaskDefinition,
    migrated: aws.lambda.Invocation,
  ): aws.ecs.Service {
    const { context, gateway, network, taskGroupId, loadBalancer } = this.#args;
    const { api, management } = loadBalancer.targets;
    const target = (targetGroupArn: pulumi.Input<string>, containerPort: number) => ({
      targetGroupArn,
      containerName: "litellm",
      containerPort,
    });
    return new aws.ecs.Service(
      `${this.#name}-service`,
      {
        name: serviceNames(context).service,
        cluster: cluster.arn,
        taskDefinition: definition.arn,
        launchType: "FARGATE",
        desiredCount: gateway.minTasks,
        networkConfiguration: { subnets: network.subnetIds, securityGroups: [taskGroupId], assignPublicIp: false },
        loadBalancers: [
          target(api.attachedArn, listenerPorts.api.task),
          target(management.attachedArn, listenerPorts.management.task),
        ],
        availabilityZoneRebalancing: "ENABLED",
        deploymentCircuitBreaker: { enable: true, rollback: true },
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        healthCheckGracePeriodSeconds: 240,
        enableExecuteCommand: false,
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
        waitForSteadyState: true,
        tags: this.#tags,
      },
      // The count is autoscaling's once the service runs: an `up` after a refresh would stop tasks in use. Another floor or ceiling still moves
      // it: registering a scalable target brings its count within them (RegisterScalableTarget).
      {
        parent: this,
        dependsOn: [migrated],
        ignoreChanges: ["desiredCount"],
        customTimeouts: serviceTimeouts(serviceRoll),
      },
    );
  }

  #scale(service: aws.ecs.Service): void {
    const { context, gateway, loadBalancer, observability } = this.#args;
    const names = serviceNames(context);
    serviceScaling(
      this.#name,
      {
        context,
        gateway,
        clusterName: names.cluster,
        serviceName: names.service,
        loadBalancer,
        alarmTopicArn: observability.alarmTopicArn,
      },
      { parent: this, dependsOn: [service] },
    );
  }

  /** Runs the migration task, once for each of its definitions, and waits for it. */
  #migrate(cluster: aws.ecs.Cluster, definition: aws.ecs.TaskDefinition): aws.lambda.Invocation {
    const { context, network, keys, access, observability, taskGroupId, startsAfter } = this.#args;
    const runner = new LambdaFunction(
      `${this.#name}-migrator`,
      { context, ...gatewayMigration(context), access, keys, network, alarmTopicArn: observability.alarmTopicArn },
      { parent: this },
    );
    return new aws.lambda.Invocation(
      `${this.#name}-migrated`,
      {
        functionName: runner.functionName,
        input: pulumi.jsonStringify({
          cluster: cluster.arn,
          taskDefinition: definition.arn,
          subnets: network.subnetIds,
          securityGroups: [taskGroupId],
          container: "litellm",
        }),
        triggers: { taskDefinition: definition.arn },
      },
      { parent: this, dependsOn: [runner, ...startsAfter] },
    );
  }
}

/** Everything of a task's containers. */
export function containerPlan(
  context: StackContext,
  { imageDigest, configuration, secrets }: Pick<GatewayServiceArgs, "imageDigest" | "configuration" | "secrets">,
): ContainerPlan {
  const { names, accountId, region } = context;
  return {
    region,
    image: `${accountId}.dkr.ecr.${region}.amazonaws.com/${names.repository("gateway")}@${imageDigest}`,
    configuration,
    configBucket: names.bucket(gatewayBucketPurpose),
    secrets,
    database: { user: databaseUser(context), name: databaseName },
    logGroup: serviceNames(context).logGroup,
  };
}
