import type { AccessFoundationArgs, DepartmentAccessArgs } from "./components/access";
import {
  planBatchBoundary,
  planGatewayBoundary,
  planHumanBoundary,
  planWorkloadBoundary,
} from "./components/access/boundaries";
import { planAuditorPolicy, planOperatorPolicy } from "./components/access/team-statements";
import { planLeadPolicy, planSessionPolicy } from "./components/access/workspace-statements";
import { actionScope } from "./components/actions/scope";
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
import type { KeyProbeArgs, KeyRingArgs } from "./components/encryption";
import { foundationStack, isFoundation } from "./components/foundation";
import type { GatewayLinkArgs, PrivateNetworkArgs } from "./components/network";
import { planDomains } from "./components/network/domains";
import { planEndpoints, type NetworkScope } from "./components/network/endpoints";
import type { ObservabilityStackArgs } from "./components/observability";
import type { SharedStackArgs } from "./components/shared";
import { tracesStack } from "./components/traces";
import type { DeveloperWorkspaceArgs, WorkspaceOperationsArgs, WorkspaceSetUpArgs } from "./components/workspace";
import { idleStop } from "./components/workspace/functions";
import {
  embeddingModelArn,
  gatewayHost,
  leadsOf,
  modelArns,
  modelTiers,
  networkRanges,
  planIssuer,
  platformState,
  workspaceRoutes,
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

/** The range of a zone that was added to the network which the stack's parts stand in. */
const addedRange = ({ homes: { addedCidr } }: StackSpec) => (addedCidr === undefined ? {} : { addedCidr });

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

export function keyProbeArgs(spec: StackSpec): Plain<KeyProbeArgs, "network" | "keys" | "access"> {
  return { context: contextOf(spec) };
}

export function accessFoundationArgs(spec: StackSpec): Plain<AccessFoundationArgs, "keys"> {
  const { operators, auditors } = spec.platform;
  const mfa = spec.platform;
  const scope = { ...actionScope(spec), payingAccount: spec.platform.billing?.accountId === spec.accountId };
  const { context, models } = scope;
  return {
    context,
    mfa,
    boundaries: {
      human: planHumanBoundary(context, mfa),
      workload: planWorkloadBoundary(scope),
      gateway: planGatewayBoundary(scope),
      "bedrock-batch": planBatchBoundary(context, models),
    },
    teams: {
      operator: { people: operators, statements: planOperatorPolicy(context, mfa) },
      auditor: { people: auditors, statements: planAuditorPolicy(context) },
    },
    legalHold: spec.dataControl["session-logs"].legalHold,
    accountPreferences: ownsAccount(spec),
    adopt: spec.platform.adopt,
  };
}

export function artifactStoreArgs(spec: StackSpec): Plain<ArtifactStoreArgs, "keys" | "access"> {
  const context = contextOf(spec);
  return { context, images: planImages(context, [spec.images, ...spec.guestImages]), files: spec.images };
}

/** The parts of a stack that its network's endpoints and names depend on. */
export function networkScope(spec: StackSpec): NetworkScope {
  return {
    ...actionScope(spec),
    gateway: spec.gateway !== undefined,
    observability: spec.observability !== undefined,
    ...(spec.observability?.clickHouseUrl !== undefined && { clickHouseUrl: spec.observability.clickHouseUrl }),
    sources: spec.sources,
  };
}

export function privateNetworkArgs(
  spec: StackSpec,
  network: NetworkSpec,
): Plain<PrivateNetworkArgs, "keys" | "access"> {
  const scope = networkScope(spec);
  return {
    context: scope.context,
    network,
    endpoints: planEndpoints(scope),
    domains: planDomains(scope),
    sources: spec.sources,
    organizationLogDelivery: isFoundation(spec),
    blockPublicAccess: ownsAccount(spec),
  };
}

export function observabilityStackArgs(
  spec: StackSpec,
  { clickHouseUrl }: ObservabilitySpec,
): Plain<ObservabilityStackArgs, "network" | "keys" | "access" | "artifacts"> {
  const { alerts, alertEmails, repository } = spec.platform;
  return {
    context: contextOf(spec),
    ...(repository && { workflow: planIssuer(repository).subjects.production }),
    homeZones: spec.homes.zones,
    images: spec.images,
    alertEmails: alerts.infrastructure ?? alertEmails,
    ...(alerts.security && { securityEmails: alerts.security }),
    ...(clickHouseUrl !== undefined && { clickHouseUrl }),
    accountLogs: ownsAccount(spec),
    adopt: spec.platform.adopt,
    legalHold: spec.dataControl["audit-trail"].legalHold,
    accountAlarms: spec.department === undefined,
  };
}

/** Absent where the stack's network holds the gateway that it uses. */
export function gatewayLinkArgs(spec: StackSpec): Plain<GatewayLinkArgs, "network" | "gateway"> | undefined {
  if (spec.network === undefined || spec.gateway !== undefined) return undefined;
  return { context: contextOf(spec), gatewayStack: gatewayStack(spec) };
}

export function configurationPlan(spec: StackSpec, { queue, extras }: GatewaySpec): ConfigurationPlan {
  const { models, residency, guardrails, quotas } = spec.platform;
  return {
    context: contextOf(spec),
    models: { models, residency, guardrails, embeddings: extras.includes("embeddings") },
    bedrockQuotas: quotas.bedrock,
    queue,
    extras,
  };
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
    ...(spec.network && { networkCidrs: networkRanges(spec.network) }),
    ...addedRange(spec),
    endpointService: spec.gatewayClients.length > 0,
  };
}

