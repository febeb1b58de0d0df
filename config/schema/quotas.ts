import type { ModelTier } from "../terms";
import { mapping, whole } from "./kinds";
import { setting } from "./setting";

/**
 * Bedrock's quota of one tier's model. The defaults are below those that AWS publishes: the note
 * comes before Bedrock throttles. An account may have less, and a model may have no quota of requests
 * (Amazon Bedrock user guide, "Quotas for the bedrock-runtime endpoint"). What waits is decided by
 * the queue's places, not by these numbers.
 */
const bedrockQuota = (tier: ModelTier, tpm: number, rpm: number) =>
  setting(
    mapping({
      tpm: setting(whole("tokens per minute", 1000, 1_000_000_000), {
        meaning: `Tokens per minute that Bedrock takes for ${tier}, of all departments together.`,
        example: tpm,
        default: tpm,
      }),
      rpm: setting(whole("requests per minute", 1, 10_000_000), {
        meaning: `Requests per minute that Bedrock takes for ${tier}, of all departments together. A worker has no more than this many calls in flight.`,
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

/**
 * AWS's default quotas of a new account ("Lambda quotas": reduced for new accounts; "Amazon ECS
 * endpoints and quotas"; "Amazon EC2 endpoints and quotas"; "AWS Identity and Access Management
 * endpoints and quotas"; "Amazon VPC quotas"; "Amazon EBS endpoints and quotas"; "Quotas and
 * constraints for Amazon RDS").
 */
export const newAccountQuotas = {
  lambdaConcurrency: 10,
  fargateVcpu: 6,
  ec2Vcpu: 5,
  roles: 1000,
  instanceProfiles: 1000,
  securityGroups: 2500,
  vpcs: 5,
  gp3TiB: 50,
  databaseInstances: 40,
} as const;

const quota = (key: keyof typeof newAccountQuotas, unit: string, meaning: string) =>
  setting(whole(unit, 1, 1_000_000), { meaning, example: 2 * newAccountQuotas[key], default: newAccountQuotas[key] });

/** Quotas of the platform's account in its region. */
export const quotas = mapping({
  lambdaConcurrency: setting(whole("concurrent executions", 1, 1_000_000), {
    meaning: 'Quota "Concurrent executions" of AWS Lambda (L-B99A9384). New accounts have 10 until AWS raises it.',
    example: 1000,
    default: newAccountQuotas.lambdaConcurrency,
  }),
  fargateVcpu: setting(whole("vCPU", 1, 1_000_000), {
    meaning: 'Quota "Fargate On-Demand vCPU resource count" (L-3032A538).',
    example: 200,
    default: newAccountQuotas.fargateVcpu,
  }),
  ec2Vcpu: setting(whole("vCPU", 1, 1_000_000), {
    meaning: 'Quota "Running On-Demand Standard instances" of Amazon EC2 (L-1216C47A).',
    example: 640,
    default: newAccountQuotas.ec2Vcpu,
  }),
  roles: quota("roles", "roles", 'Quota "Roles per account" of IAM (L-FE177D64). AWS raises it to 5000 at most.'),
  instanceProfiles: quota(
    "instanceProfiles",
    "instance profiles",
    'Quota "Instance profiles per account" of IAM (L-6E65F664).',
  ),
  securityGroups: quota(
    "securityGroups",
    "security groups",
    'Quota "VPC security groups per Region" (L-E79EC296). Each developer has one.',
  ),
  vpcs: quota("vpcs", "VPCs", 'Quota "VPCs per Region" (L-F678F1CE). The region has a default VPC already.'),
  gp3TiB: quota(
    "gp3TiB",
    "TiB",
    'Quota "Storage for General Purpose SSD (gp3) volumes, in TiB" of Amazon EBS (L-7A658B76).',
  ),
  databaseInstances: quota("databaseInstances", "DB instances", 'Quota "DB instances" of Amazon RDS (L-7B6409FD).'),
  bedrock: setting(
    mapping({
      light: bedrockQuota("light", 2_000_000, 1000),
      standard: bedrockQuota("standard", 1_000_000, 500),
      strong: bedrockQuota("strong", 500_000, 200),
    }),
    {
      meaning:
        "What Bedrock takes of the account, by tier. Above it Bedrock throttles: the gateway sends the call to another model, or answers 429.",
      example: { strong: { tpm: 1_000_000, rpm: 400 } },
      default: {},
      words: "each tier's own",
    },
  ),
});
