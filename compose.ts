import type { AccessFoundationArgs, DepartmentAccessArgs } from "./components/access";
import {
  planBatchBoundary,
  planGatewayBoundary,
  planHumanBoundary,
  planWorkloadBoundary,
} from "./components/access/boundaries";
import { planAuditorPolicy, planBreakGlassPolicy, planOperatorPolicy } from "./components/access/team-statements";
import { planLeadPolicy, planSessionPolicy } from "./components/access/workspace-statements";
import type { ArtifactStoreArgs } from "./components/artifacts";
import { planImages } from "./components/artifacts/sources";
import { contextOf } from "./components/context-of";
import type { DepartmentGatewayArgs, GatewayClusterArgs } from "./components/gateway";
import { batchBucketName, gatewayStack } from "./components/gateway/batch-policies";
import type { ConfigurationPlan } from "./components/gateway/litellm-config";
import type {
  BudgetStopArgs,
  DepartmentBudgetArgs,
  OrganizationBudgetArgs,
  UsageAnalysisArgs,
} from "./components/cost";
import { billReader, budgetStop, spendCheck, stoppedRoles, usageReport } from "./components/cost/functions";
import type { KeyRingArgs } from "./components/encryption";
import { foundationStack, isFoundation } from "./components/foundation";
import type { GatewayLinkArgs, PrivateNetworkArgs } from "./components/network";
import { planDomains } from "./components/network/domains";
import { planEndpoints } from "./components/network/endpoints";
import type { ObservabilityStackArgs } from "./components/observability";
import type { SharedStackArgs } from "./components/shared";
import type { DeveloperWorkspaceArgs, SourceEndpointsArgs, WorkspaceOperationsArgs } from "./components/workspace";
import { idleStop } from "./components/workspace/functions";
import {
  gatewayHost,
  modelArns,
  modelTiers,
  platformState,
  type DepartmentSpec,
  type DeveloperSpec,
  type GatewaySpec,
  type ModelTier,
  type NetworkSpec,
  type ObservabilitySpec,
  type StackSpec,
} from "./config";

/**
 * Maps a checked stack file to the plain arguments of the components, without the facts, which
 * components pass to each other. Pure.
 */

/** Arguments without the keys that the program adds. */
type Plain<Args, Added extends keyof Args> = Omit<Args, Added>;

/** Only the platform changes the settings of its dedicated account. */
const ownsAccount = ({ department, platform }: StackSpec): boolean =>
  department === undefined && platform.account === "dedicated";

/** The paying account's platform reads the bill. */
const paysTheBill = ({ department, platform, accountId }: StackSpec): boolean =>
  department === undefined && platform.billing?.accountId === accountId;

export function sharedStackArgs({ stack, sharedFrom, platform }: StackSpec): Plain<SharedStackArgs, "deploying"> {
  return { stack, capsHash: platform.capsHash, ...(sharedFrom !== undefined && { sharedFrom }) };
}

export function keyRingArgs(spec: StackSpec): KeyRingArgs {
  return {
    context: contextOf(spec),
    sessions: isFoundation(spec),
    ebsDefault: ownsAccount(spec),
    costAlerts: spec.department === undefined && spec.platform.billing !== undefined,
  };
}

export function accessFoundationArgs(spec: StackSpec): Plain<AccessFoundationArgs, "keys"> {
  const { operators, auditors } = spec.platform;
  return {
    context: contextOf(spec),
    mfa: spec.platform,
    boundaries: {
      human: planHumanBoundary(spec),
      workload: planWorkloadBoundary(spec),
      gateway: planGatewayBoundary(spec),
      "bedrock-batch": planBatchBoundary(spec),
    },
    teams: {
      operator: { people: operators, statements: planOperatorPolicy(spec) },
      auditor: { people: auditors, statements: planAuditorPolicy(spec) },
      breakGlass: { people: operators, statements: planBreakGlassPolicy(spec) },
    },
    legalHold: spec.dataControl["session-logs"].legalHold,
    accountPreferences: ownsAccount(spec),
  };
}

export function artifactStoreArgs(spec: StackSpec): Plain<ArtifactStoreArgs, "keys" | "access"> {
  const context = contextOf(spec);
  return { context, images: planImages(context, spec.images) };
}

export function privateNetworkArgs(
  spec: StackSpec,
  network: NetworkSpec,
): Plain<PrivateNetworkArgs, "keys" | "access"> {
  return {
    context: contextOf(spec),
    network,
    endpoints: planEndpoints(spec),
    domains: planDomains(spec),
    organizationLogDelivery: isFoundation(spec),
    blockPublicAccess: ownsAccount(spec),
  };
}

export function observabilityStackArgs(
  spec: StackSpec,
  { clickHouseUrl }: ObservabilitySpec,
): Plain<ObservabilityStackArgs, "network" | "keys" | "access" | "artifacts"> {
  return {
    context: contextOf(spec),
    images: spec.images,
    alertEmails: spec.platform.alertEmails,
    ...(clickHouseUrl !== undefined && { clickHouseUrl }),
    accountLogs: ownsAccount(spec),
    legalHold: spec.dataControl["audit-trail"].legalHold,
    accountAlarms: spec.department === undefined,
  };
}

