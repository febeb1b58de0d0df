import type { ModelTier } from "../terms";
import { mapping, whole } from "./kinds";
import { setting } from "./setting";

/**
 * Bedrock's quota of one tier's model. The defaults are below a new account's (Service Quotas,
 * Amazon Bedrock, cross-region model inference). So the gateway queues by priority before Bedrock
 * throttles without one.
 */
const bedrockQuota = (tier: ModelTier, tpm: number, rpm: number) =>
  setting(
    mapping({
      tpm: setting(whole("tokens per minute", 1000, 1_000_000_000), {
        meaning: `Tokens per minute that all departments together may send to ${tier}.`,
        example: tpm,
        default: tpm,
      }),
      rpm: setting(whole("requests per minute", 1, 10_000_000), {
        meaning: `Requests per minute that all departments together may send to ${tier}.`,
        example: rpm,
        default: rpm,
      }),
    }),
    {
      meaning: `The account's quota of the model behind ${tier}, cross-region.`,
      example: { tpm, rpm },
      default: {},
      words: `${tpm} tokens and ${rpm} requests per minute`,
    },
  );

/** Quotas of the platform's account in its region. */
export const quotas = mapping({
  lambdaConcurrency: setting(whole("concurrent executions", 1, 1_000_000), {
    meaning:
      'Quota "Concurrent executions" of AWS Lambda (L-B99A9384). New accounts have 10, too few to reserve any, until AWS raises it.',
    example: 1000,
    default: 1000,
  }),
  fargateVcpu: setting(whole("vCPU", 1, 1_000_000), {
    meaning: 'Quota "Fargate On-Demand vCPU resource count" (L-3032A538).',
    example: 200,
    absent: "not compared: AWS sets it for each account",
  }),
  ec2Vcpu: setting(whole("vCPU", 1, 1_000_000), {
    meaning: 'Quota "Running On-Demand Standard instances" of Amazon EC2 (L-1216C47A).',
    example: 640,
    absent: "not compared: AWS sets it for each account",
  }),
  bedrock: setting(
    mapping({
      light: bedrockQuota("light", 2_000_000, 1000),
      standard: bedrockQuota("standard", 1_000_000, 500),
      strong: bedrockQuota("strong", 500_000, 200),
    }),
    {
      meaning: "What the gateway sends to Bedrock at most, by tier.",
      example: { strong: { tpm: 1_000_000, rpm: 400 } },
      default: {},
      words: "each tier's own",
    },
  ),
});
