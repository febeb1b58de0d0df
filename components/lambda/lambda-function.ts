import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AccessFacts, KeyFacts, NetworkFacts } from "../facts";
import { awsServices, logGroup, reach, securityGroup, boundedRole, type Reach, type StackContext } from "../kit";
import { serviceTrust, type Statement } from "../policy-document";
import { functionAlarms } from "./function-alarms";
import { functionCode } from "./function-code";
import { functionStatements, queuePolicy, type FunctionRolePlan } from "./function-policy";

/** Arguments of {@link LambdaFunction}. */
export interface LambdaFunctionArgs {
  readonly context: StackContext;
  /** Folder under functions/ with its handler; part of its physical names. */
  readonly purpose: string;
  /** Distinguishes two functions of the same code in one stack; default `purpose`. */
  readonly physicalPurpose?: string;
  /** One sentence in Latin-1. */
  readonly description: string;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
  readonly keys: KeyFacts;
  /**
   * The function's network. Absent: outside every VPC, which the policy pack allows by a standing
   * exemption only.
   */
  readonly network?: NetworkFacts;
  /** Egress besides the endpoints and S3, by a noun that names the rule, e.g. `gateway`. */
  readonly reaches?: Readonly<Record<string, Reach>>;
  /** Security groups besides its own, by which others admit it. */
  readonly memberOf?: readonly pulumi.Input<string>[];
  /** Permissions of its role besides logging, over known names. */
  readonly statements?: readonly Statement[];
  /** Environment variables without secrets; the function reads those from Secrets Manager. */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Seconds; default 60. */
  readonly timeout?: number;
  /** MiB; default 256. */
  readonly memory?: number;
  /** Topic of the alarms; absent only where the topic does not exist yet. */
  readonly alarmTopicArn?: pulumi.Input<string>;
}

/** Seconds that a function needs beside the wait for a key. */
const workSeconds = 120;

/**
 * Seconds that a function's calls may wait for a key with a new alias: six minutes, and never so
 * long that its timeout hides KMS's denial.
 */
export const keyWaitSeconds = (timeout: number): number => Math.max(0, Math.min(360, timeout - workSeconds));

/** The setting of the wait, for a function whose code uses a key. */
function keyWait(statements: readonly Statement[] = [], timeout: number): Readonly<Record<string, string>> {
  const uses = statements.some(({ Action }) => [Action].flat().some((action) => action?.startsWith("kms:")));
  return uses ? { KEY_WAIT_SECONDS: String(keyWaitSeconds(timeout)) } : {};
}

/**
 * A Lambda function on arm64, inside the VPC unless no network is given. It has code identified by
 * its hash, a role within the workload boundary, and alarms. The stack's keys encrypt its log group
 * and its queue of failed runs.
 *
 * Cost: its runs and logs, and $.30 a month for its alarms.
 */
export class LambdaFunction extends pulumi.ComponentResource {
  /** Known physical name. */
  readonly functionName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;
  /** The function's security group; undefined outside the VPC. */
  readonly securityGroupId: pulumi.Output<string> | undefined;

  constructor(name: string, args: LambdaFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:lambda:LambdaFunction", name, {}, opts);
    const { context, keys, network, purpose, physicalPurpose = purpose, memberOf = [], timeout = 60 } = args;
    const { names } = context;
    const functionName = names.lambda(physicalPurpose);
    const queueName = names.queue(`${physicalPurpose}-failures`);
    const logGroupName = names.logGroup(physicalPurpose);
    const child = { parent: this };
    const tags = context.tags({ Purpose: physicalPurpose });

    const logs = logGroup(
      `${name}-logs`,
      { context, groupName: logGroupName, keys, retention: "function-logs", tags },
      child,
    );
    const failures = this.#failures(name, args, queueName);
    const { role, policies } = this.#role(name, args, { functionName, queueName, logGroupName });
    const { group, rules } = network ? this.#wayOut(name, args, network) : { group: undefined, rules: [] };
    const lambda = new aws.lambda.Function(
      `${name}-function`,
      {
        name: functionName,
        description: args.description,
        code: functionCode(purpose),
        handler: "index.handler",
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        role: role.arn,
        timeout,
        memorySize: args.memory ?? 256,
        kmsKeyArn: keys.data,
        environment: { variables: { ...args.environment, ...keyWait(args.statements, timeout) } },
        deadLetterConfig: { targetArn: failures.arn },
        loggingConfig: { logFormat: "JSON", logGroup: logs.name, applicationLogLevel: "INFO", systemLogLevel: "WARN" },
        // X-Ray tracing would need an endpoint; the structured logs serve the same purpose.
        tracingConfig: { mode: "PassThrough" },
        ...(network && group
          ? { vpcConfig: { subnetIds: network.subnetIds, securityGroupIds: [group.id, ...memberOf] } }
          : {}),
        tags,
      },
      { ...child, dependsOn: [...policies, ...rules] },
    );
    if (args.alarmTopicArn !== undefined) {
      functionAlarms(name, { context, functionName, queueName, topicArn: args.alarmTopicArn }, child);
    }

    this.functionName = lambda.name;
    this.arn = lambda.arn;
    this.roleArn = role.arn;
    this.securityGroupId = group?.id;
    this.registerOutputs({ functionName: this.functionName, arn: this.arn });
  }

  #role(
    name: string,
    args: LambdaFunctionArgs,
    known: Pick<FunctionRolePlan, "functionName" | "queueName" | "logGroupName">,
  ) {
    const { context, purpose, physicalPurpose = purpose, statements = [] } = args;
    return boundedRole(
      `${name}-role`,
      {
        roleName: context.names.role(physicalPurpose),
        description: args.description,
        trust: serviceTrust("lambda.amazonaws.com"),
        boundaryArn: args.access.workloadBoundaryArn,
        statements: functionStatements({ context, ...known, inVpc: args.network !== undefined, statements }),
        tags: context.tags({ Purpose: physicalPurpose }),
      },
      { parent: this },
    );
  }

  /** Queue of failed asynchronous runs; keeps them for 14 days. */
  #failures(name: string, args: LambdaFunctionArgs, queueName: string): aws.sqs.Queue {
    const { context, keys, purpose, physicalPurpose = purpose } = args;
    return new aws.sqs.Queue(
      `${name}-failures`,
      {
        name: queueName,
        kmsMasterKeyId: keys.data,
        messageRetentionSeconds: 14 * 24 * 3600,
        policy: queuePolicy(context.arns.queue(queueName)),
        tags: context.tags({ Purpose: physicalPurpose }),
      },
      { parent: this },
    );
  }

  /** Security group and egress. */
  #wayOut(name: string, args: LambdaFunctionArgs, network: NetworkFacts) {
    const { context, purpose, physicalPurpose = purpose } = args;
    const tags = context.tags({ Purpose: physicalPurpose });
    const child = { parent: this };
    const group = securityGroup(`${name}-group`, { network, description: `Function ${physicalPurpose}`, tags }, child);
    const rules = reach(
      name,
      { securityGroupId: group.id, label: physicalPurpose, tags },
      { ...awsServices(network), ...args.reaches },
      child,
    );
    return { group, rules };
  }
}
