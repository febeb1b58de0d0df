import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, iamPath, names, tags, type StackSpec } from "../../config";
import type { AccessFacts, KeyFacts, NetworkFacts } from "../facts";
import { serviceTrust, type Statement } from "../policy-document";
import { functionAlarms } from "./function-alarms";
import { functionCode } from "./function-code";
import { functionPolicy, queuePolicy } from "./function-policy";

/** What a function inside the VPC may open a connection to, besides the interface endpoints and S3. */
export interface Reach {
  readonly securityGroupId: pulumi.Input<string>;
  readonly port: number;
}

/** Arguments of {@link LambdaFunction}. */
export interface LambdaFunctionArgs {
  readonly spec: StackSpec;
  /** Folder under functions/ with its handler; part of its physical names. */
  readonly purpose: string;
  /** Tells two functions of the same code in one stack apart; default `purpose`. */
  readonly physicalPurpose?: string;
  /** One sentence in Latin-1. */
  readonly description: string;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
  readonly keys: KeyFacts;
  /** Where it runs. Absent: outside every VPC, which the pack lets pass by a standing exemption only. */
  readonly network?: NetworkFacts;
  /** By a noun that names the rule, e.g. `gateway`. */
  readonly reaches?: Readonly<Record<string, Reach>>;
  /** What its role may do besides logging, over known names. */
  readonly statements?: readonly Statement[];
  /** No secrets: they are read from Secrets Manager when needed. */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Seconds; default 60. */
  readonly timeout?: number;
  /** MiB; default 256. */
  readonly memory?: number;
  /** Most runs at a time; absent: the account's share. */
  readonly concurrency?: number;
  /** Topic told of failed runs; absent only where the topic does not exist yet. */
  readonly alarmTopicArn?: pulumi.Input<string>;
}

/**
 * A Lambda function as every part of this program makes one: arm64, its code known by content, its own role within the workload
 * boundary, log group and queue of failed runs encrypted with the stack's keys, inside the VPC unless told otherwise, alarms when it fails.
 *
 * Cost: what runs, $.30 a month for its alarms, and logs.
 */
export class LambdaFunction extends pulumi.ComponentResource {
  /** Known physical name. */
  readonly functionName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;
  /** Group that others admit; undefined outside the VPC. */
  readonly securityGroupId: pulumi.Output<string> | undefined;

  constructor(name: string, args: LambdaFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:lambda:LambdaFunction", name, {}, opts);
    const { spec, keys, network, purpose, physicalPurpose = purpose } = args;
    const known = names(spec.platform.organization);
    const physical = known.lambda(spec.stack, physicalPurpose);
    const queueName = known.lambda(spec.stack, `${physicalPurpose}-failures`);
    const logGroupName = known.logGroup(spec.stack, physicalPurpose);
    const child = { parent: this };
    const tagged = { tags: tags(spec, { Purpose: physicalPurpose }) };

    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        name: logGroupName,
        kmsKeyId: keys.logs,
        retentionInDays: spec.dataControl["function-logs"].retentionDays,
        ...tagged,
      },
      child,
    );
    const failures = new aws.sqs.Queue(
      `${name}-failures`,
      {
        name: queueName,
        kmsMasterKeyId: keys.data,
        messageRetentionSeconds: 14 * 24 * 3600,
        policy: queuePolicy(arns(spec).regional("sqs", queueName)),
        ...tagged,
      },
      child,
    );
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: known.role(spec.stack, physicalPurpose),
        path: iamPath,
        description: args.description,
        assumeRolePolicy: serviceTrust("lambda.amazonaws.com"),
        permissionsBoundary: args.access.workloadBoundaryArn,
        ...tagged,
      },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.name,
        policy: functionPolicy({
          spec,
          functionArn: arns(spec).lambda(physical),
          logGroupArn: arns(spec).logGroup(logGroupName),
          queueArn: arns(spec).regional("sqs", queueName),
          inVpc: network !== undefined,
          statements: args.statements ?? [],
        }),
      },
      child,
    );
    const group = network && this.#securityGroup(name, args, network);

    const lambda = new aws.lambda.Function(
      `${name}-function`,
      {
        name: physical,
        description: args.description,
        code: functionCode(purpose),
        handler: "index.handler",
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        role: role.arn,
        timeout: args.timeout ?? 60,
        memorySize: args.memory ?? 256,
        kmsKeyArn: keys.data,
        environment: { variables: { ...args.environment } },
        deadLetterConfig: { targetArn: failures.arn },
        loggingConfig: { logFormat: "JSON", logGroup: logs.name, applicationLogLevel: "INFO", systemLogLevel: "WARN" },
        // Tracing would need an X-Ray endpoint; the structured logs carry what an operator asks for.
        tracingConfig: { mode: "PassThrough" },
        ...(args.concurrency === undefined ? {} : { reservedConcurrentExecutions: args.concurrency }),
        ...(network && group ? { vpcConfig: { subnetIds: network.subnetIds, securityGroupIds: [group.id] } } : {}),
        ...tagged,
      },
      { ...child, dependsOn: [policy] },
    );
    if (args.alarmTopicArn !== undefined) {
      functionAlarms(name, { spec, functionName: physical, queueName, topicArn: args.alarmTopicArn }, child);
    }

    this.functionName = lambda.name;
    this.arn = lambda.arn;
    this.roleArn = role.arn;
    this.securityGroupId = group?.id;
    this.registerOutputs({ functionName: this.functionName, arn: this.arn });
  }

  #securityGroup(name: string, args: LambdaFunctionArgs, network: NetworkFacts): aws.ec2.SecurityGroup {
    const { spec, purpose, physicalPurpose = purpose } = args;
    const tagged = { tags: tags(spec, { Purpose: physicalPurpose }) };
    const child = { parent: this };
    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      { description: `Function ${physicalPurpose}`, vpcId: network.vpcId, revokeRulesOnDelete: true, ...tagged },
      child,
    );
    const egress = (noun: string, rule: Partial<aws.vpc.SecurityGroupEgressRuleArgs>, port: number) =>
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-to-${noun}`,
        {
          securityGroupId: group.id,
          description: `${physicalPurpose} to ${noun}`,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          ...rule,
          ...tagged,
        },
        child,
      );
    egress("endpoints", { referencedSecurityGroupId: network.endpointSecurityGroupId }, 443);
    egress("s3", { prefixListId: network.s3PrefixListId }, 443);
    for (const [noun, reach] of Object.entries(args.reaches ?? {})) {
      egress(noun, { referencedSecurityGroupId: reach.securityGroupId }, reach.port);
    }
    return group;
  }
}
