import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  batchBucketPurpose,
  batchPriceFactor,
  iamPath,
  modelArns,
  modelTiers,
  names,
  planModel,
  tags,
  type BatchModel,
  type BatchModels,
  type StackSpec,
} from "../../config";
import { contextOf } from "../context-of";
import { reachGateway, type GatewayFunctionsArgs } from "../gateway-reach";
import { FunctionSchedule, LambdaFunction } from "../lambda";
import { PrivateBucket } from "../storage";
import { batchRoleArn, batchRolePolicy, batchRolePurpose, batchTrust } from "./batch-policies";
import { defaultTokens, mostTokens } from "./bounds";
import { batchRunner } from "./functions";
import { secretPurposes } from "./task-policies";

/** The model groups as batches use them: the residency's profiles, half the catalogue's prices, the gateway's bounds. */
export function batchModels(spec: StackSpec): BatchModels {
  const { region, accountId, platform } = spec;
  const entries = modelTiers.map((tier) => {
    const { model, price } = planModel(platform, tier);
    const group: BatchModel = {
      profileArn: modelArns({ ...platform, region, accountId }, tier).inferenceProfile,
      inputUsd: price.input * batchPriceFactor,
      outputUsd: price.output * batchPriceFactor,
      defaultTokens: defaultTokens(model),
      mostTokens: mostTokens(model),
    };
    return [tier, group] as const;
  });
  return Object.fromEntries(entries) as Record<(typeof modelTiers)[number], BatchModel>;
}

/**
 * Many requests at half the price: a bucket for request files and answers, the role that Bedrock takes up for a job, and the function that checks
 * a request, takes its highest possible cost from the budgets, starts and follows the job, and books what it did cost.
 *
 * Nobody but the function starts jobs, and each carries its department's tags, by which the budget stop denies it.
 * Cost: files for 30 days, the function's run every five minutes, and the network's `bedrock` endpoint, $20 a month in two zones of Tokyo.
 */
export class Batch extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: GatewayFunctionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:gateway:Batch", name, {}, opts);
    const { spec, network, keys, access, observability } = args;
    const known = names(spec.platform.organization);
    const reach = reachGateway(contextOf(spec), args.gateway);
    const child = { parent: this };
    const tagged = { tags: tags(spec, { Purpose: "batch" }) };

    const bucket = new PrivateBucket(
      `${name}-files`,
      {
        context: contextOf(spec),
        purpose: batchBucketPurpose,
        key: keys.data,
        retentionDays: spec.dataControl["batch-files"].retentionDays,
        // Bedrock reads and writes from its own network.
        outsidePrincipals: [batchRoleArn(spec)],
      },
      child,
    );
    const role = new aws.iam.Role(
      `${name}-bedrock-batch`,
      {
        name: known.role(spec.stack, batchRolePurpose),
        path: iamPath,
        description: "Bedrock's own, for batch jobs: reads input, writes output, invokes the catalogue's models",
        assumeRolePolicy: batchTrust(spec),
        permissionsBoundary: access.batchBoundaryArn,
        ...tagged,
      },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-bedrock-batch-policy`,
      { role: role.name, policy: batchRolePolicy(spec) },
      child,
    );
    const plan = batchRunner(spec);
    const runner = new LambdaFunction(
      `${name}-runner`,
      {
        context: contextOf(spec),
        ...plan,
        network,
        keys,
        access,
        alarmTopicArn: observability.alarmTopicArn,
        reaches: reach.reaches,
        environment: {
          ...reach.environment,
          STACK: spec.stack,
          MASTER_KEY_SECRET_NAME: known.secret(spec.stack, secretPurposes.masterKey),
          BATCH_BUCKET: bucket.bucketName,
          BATCH_ROLE: pulumi.all([role.arn, policy.id]).apply(([arn]) => arn),
          DATA_KEY: keys.data,
          MODELS: JSON.stringify(batchModels(spec)),
        },
      },
      child,
    );
    new FunctionSchedule(
      `${name}-clock`,
      { context: contextOf(spec), purpose: plan.purpose, ...plan.schedule, functionArn: runner.arn, access, keys },
      child,
    );

    this.bucketName = bucket.bucketName;
    this.registerOutputs({ bucketName: this.bucketName });
  }
}
