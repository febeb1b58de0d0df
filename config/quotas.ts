import { fillKnown } from "./fill";
import { knownEntries } from "./known";
import { workspace } from "./schema/department";
import { newAccountQuotas } from "./schema/quotas";
import { gateway as gatewaySection } from "./schema/sections";
import type { AnyStack, DepartmentStack, PlatformStack } from "./stack-file";
import { accountOf, capOf, limitsOf, type StackSet } from "./stack-set";
import { modelTiers, type ModelTier, type WorkspaceSize } from "./terms";

/** Amounts of an account's quotas in one region; of IAM in the whole account. */
export type QuotaAmounts = Readonly<Record<keyof typeof newAccountQuotas, number>>;

/** Tokens and requests per minute, by tier. */
export type TierDemand = Readonly<Record<ModelTier, { readonly tpm: number; readonly rpm: number }>>;

/** A quota as Service Quotas names it, and the counted unit. */
interface ServiceQuota {
  readonly service: string;
  readonly code: string;
  readonly name: string;
  readonly unit: string;
  /** Where AWS answers for it; absent: in the stacks' region. */
  readonly region?: string;
}

const serviceQuotas: Readonly<Record<keyof QuotaAmounts, ServiceQuota>> = {
  lambdaConcurrency: {
    service: "lambda",
    code: "L-B99A9384",
    name: "Concurrent executions",
    unit: "concurrent Lambda executions",
  },
  fargateVcpu: {
    service: "fargate",
    code: "L-3032A538",
    name: "Fargate On-Demand vCPU resource count",
    unit: "Fargate vCPU",
  },
  ec2Vcpu: {
    service: "ec2",
    code: "L-1216C47A",
    name: "Running On-Demand Standard instances",
    unit: "EC2 vCPU",
  },
  roles: { service: "iam", code: "L-FE177D64", name: "Roles per account", unit: "IAM roles", region: "us-east-1" },
  instanceProfiles: {
    service: "iam",
    code: "L-6E65F664",
    name: "Instance profiles per account",
    unit: "instance profiles",
    region: "us-east-1",
  },
  securityGroups: {
    service: "vpc",
    code: "L-E79EC296",
    name: "VPC security groups per Region",
    unit: "security groups",
  },
  vpcs: {
    service: "vpc",
    code: "L-F678F1CE",
    name: "VPCs per Region",
    unit: "VPCs, with the region's default one",
  },
  gp3TiB: {
    service: "ebs",
    code: "L-7A658B76",
    name: "Storage for General Purpose SSD (gp3) volumes, in TiB",
    unit: "TiB of gp3 volumes",
  },
  databaseInstances: { service: "rds", code: "L-7B6409FD", name: "DB instances", unit: "DB instances" },
};
const quotaKeys = Object.keys(serviceQuotas) as (keyof QuotaAmounts)[];

/** A quota and the least value under which all stacks of an account and region can run. */
export interface QuotaNeed extends ServiceQuota {
  readonly needed: number;
}

/** What a demand asks of Service Quotas. */
export function quotaNeeds(demand: QuotaAmounts): QuotaNeed[] {
  return quotaKeys.map((key) => ({
    ...serviceQuotas[key],
    needed: demand[key],
  }));
}

/**
 * Functions that a section creates, at most; each may run once at the same time. No function
 * reserves concurrency: Lambda keeps 100 executions unreserved, which a new account does not have.
 */
const functions = { "cline:gateway": 13, "cline:observability": 2, "cline:network": 1 } as const;

/** The artifact mirror and the key probe, once for each foundation. */
const foundationFunctions = 2;

/** A service runs twice its tasks while a deployment rolls. */
const rolling = 2;

/** vCPU of a gateway task, and of Langfuse's and the collector's tasks together. */
const gatewayTaskVcpu = 2;
const traceTasksVcpu = 2 + 2 + 2 * 0.5;

/** vCPU of ClickHouse's host and of the access node. */
const clickHouseVcpu = 2;
const accessNodeVcpu = 2;

const workspaceVcpu: Readonly<Record<WorkspaceSize, number>> = { small: 2, medium: 2, large: 4, xlarge: 8 };

/** GiB of the root volume of a workspace, and of the volumes of ClickHouse's host and of the access node. */
const workspaceRootGiB = 16;
const clickHouseGiB = 120;
const accessNodeGiB = 8;
const gibPerTib = 1024;

/**
 * Roles and security groups of each section and of a foundation, at most: tests count the deployed
 * resources against them.
 */
const roles = { "cline:network": 4, "cline:gateway": 24, "cline:observability": 14 } as const;
const foundationRoles = 8;
/** A department's own: its sessions', its lead's and its budget's. */
const departmentRoles = 3;
const securityGroups = { "cline:network": 4, "cline:gateway": 18, "cline:observability": 10 } as const;

/** Writer and reader of Aurora for a gateway, and for Langfuse. */
const databases = { "cline:gateway": 2, "cline:observability": 2 } as const;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Amounts of the sections that a stack has, together. */
const ofSections = ({ config }: AnyStack, amounts: Readonly<Partial<Record<keyof typeof functions, number>>>): number =>
  sum(Object.entries(amounts).map(([section, amount]) => (section in config ? amount : 0)));

