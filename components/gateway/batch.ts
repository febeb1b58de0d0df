import * as pulumi from "@pulumi/pulumi";
import {
  batchBucketPurpose,
  batchPriceFactor,
  modelArns,
  modelTiers,
  planModel,
  type BatchModel,
  type BatchModels,
} from "../../config";
import { reachGateway, type GatewayFunctionsArgs } from "../gateway-reach";
import { accountTrust, boundedRole, type BoundedRole, type StackContext } from "../kit";
import { FunctionSchedule, LambdaFunction } from "../lambda";
import { PrivateBucket } from "../storage";
import { batchRoleArn, batchRolePurpose, batchRoleStatements } from "./batch-policies";
import { defaultTokens, mostTokens } from "./bounds";
import { batchRunner } from "./functions";
import type { TierChoice } from "./models";
import { secretPurposes } from "./task-policies";

/** The model groups as batches use them: the residency's profiles, half the catalogue's prices, the gateway's bounds. */
export function batchModels(
  { region, accountId }: Pick<StackContext, "region" | "accountId">,
  { models, residency }: TierChoice,
): BatchModels {
  const entries = modelTiers.map((tier) => {
    const { model, price } = planModel({ models, residency }, tier);
    const group: BatchModel = {
      profileArn: modelArns({ models, residency, region, accountId }, tier).inferenceProfile,
      inputUsd: price.input * batchPriceFactor,
      outputUsd: price.output * batchPriceFactor,
      defaultTokens: defaultTokens(model),
      mostTokens: mostTokens(model),
    };
    return [tier, group] as const;
  });
  return Object.fromEntries(entries) as Record<(typeof modelTiers)[number], BatchModel>;
}

/** Arguments of {@link Batch}. */
export interface BatchArgs extends GatewayFunctionsArgs {
  readonly models: TierChoice;
}

/**
 * Many requests at half the price: a bucket for request files and answers, the role that Bedrock assumes for a job, and the batch runner. The
 * runner checks a request, deducts its highest possible cost from the budgets, starts and follows the job, and books its actual cost.
 *
 * Only the runner starts jobs. Each carries its department's tags, by which the budget stop denies it.
 * Cost: files for 30 days, the function's run every five minutes, and the network's `bedrock` endpoint, $20 a month in two zones of Tokyo.
 */
export class Batch extends pulumi.ComponentResource {
  readonly bucket: PrivateBucket;

  constructor(name: string, args: BatchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:gateway:Batch", name, {}, opts);
    const { context, keys } = args;
    this.bucket = new PrivateBucket(
      `${name}-files`,
      {
        context,
        purpose: batchBucketPurpose,
        key: keys.data,
        retentionDays: context.retentionDays["batch-files"],
        // Bedrock reads and writes from its own network.
        outsidePrincipals: [batchRoleArn(context)],
      },
      { parent: this },
    );
    this.#runner(name, args, this.bucket, this.#bedrockRole(name, args));
    this.registerOutputs({ bucketName: this.bucket.bucketName });
  }

  /** The role that Bedrock assumes for batch jobs of this account and region, and for nothing else. */
  #bedrockRole(name: string, { context, models, access }: BatchArgs): BoundedRole {
    return boundedRole(
      `${name}-bedrock-batch`,
      {
        roleName: context.names.role(batchRolePurpose),
        description: "Bedrock's own, for batch jobs: reads input, writes output, invokes the catalogue's models",
        trust: accountTrust(
          context,
          "bedrock.amazonaws.com",
          context.arns.regional("bedrock", "model-invocation-job/*"),
        ),
        boundaryArn: access.batchBoundaryArn,
        statements: batchRoleStatements(context, models),
        tags: context.tags({ Purpose: "batch" }),
      },
      { parent: this },
    );
  }

  #runner(name: string, args: BatchArgs, bucket: PrivateBucket, { role, policies }: BoundedRole): void {
    const { context, models, network, keys, access, observability, gateway } = args;
    const plan = batchRunner(context, models);
    const { environment, ...reach } = reachGateway(context, plan, gateway);
    const runner = new LambdaFunction(
      `${name}-runner`,
      {
        context,
        ...plan,
        network,
        keys,
        access,
        alarmTopicArn: observability.alarmTopicArn,
        ...reach,
        environment: {
          ...environment,
          STACK: context.stack,
          MASTER_KEY_SECRET_NAME: context.names.secret(secretPurposes.masterKey),
          BATCH_BUCKET: bucket.bucketName,
          BATCH_ROLE: pulumi.all([role.arn, pulumi.all(policies.map(({ id }) => id))]).apply(([arn]) => arn),
          DATA_KEY: keys.data,
          MODELS: JSON.stringify(batchModels(context, models)),
        },
      },
      { parent: this },
    );
    new FunctionSchedule(
      `${name}-clock`,
      { context, purpose: plan.purpose, ...plan.schedule, functionArn: runner.arn, access, keys },
      { parent: this },
    );
  }
}
