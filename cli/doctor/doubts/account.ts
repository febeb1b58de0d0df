import { z } from "zod";
import { modelTiers, type ModelTier } from "../../../config";
import { fail, judged, pass, unknown, type Doubt } from "../doubt";

const modelRow = (tier: ModelTier): Doubt => ({
  id: `model-${tier}`,
  doubt: `The account may call the model behind ${tier}.`,
  matters: `Every request for ${tier} is refused until the use-case form and the subscription are accepted.`,
  stage: "before the first up",
  settle: {
    aws: ({ models }) => ["bedrock", "get-foundation-model-availability", "--model-id", models[tier]],
    judge: judged(
      z.object({
        agreementAvailability: z.object({ status: z.string() }),
        authorizationStatus: z.string(),
        entitlementAvailability: z.string(),
        regionAvailability: z.string(),
      }),
      ({ agreementAvailability, authorizationStatus, entitlementAvailability, regionAvailability }) => {
        const found = `agreement ${agreementAvailability.status}, authorization ${authorizationStatus}, entitlement ${entitlementAvailability}, region ${regionAvailability}`;
        const active =
          agreementAvailability.status === "AVAILABLE" &&
          authorizationStatus === "AUTHORIZED" &&
          entitlementAvailability === "AVAILABLE" &&
          regionAvailability === "AVAILABLE";
        return active ? pass(found) : fail(found);
      },
    ),
    onError: { ResourceNotFoundException: fail("Bedrock has no such model in this region") },
  },
  pass: "agreement, entitlement and region AVAILABLE, authorization AUTHORIZED",
  stated: "config/catalogue.ts",
});

const profileRow = (tier: ModelTier): Doubt => ({
  id: `profile-${tier}`,
  doubt: `The residency has an inference profile of the model behind ${tier}.`,
  matters: "The catalogue takes it from a price map; without it a department's first deployment fails.",
  stage: "before the first up",
  settle: {
    aws: ({ profiles }) => ["bedrock", "get-inference-profile", "--inference-profile-identifier", profiles[tier]],
    judge: judged(z.object({ inferenceProfileId: z.string(), status: z.string() }), ({ inferenceProfileId, status }) =>
      (status === "ACTIVE" ? pass : fail)(`${inferenceProfileId}: ${status}`),
    ),
    onError: { ResourceNotFoundException: fail("Bedrock has no such profile in this region") },
  },
  pass: "status ACTIVE",
  stated: "config/catalogue.ts",
});

/** The two rows of each tier's model. */
export const modelDoubts = modelTiers.map((tier) => ({ tier, model: modelRow(tier), profile: profileRow(tier) }));

