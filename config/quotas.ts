import { fillKnown } from "./fill";
import { knownEntries } from "./known";
import { workspace } from "./schema/department";
import { gateway as gatewaySection } from "./schema/sections";
import type { AnyStack, DepartmentStack } from "./stack-file";
import { accountOf, type StackSet } from "./stack-set";
import type { WorkspaceSize } from "./terms";

/** Amounts of an account's quotas in one region. */
export interface QuotaAmounts {
  readonly lambdaConcurrency: number;
  readonly fargateVcpu: number;
  readonly ec2Vcpu: number;
}

/** Names and codes in Service Quotas, and the counted unit. */
const serviceQuotas: Readonly<
  Record<keyof QuotaAmounts, { readonly name: string; readonly code: string; readonly unit: string }>
> = {
  lambdaConcurrency: { name: "Concurrent executions", code: "L-B99A9384", unit: "concurrent Lambda executions" },
  fargateVcpu: { name: "Fargate On-Demand vCPU resource count", code: "L-3032A538", unit: "Fargate vCPU" },
  ec2Vcpu: { name: "Running On-Demand Standard instances", code: "L-1216C47A", unit: "EC2 vCPU" },
};

/**
 * Concurrent executions that Lambda excludes from reservations (Lambda developer guide, "Reserved
 * concurrency").
 */
const unreservedConcurrency = 100;

/**
 * Functions with reserved concurrency, by the section that creates them: batch runner and budget
 * stop, Langfuse provisioner, idle stop.
 */
const reserved = { "cline:gateway": 2, "cline:observability": 1, "cline:network": 1 } as const;

/** A service runs twice its tasks while a deployment rolls. */
const rolling = 2;

/** vCPU of a gateway task, and of Langfuse's and the collector's tasks together. */
const gatewayTaskVcpu = 2;
const traceTasksVcpu = 2 + 2 + 2 * 0.5;

/** vCPU of ClickHouse's host and of the access node. */
const clickHouseVcpu = 2;
const accessNodeVcpu = 2;

const workspaceVcpu: Readonly<Record<WorkspaceSize, number>> = { small: 2, medium: 2, large: 4, xlarge: 8 };

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Peak demand of one stack: every task of a rolling deployment, every workspace running. */
export function quotaDemand(stack: AnyStack): QuotaAmounts {
  const { config } = stack;
  const gateway = config["cline:gateway"];
  const { maxTasks = 0 } = gateway ? fillKnown(gatewaySection, gateway) : {};
  const observability = config["cline:observability"];
  const hosts = observability ? accessNodeVcpu + ("clickHouseUrl" in observability ? 0 : clickHouseVcpu) : 0;
  const sections = Object.keys(reserved) as (keyof typeof reserved)[];
  return {
    lambdaConcurrency: sum(sections.map((section) => (config[section] ? reserved[section] : 0))),
    fargateVcpu: rolling * (gatewayTaskVcpu * maxTasks + (observability ? traceTasksVcpu : 0)),
    ec2Vcpu: hosts + (stack.kind === "department" ? sum(workspacesOf(stack)) : 0),
  };
}

/** vCPU of each workspace of a department. */
function workspacesOf({ config }: DepartmentStack): number[] {
  const { workspace: shared, developers } = config["cline:department"] ?? {};
  return knownEntries(developers).map(([, { workspace: own }]) => {
    const { size } = fillKnown(workspace, { ...shared, ...own });
    return size === undefined ? 0 : workspaceVcpu[size];
  });
}

/** Demand of all stacks of an account and region. */
export function accountDemand(set: StackSet, accountId: string, region: string): QuotaAmounts {
  const stacks = [...set.platforms, ...set.departments].filter((stack) => {
    const platform = stack.kind === "platform" ? stack : set.platformOf(stack);
    return platform && accountOf(stack, platform) === accountId && stack.config["aws:region"] === region;
  });
  const demands = stacks.map(quotaDemand);
  return {
    lambdaConcurrency: unreservedConcurrency + sum(demands.map((demand) => demand.lambdaConcurrency)),
    fargateVcpu: sum(demands.map((demand) => demand.fargateVcpu)),
    ec2Vcpu: sum(demands.map((demand) => demand.ec2Vcpu)),
  };
}

/**
 * A note for every quota that the demand exceeds. Unknown quotas are not compared. `file` holds the
 * quotas.
 */
export function quotaNotes(demand: QuotaAmounts, quotas: Partial<QuotaAmounts>, file: string): string[] {
  return (Object.keys(serviceQuotas) as (keyof QuotaAmounts)[]).flatMap((key) => {
    const [needed, available] = [demand[key], quotas[key]];
    if (available === undefined || needed <= available) return [];
    const { name, code, unit } = serviceQuotas[key];
    return [
      `The stack files need ${needed} ${unit}; the account's quota "${name}" (${code}) is ${available}: raise it, then write the new value as quotas.${key} of ${file}.`,
    ];
  });
}
