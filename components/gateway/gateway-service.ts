import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, iamPath, names, tags, type GatewaySpec, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import type { AccessFacts, KeyFacts, NetworkFacts, ObservabilityFacts } from "../facts";
import { LambdaFunction } from "../lambda";
import { serviceTrust } from "../policy-document";
import type { Configuration } from "./configuration";
import { gatewayMigration } from "./functions";
import { migrationContainers, serviceContainers, type ContainerPlan } from "./containers";
import { taskPort, type GatewayLoadBalancer } from "./load-balancer";
import { serviceScaling } from "./scaling";
import { databaseUser, executionPolicy, gatewayBucketPurpose, secretPurposes, taskPolicy } from "./task-policies";

/** Arguments of {@link GatewayService}. */
export interface GatewayServiceArgs {
  readonly spec: StackSpec;
  readonly gateway: GatewaySpec;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
  readonly observability: ObservabilityFacts;
  readonly configuration: Configuration;
  readonly taskGroupId: pulumi.Input<string>;
  readonly loadBalancer: GatewayLoadBalancer;
  /** What a task finds at its start: configuration objects, secrets, the database with its owner. */
  readonly startsAfter: pulumi.Input<pulumi.Resource>[];
}

/** Name of LiteLLM's database. */
export const databaseName = "litellm";

