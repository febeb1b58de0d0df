import { createHash } from "node:crypto";
import { nameOf, typeOf } from "./urn";
import { reveal, UNKNOWN, type Raw, type RawProps } from "./values";
import { schemaOf } from "./provider-schema";

/** Region and account of a resource's provider. */
export interface ProviderScope {
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
}

/** Region and account of a provider by its inputs, which hold lists as JSON text; `otherwise` where they do not say. */
export function providerScope({ region, allowedAccountIds }: RawProps, otherwise: ProviderScope): ProviderScope {
  const accounts: unknown = JSON.parse(isKnown(allowedAccountIds) ? allowedAccountIds : "[]");
  const [account] = Array.isArray(accounts) ? (accounts as readonly unknown[]) : [];
  return {
    region: isKnown(region) ? region : otherwise.region,
    accountId: typeof account === "string" ? account : otherwise.accountId,
  };
}

const isKnown = (value: Raw | undefined): value is string => typeof value === "string" && value !== UNKNOWN;

/** The provider's name for a resource without one: the logical name, a dash, seven characters. */
export interface Autoname {
  /** The property that holds the name. */
  readonly property: string;
  /** Maximum length of the name in characters; the provider refuses a longer one. */
  readonly max: number;
  /** Transformation of the logical name before the suffix is added. */
  readonly transform?: (name: string) => string;
}

const lower = (name: string): string => name.toLowerCase();
const alphanumeric = (name: string): string => name.toLowerCase().replace(/[^a-z0-9-]/g, "-");

/**
 * Types with an unusual autoname in the AWS provider; the usual one is property `name`, 255
 * characters. Source: pulumi-aws provider/resources.go.
 */
export const autonames: Readonly<Record<string, Autoname>> = {
  "aws:alb/loadBalancer:LoadBalancer": { property: "name", max: 32 },
  "aws:alb/targetGroup:TargetGroup": { property: "name", max: 32 },
  "aws:lb/loadBalancer:LoadBalancer": { property: "name", max: 32 },
  "aws:lb/targetGroup:TargetGroup": { property: "name", max: 32 },
  "aws:iam/role:Role": { property: "name", max: 64 },
  "aws:iam/user:User": { property: "name", max: 64 },
  "aws:iam/policy:Policy": { property: "name", max: 128 },
  "aws:iam/instanceProfile:InstanceProfile": { property: "name", max: 128 },
  "aws:lambda/function:Function": { property: "name", max: 64 },
  "aws:cloudwatch/eventRule:EventRule": { property: "name", max: 64 },
  "aws:sqs/queue:Queue": { property: "name", max: 80 },
  "aws:ec2/launchTemplate:LaunchTemplate": { property: "name", max: 128 },
  "aws:elasticache/parameterGroup:ParameterGroup": { property: "name", max: 255, transform: lower },
  "aws:elasticache/subnetGroup:SubnetGroup": { property: "name", max: 255, transform: lower },
  "aws:elasticache/replicationGroup:ReplicationGroup": { property: "replicationGroupId", max: 40, transform: lower },
  "aws:elasticache/cluster:Cluster": { property: "clusterId", max: 50, transform: lower },
  "aws:rds/subnetGroup:SubnetGroup": { property: "name", max: 255, transform: lower },
  "aws:rds/parameterGroup:ParameterGroup": { property: "name", max: 255, transform: lower },
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": { property: "name", max: 255, transform: lower },
  "aws:s3/bucket:Bucket": { property: "bucket", max: 63, transform: alphanumeric },
  "aws:s3/bucketV2:BucketV2": { property: "bucket", max: 63, transform: alphanumeric },
  "aws:kms/alias:Alias": { property: "name", max: 256, transform: (name) => `alias/${name}` },
};

/**
 * Seven hexadecimal digits, fixed for a URN. Pulumi draws them at random, so two runs would differ.
 */
export const suffixOf = (urn: string): string => createHash("sha256").update(urn).digest("hex").slice(0, 7);

/**
 * Inputs that the provider's Check adds before the engine and the policy pack see them. They are
 * the autoname, without a given name or prefix, and the region of every regional resource. An
 * existing name (`old`) is kept.
 */
export function checked(urn: string, inputs: RawProps, scope: ProviderScope, old?: RawProps): Record<string, Raw> {
  const type = typeOf(urn);
  const schema = schemaOf(type);
  const result: Record<string, Raw> = { ...inputs };
  if (schema === undefined || !type.startsWith("aws:")) return result;
  const auto = autonameOf(type);
  if (auto !== undefined && result[auto.property] === undefined && result[`${auto.property}Prefix`] === undefined)
    result[auto.property] = reveal(old?.[auto.property]) ?? autoname(urn, auto, result);
  if (schema.inputs.includes("region") && result["region"] === undefined) result["region"] = scope.region;
  return result;
}

function autonameOf(type: string): Autoname | undefined {
  const special = autonames[type];
  if (special !== undefined) return special;
  const schema = schemaOf(type);
  return schema?.optional.has("name") && schema.certain.get("name") === "string"
    ? { property: "name", max: 255 }
    : undefined;
}

/**
 * The provider's name from a logical name. The provider never trims, so a name over the limit is an
 * error here as in a deployment. Source: pulumi-terraform-bridge pkg/tfbridge/info/autonaming.go.
 * @throws Error naming the resource, the length and the limit
 */
function autoname(urn: string, auto: Autoname, inputs: RawProps): string {
  const logical = nameOf(urn);
  const prefix = auto.transform?.(logical) ?? logical;
  const fifo = inputs["fifoQueue"] === true || inputs["fifoTopic"] === true ? ".fifo" : "";
  const name = `${prefix}-${suffixOf(urn)}${fifo}`;
  if (name.length <= auto.max) return name;
  throw new Error(
    `could not make instance of '${typeOf(urn)}': the name '${prefix}-' plus ${name.length - prefix.length - 1} characters ` +
      `is longer than its maximum of ${auto.max}; give ${urn} a ${auto.property}`,
  );
}