/** Peak demand of one stack: every task of a rolling deployment, every workspace running. */
export function quotaDemand(stack: AnyStack): QuotaAmounts {
  const { config } = stack;
  const gateway = config["cline:gateway"];
  const { maxTasks = 0 } = gateway ? fillKnown(gatewaySection, gateway) : {};
  const observability = config["cline:observability"];
  const clickHouse = observability && !("clickHouseUrl" in observability) ? 1 : 0;
  const nodes = observability ? 1 : 0;
  const people = stack.kind === "department" ? workspacesOf(stack) : [];
  const own = stack.kind === "department" ? departmentRoles : 0;
  const gib =
    clickHouseGiB * clickHouse +
    accessNodeGiB * nodes +
    sum(people.map(({ homeGiB = 0 }) => homeGiB + workspaceRootGiB));
  return {
    lambdaConcurrency: ofSections(stack, functions),
    fargateVcpu: rolling * (gatewayTaskVcpu * maxTasks + (observability ? traceTasksVcpu : 0)),
    ec2Vcpu:
      accessNodeVcpu * nodes +
      clickHouseVcpu * clickHouse +
      sum(people.map(({ size }) => (size === undefined ? 0 : workspaceVcpu[size]))),
    roles: ofSections(stack, roles) + own + people.length,
    instanceProfiles: nodes + clickHouse + people.length,
    securityGroups: ofSections(stack, securityGroups) + people.length,
    vpcs: config["cline:network"] ? 1 : 0,
    gp3TiB: gib / gibPerTib,
    databaseInstances: ofSections(stack, databases),
  };
}

/** The workspace of each developer of a department. */
function workspacesOf({ config }: DepartmentStack) {
  const { workspace: shared, developers } = config["cline:department"] ?? {};
  return knownEntries(developers).map(([, { workspace: own }]) => fillKnown(workspace, { ...shared, ...own }));
}

/** Demand of all stacks of an account and region. IAM counts the account's stacks of every region. */
export function accountDemand(set: StackSet, accountId: string, region: string): QuotaAmounts {
  const account = [...set.platforms, ...set.departments].filter((stack) => {
    const platform = stack.kind === "platform" ? stack : set.platformOf(stack);
    return platform && accountOf(stack, platform) === accountId;
  });
  const everywhere = account.map(quotaDemand);
  const here = account.filter(({ config }) => config["aws:region"] === region).map(quotaDemand);
  const total = (key: keyof QuotaAmounts, demands = here) => sum(demands.map((demand) => demand[key]));
  return {
    lambdaConcurrency: foundationFunctions + total("lambdaConcurrency"),
    fargateVcpu: total("fargateVcpu"),
    ec2Vcpu: total("ec2Vcpu"),
    roles: foundationRoles + total("roles", everywhere),
    instanceProfiles: total("instanceProfiles", everywhere),
    securityGroups: total("securityGroups"),
    vpcs: 1 + total("vpcs"),
    gp3TiB: Math.ceil(total("gp3TiB")),
    databaseInstances: total("databaseInstances"),
  };
}

/**
 * A note for every quota that the demand exceeds, with AWS's default where the file has none.
 * `file` holds the quotas.
 */
export function quotaNotes(demand: QuotaAmounts, quotas: QuotaAmounts, file: string): string[] {
  return quotaKeys.flatMap((key) => {
    const [needed, available] = [demand[key], quotas[key]];
    if (needed <= available) return [];
    const { name, code, unit } = serviceQuotas[key];
    const whose = available === newAccountQuotas[key] ? ", a new account's default" : "";
    return [
      `The stack files need ${needed} ${unit}; the account's quota "${name}" (${code}) is ${available}${whose}: raise it, then write the new value as quotas.${key} of ${file}.`,
    ];
  });
}

/** What the departments of a platform may send to each tier's model together, per minute. */
export function tierDemand(platform: PlatformStack, departments: readonly DepartmentStack[]): TierDemand {
  const limits = departments.map((department) => limitsOf(department, capOf(platform, department.stack).cap));
  const of = (tier: ModelTier, unit: "tpm" | "rpm") =>
    sum(limits.filter(({ models }) => models?.includes(tier)).map((limit) => limit[unit] ?? 0));
  const amounts = (tier: ModelTier) => [tier, { tpm: of(tier, "tpm"), rpm: of(tier, "rpm") }] as const;
  return Object.fromEntries(modelTiers.map(amounts)) as TierDemand;
}

/** A note for every tier of which the departments' limits exceed Bedrock's quota. */
export function bedrockNotes(
  demand: TierDemand,
  quotas: TierDemand,
  models: Readonly<Record<ModelTier, string>>,
  file: string,
) {
  const units = { tpm: "tokens", rpm: "requests" } as const;
  return modelTiers.flatMap((tier) =>
    (["tpm", "rpm"] as const).flatMap((unit) => {
      const [needed, available] = [demand[tier][unit], quotas[tier][unit]];
      if (needed <= available) return [];
      return [
        `The departments may send ${needed} ${units[unit]} per minute to ${tier}; Bedrock takes ${available} and throttles the rest, which the gateway then sends to another model or answers 429: raise the quota "Cross-Region InvokeModel tokens per minute for ${models[tier]}" (Service Quotas, Amazon Bedrock; AWS raises requests and tokens by this one request), then write the new value as quotas.bedrock.${tier}.${unit} of ${file}.`,
      ];
    }),
  );
}