/** What an account has before anything is made in it. */
export const accountDoubts: readonly Doubt[] = [
  ...modelDoubts.map(({ model }) => model),
  ...modelDoubts.map(({ profile }) => profile),
  {
    id: "quota-codebuild-arm",
    doubt: "The account may run one ARM build of CodeBuild at a time.",
    matters: "A new account may have none; then no image is mirrored and the gateway's service never starts.",
    stage: "before the first up",
    settle: {
      aws: () => ["service-quotas", "list-service-quotas", "--service-code", "codebuild"],
      judge: judged(
        z.object({ Quotas: z.array(z.object({ QuotaName: z.string(), Value: z.number() })) }),
        ({ Quotas }) => {
          const quota = Quotas.find(({ QuotaName }) => QuotaName.endsWith("builds for ARM/Small environment"));
          if (quota === undefined) return unknown("no quota of this name is listed");
          return (quota.Value >= 1 ? pass : fail)(`${quota.QuotaName}: ${quota.Value}`);
        },
      ),
    },
    pass: "the quota for ARM/Small is 1 or more",
    stated: "components/artifacts/artifact-store.ts",
  },
  {
    id: "instance-types-in-zones",
    doubt: "Two Availability Zones offer the instance types of workspaces and of ClickHouse's host.",
    matters: "An instance in a zone without its type fails, and its home volume cannot move.",
    stage: "before the first up",
    settle: {
      aws: () => [
        "ec2",
        "describe-instance-type-offerings",
        "--location-type",
        "availability-zone",
        "--filters",
        "Name=instance-type,Values=t4g.medium,t4g.large,m7g.xlarge,m7g.2xlarge",
      ],
      judge: judged(
        z.object({ InstanceTypeOfferings: z.array(z.object({ InstanceType: z.string(), Location: z.string() })) }),
        ({ InstanceTypeOfferings: offers }) => {
          const zones = [...new Set(offers.map(({ Location }) => Location))].sort();
          const types = new Set(offers.map(({ InstanceType }) => InstanceType));
          const whole = zones.filter(
            (zone) => offers.filter(({ Location }) => Location === zone).length === types.size,
          );
          const enough = types.size === 4 && whole.length >= 2;
          return (enough ? pass : fail)(`${types.size} of 4 types; all of them in ${whole.join(", ") || "no zone"}`);
        },
      ),
    },
    pass: "all four types in two zones or more",
    stated: "components/workspace/sizes.ts",
  },
  {
    id: "database-version",
    doubt: "RDS takes the major version 16 of Aurora PostgreSQL without a minor one.",
    matters: "Otherwise it refuses the database cluster, and the first deployment ends there.",
    stage: "before the first up",
    settle: {
      aws: () => ["rds", "describe-db-engine-versions", "--engine", "aurora-postgresql", "--engine-version", "16"],
      judge: judged(z.object({ DBEngineVersions: z.array(z.object({ EngineVersion: z.string() })) }), (answer) =>
        answer.DBEngineVersions.length > 0 ? pass("offered") : fail("not offered"),
      ),
    },
    pass: "one version or more",
    stated: "components/database/postgres-cluster.ts",
  },
  {
    id: "cache-version",
    doubt: "ElastiCache offers Valkey 8.0 in the region.",
    matters: "A withdrawn version is refused when the replication group is made.",
    stage: "before the first up",
    settle: {
      aws: () => ["elasticache", "describe-cache-engine-versions", "--engine", "valkey", "--engine-version", "8.0"],
      judge: judged(z.object({ CacheEngineVersions: z.array(z.object({ EngineVersion: z.string() })) }), (answer) =>
        answer.CacheEngineVersions.length > 0 ? pass("offered") : fail("not offered"),
      ),
    },
    pass: "one version or more",
    stated: "components/cache/valkey-cache.ts",
  },
  {
    id: "package-bucket",
    doubt: "Amazon Linux's packages of the region lie in the bucket al2023-repos-REGION-de612dc2.",
    matters: "The S3 endpoint admits no other bucket; a workspace then installs nothing and reports no key.",
    stage: "before the first up",
    settle: {
      aws: ({ platform: { region } }) => ["s3api", "head-bucket", "--bucket", `al2023-repos-${region}-de612dc2`],
      judge: () => pass("the bucket exists"),
      onError: { "403": pass("the bucket exists"), "404": fail("no such bucket") },
    },
    pass: "any answer but 404",
    stated: "components/network/endpoints.ts",
  },
  {
    id: "session-preferences",
    doubt: "The account has no document SSM-SessionManagerRunShell yet.",
    matters: "Where it exists, its creation fails: the platform's file has to adopt it.",
    stage: "before the first up",
    settle: {
      aws: () => ["ssm", "describe-document", "--name", "SSM-SessionManagerRunShell"],
      judge: judged(
        z.object({
          Document: z.object({ Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).optional() }),
        }),
        ({ Document: { Tags = [] } }, { platform }) =>
          Tags.some(({ Key, Value }) => Key === "Organization" && Value === platform.organization)
            ? pass("the platform's own")
            : fail("it exists and is not the platform's"),
      ),
      onError: { InvalidDocument: pass("there is none") },
    },
    pass: "there is none, or it carries the organization's tag",
    stated: "components/access/access-foundation.ts",
  },
  {
    id: "role-quota",
    doubt: "The account's quota of roles covers every stack.",
    matters: "One role is made per developer and about 45 per platform: beyond the quota the next one fails.",
    stage: "before the first up",
    settle: {
      aws: () => ["iam", "get-account-summary"],
      judge: judged(
        z.object({ SummaryMap: z.object({ Roles: z.number(), RolesQuota: z.number() }) }),
        ({ SummaryMap: { Roles, RolesQuota } }) =>
          (RolesQuota - Roles >= 100 ? pass : fail)(`${Roles} roles of ${RolesQuota}`),
      ),
    },
    pass: "100 roles or more are free",
    stated: "docs/stack-files.md",
  },
];