/** Sizes of a task: a vCPU and 2 GiB for each worker (LiteLLM takes .7 GiB, and more under load). */
const taskSize = { cpu: "2048", memory: "4096" } as const;

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
  /** Known once the service is steady. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: GatewayServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:gateway:GatewayService", name, {}, opts);
    const { spec, gateway, network, keys, loadBalancer } = args;
    const known = names(spec.platform.organization);
    const clusterName = known.lambda(spec.stack, "gateway");
    const logGroupName = known.logGroup(spec.stack, "gateway");
    const child = { parent: this };
    const tagged = { tags: tags(spec, { Purpose: "gateway" }) };

    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        name: logGroupName,
        kmsKeyId: keys.logs,
        retentionInDays: spec.dataControl["gateway-logs"].retentionDays,
        ...tagged,
      },
      child,
    );
    const cluster = new aws.ecs.Cluster(
      `${name}-cluster`,
      {
        name: clusterName,
        settings: [{ name: "containerInsights", value: "enabled" }],
        configuration: { managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: keys.data } },
        ...tagged,
      },
      child,
    );
    const taskRole = this.#role(
      name,
      args,
      "gateway-task",
      "Invokes the departments' inference profiles",
      taskPolicy(spec),
    );
    const execution = this.#role(
      name,
      args,
      "gateway-execution",
      "Pulls the gateway's image and reads its secrets",
      executionPolicy(spec, logGroupName),
    );
    const plan = containerPlan(spec, args.configuration, logGroupName);
    const definition = (noun: string, family: string, containers: unknown) =>
      new aws.ecs.TaskDefinition(
        `${name}-${noun}`,
        {
          family,
          ...taskSize,
          networkMode: "awsvpc",
          requiresCompatibilities: ["FARGATE"],
          runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
          taskRoleArn: taskRole.role.arn,
          executionRoleArn: execution.role.arn,
          volumes: [{ name: "config" }, { name: "tmp" }],
          containerDefinitions: JSON.stringify(containers),
          ...tagged,
        },
        { ...child, dependsOn: [logs, taskRole.policy, execution.policy, ...args.startsAfter] },
      );
    const migrated = this.#migrate(
      name,
      args,
      cluster,
      definition("migration", `${clusterName}-migration`, migrationContainers(plan)),
    );
    const task = definition("task", clusterName, serviceContainers(plan));
    const service = new aws.ecs.Service(
      `${name}-service`,
      {
        name: clusterName,
        cluster: cluster.arn,
        taskDefinition: task.arn,
        launchType: "FARGATE",
        desiredCount: gateway.minTasks,
        networkConfiguration: {
          subnets: network.subnetIds,
          securityGroups: [args.taskGroupId],
          assignPublicIp: false,
        },
        loadBalancers: [
          {
            // Through the listener: ECS refuses a target group that nothing listens for.
            targetGroupArn: pulumi
              .all([loadBalancer.targetGroupArn, loadBalancer.listenerArn])
              .apply(([targetGroup]) => targetGroup),
            containerName: "litellm",
            containerPort: taskPort,
          },
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
        ...tagged,
      },
      // The count is autoscaling's once the service stands: an `up` after a refresh would take away tasks that people are using. Another floor
      // or ceiling moves it all the same: registering a scalable target brings its count within them (RegisterScalableTarget).
      { ...child, dependsOn: [migrated], ignoreChanges: ["desiredCount"] },
    );
    serviceScaling(
      name,
      {
        spec,
        gateway,
        clusterName,
        serviceName: clusterName,
        loadBalancer,
        alarmTopicArn: args.observability.alarmTopicArn,
      },
      { ...child, dependsOn: [service] },
    );

    this.taskRoleArn = taskRole.role.arn;
    this.clusterName = clusterName;
    this.serviceName = clusterName;
    this.logGroupName = logs.name;
    this.ready = service.id;
    this.registerOutputs({ taskRoleArn: this.taskRoleArn });
  }

  #role(name: string, args: GatewayServiceArgs, purpose: string, description: string, policy: string) {
    const { spec } = args;
    const role = new aws.iam.Role(
      `${name}-${purpose}`,
      {
        name: names(spec.platform.organization).role(spec.stack, purpose),
        path: iamPath,
        description,
        assumeRolePolicy: serviceTrust("ecs-tasks.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": spec.accountId },
          ArnLike: { "aws:SourceArn": arns(spec).regional("ecs", "*") },
        }),
        // Models are within the tasks' boundary only.
        permissionsBoundary:
          purpose === "gateway-task" ? args.access.gatewayBoundaryArn : args.access.workloadBoundaryArn,
        tags: tags(spec, { Purpose: "gateway" }),
      },
      { parent: this },
    );
    return {
      role,
      policy: new aws.iam.RolePolicy(`${name}-${purpose}-policy`, { role: role.name, policy }, { parent: this }),
    };
  }

  /** Runs the migration task, once for each of its definitions, and waits for it. */
  #migrate(
    name: string,
    args: GatewayServiceArgs,
    cluster: aws.ecs.Cluster,
    definition: aws.ecs.TaskDefinition,
  ): aws.lambda.Invocation {
    const { spec, network, keys, access, observability } = args;
    const runner = new LambdaFunction(
      `${name}-migrator`,
      {
        context: contextOf(spec),
        ...gatewayMigration(spec),
        access,
        keys,
        network,
        alarmTopicArn: observability.alarmTopicArn,
      },
      { parent: this },
    );
    return new aws.lambda.Invocation(
      `${name}-migrated`,
      {
        functionName: runner.functionName,
        input: pulumi.jsonStringify({
          cluster: cluster.arn,
          taskDefinition: definition.arn,
          subnets: network.subnetIds,
          securityGroups: [args.taskGroupId],
          container: "litellm",
        }),
        triggers: { taskDefinition: definition.arn },
      },
      { parent: this, dependsOn: [runner, ...args.startsAfter] },
    );
  }
}

/** Everything of a task that is known before anything exists. */
export function containerPlan(spec: StackSpec, configuration: Configuration, logGroup: string): ContainerPlan {
  const known = names(spec.platform.organization);
  const secretArn = (purpose: string) =>
    arns(spec).regional("secretsmanager", `secret:${known.secret(spec.stack, purpose)}`);
  return {
    region: spec.region,
    image: `${spec.accountId}.dkr.ecr.${spec.region}.amazonaws.com/${known.repository("gateway")}@${spec.images.gateway}`,
    configuration,
    configBucket: known.bucket(spec.stack, gatewayBucketPurpose, spec.accountId, spec.region),
    secrets: {
      masterKey: secretArn(secretPurposes.masterKey),
      salt: secretArn(secretPurposes.salt),
      connections: secretArn(secretPurposes.connections),
    },
    database: { user: databaseUser(spec), name: databaseName },
    logGroup,
  };
}