/** Absent where the stack's network holds the gateway that it uses. */
export function gatewayLinkArgs(spec: StackSpec): Plain<GatewayLinkArgs, "network" | "gateway"> | undefined {
  if (spec.network === undefined || spec.gateway !== undefined) return undefined;
  return { context: contextOf(spec), gatewayStack: gatewayStack(spec) };
}

export function configurationPlan(spec: StackSpec, { queue }: GatewaySpec): ConfigurationPlan {
  const { models, residency, quotas } = spec.platform;
  return { context: contextOf(spec), models: { models, residency }, bedrockQuotas: quotas.bedrock, queue };
}

export function gatewayClusterArgs(
  spec: StackSpec,
  gateway: GatewaySpec,
): Plain<GatewayClusterArgs, "network" | "keys" | "access" | "artifacts" | "observability"> {
  const context = contextOf(spec);
  const { models, bedrockQuotas } = configurationPlan(spec, gateway);
  return {
    context,
    gateway,
    models,
    bedrockQuotas,
    host: gatewayHost(spec.stack, spec.platform),
    publicCertificate: spec.platform.domain !== undefined,
    imageDigest: spec.images.gateway,
    declared: platformState(spec),
    foundation: context.of(foundationStack(spec)),
    ...(spec.network && { networkCidr: spec.network.cidr }),
    endpointService: spec.gatewayClients.length > 0,
  };
}

export function usageAnalysisArgs(
  spec: StackSpec,
): Plain<UsageAnalysisArgs, "network" | "gateway" | "keys" | "access" | "observability"> {
  return {
    context: contextOf(spec),
    monthlyBudgetUsd: spec.platform.monthlyBudgetUsd,
    functions: {
      usageReport: usageReport(spec),
      spendCheck: spendCheck(spec),
      ...(paysTheBill(spec) && { billReader: billReader(spec) }),
    },
  };
}

export function budgetStopArgs(spec: StackSpec): Plain<BudgetStopArgs, "keys" | "access" | "observability"> {
  return {
    context: contextOf(spec),
    function: budgetStop(spec),
    stoppedRoles: stoppedRoles(spec),
    extraBudgets: spec.platform.extraBudgets,
  };
}

export function organizationBudgetArgs(spec: StackSpec): Plain<OrganizationBudgetArgs, "keys"> {
  const { monthlyBudgetUsd, alertEmails } = spec.platform;
  return { context: contextOf(spec), monthlyBudgetUsd, alertEmails, paysTheBill: paysTheBill(spec) };
}

export function departmentAccessArgs(
  spec: StackSpec,
  department: DepartmentSpec,
): Plain<DepartmentAccessArgs, "access"> {
  return {
    context: contextOf(spec),
    mfa: spec.platform,
    developers: department.developers.map((developer) => developer.signIn),
    leads: [department.lead, ...department.deputies],
    sessionStatements: planSessionPolicy(spec, department.name),
    leadStatements: planLeadPolicy(spec, department.name),
  };
}

export function departmentGatewayArgs(
  spec: StackSpec,
  department: DepartmentSpec,
): Plain<DepartmentGatewayArgs, "gateway" | "observability" | "keys"> {
  const context = contextOf(spec);
  // Bedrock's own profiles carry the account of the caller: the department's, which need not be the platform's.
  const { platform, region, accountId } = spec;
  const profileOf = (tier: ModelTier) =>
    [tier, modelArns({ ...platform, region, accountId }, tier).inferenceProfile] as const;
  const [leadEmail = spec.platform.alertEmails[0]] = department.alertEmails;
  return {
    context,
    department,
    modelProfiles: Object.fromEntries(modelTiers.map(profileOf)) as Record<ModelTier, string>,
    ...(leadEmail !== undefined && { leadEmail }),
    gatewayContext: context.of(gatewayStack(spec)),
  };
}

export function departmentBudgetArgs(
  spec: StackSpec,
  { monthlyBudgetUsd, alertEmails }: DepartmentSpec,
): Plain<DepartmentBudgetArgs, "keys"> {
  const gatewayStack = spec.gateway ? spec.stack : spec.platform.stack;
  return { context: contextOf(spec), monthlyBudgetUsd, alertEmails, gatewayStack };
}

export function workspaceOperationsArgs(
  spec: StackSpec,
): Plain<WorkspaceOperationsArgs, "network" | "keys" | "access" | "observability"> {
  return { context: contextOf(spec), idleStop: idleStop(spec) };
}

export function sourceEndpointsArgs(
  spec: StackSpec,
  { developers }: DepartmentSpec,
): Plain<SourceEndpointsArgs, "network"> {
  return { context: contextOf(spec), sources: developers.flatMap(({ workspace }) => workspace.sources) };
}

export function developerWorkspaceArgs(
  spec: StackSpec,
  developer: DeveloperSpec,
): Plain<DeveloperWorkspaceArgs, "network" | "gateway" | "access" | "artifacts" | "keys" | "sources"> {
  const context = contextOf(spec);
  return {
    context,
    developer,
    imageId: spec.images.workspaceAmi,
    // A network of its own connects to a shared gateway through an interface endpoint.
    gatewayInNetwork: spec.network === undefined || spec.gateway !== undefined,
    foundation: context.of(foundationStack(spec)),
    snapshots: context.of(spec.network ? spec.stack : spec.platform.stack),
    batches: { bucketName: batchBucketName(spec), gateway: context.of(gatewayStack(spec)) },
  };
}