export function usageAnalysisArgs(
  spec: StackSpec,
): Plain<UsageAnalysisArgs, "network" | "gateway" | "keys" | "access" | "observability"> {
  const context = contextOf(spec);
  return {
    context,
    monthlyBudgetUsd: spec.platform.monthlyBudgetUsd,
    functions: {
      usageReport: usageReport(context),
      spendCheck: spendCheck(context),
      ...(paysTheBill(spec) && { billReader: billReader(context) }),
    },
  };
}

export function budgetStopArgs(spec: StackSpec): Plain<BudgetStopArgs, "keys" | "access" | "observability"> {
  const context = contextOf(spec);
  return {
    context,
    function: budgetStop(context),
    stoppedRoles: stoppedRoles(context),
    extraBudgets: spec.platform.extraBudgets,
  };
}

export function organizationBudgetArgs(spec: StackSpec): Plain<OrganizationBudgetArgs, "keys"> {
  const { monthlyBudgetUsd, alertEmails } = spec.platform;
  return { context: contextOf(spec), monthlyBudgetUsd, alertEmails, paysTheBill: paysTheBill(spec) };
}

const tracesContext = (spec: StackSpec) => contextOf(spec).of(tracesStack(spec));

export function departmentAccessArgs(
  spec: StackSpec,
  department: DepartmentSpec,
): Plain<DepartmentAccessArgs, "access"> {
  const context = contextOf(spec);
  const mfa = spec.platform;
  const common = { context, mfa, department: department.name };
  const reports = tracesContext(spec);
  return {
    context,
    mfa,
    developers: department.developers.map((developer) => developer.signIn),
    leads: leadsOf(department).map(({ signIn }) => signIn),
    sessionStatements: planSessionPolicy({ ...common, foundation: context.of(foundationStack(spec)) }),
    leadStatements: planLeadPolicy({ ...common, reports, gateway: context.of(gatewayStack(spec)) }),
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
  return {
    context,
    department,
    modelProfiles: Object.fromEntries(modelTiers.map(profileOf)) as Record<ModelTier, string>,
    ...(spec.extras.includes("embeddings") && { embeddingModel: embeddingModelArn(region) }),
    gatewayContext: context.of(gatewayStack(spec)),
    tracesContext: tracesContext(spec),
    mfaMode: platform.mfaMode,
  };
}

export function departmentBudgetArgs(
  spec: StackSpec,
  { monthlyBudgetUsd, alertEmails }: DepartmentSpec,
): Plain<DepartmentBudgetArgs, "gateway" | "keys"> {
  return { context: contextOf(spec), monthlyBudgetUsd, alertEmails, gatewayStack: gatewayStack(spec) };
}

export function workspaceOperationsArgs(
  spec: StackSpec,
): Plain<WorkspaceOperationsArgs, "network" | "keys" | "access" | "observability"> {
  const context = contextOf(spec);
  return { context, idleStop: idleStop(context) };
}

export function workspaceSetUpArgs(spec: StackSpec): Plain<WorkspaceSetUpArgs, "artifacts" | "keys" | "observability"> {
  return { context: contextOf(spec), agent: spec.platform.agent };
}

export function developerWorkspaceArgs(
  spec: StackSpec,
  developer: DeveloperSpec,
): Plain<DeveloperWorkspaceArgs, "network" | "gateway" | "access" | "artifacts" | "keys" | "keySecret" | "setUpKey"> {
  const context = contextOf(spec);
  const gateway = context.of(gatewayStack(spec));
  return {
    context,
    developer,
    routes: workspaceRoutes(spec.extras),
    homeZones: spec.homes.zones,
    imageId: spec.images.workspaceAmi,
    // A network of its own connects to a shared gateway through an interface endpoint.
    gatewayInNetwork: spec.network === undefined || spec.gateway !== undefined,
    foundation: context.of(foundationStack(spec)),
    snapshots: context.of(spec.network ? spec.stack : spec.platform.stack),
    batches: { bucketName: batchBucketName(gateway), gateway },
  };
}
