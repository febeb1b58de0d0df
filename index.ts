import * as pulumi from "@pulumi/pulumi";
import { AccessFoundation, DepartmentAccess } from "./components/access";
import { ArtifactStore } from "./components/artifacts";
import { BudgetStop, DepartmentBudget, OrganizationBudget, UsageAnalysis } from "./components/cost";
import { KeyRing } from "./components/encryption";
import { isFoundation } from "./components/foundation";
import { DepartmentGateway, GatewayCluster } from "./components/gateway";
import { GatewayLink, PrivateNetwork } from "./components/network";
import { ObservabilityStack } from "./components/observability";
import { SharedStack } from "./components/shared";
import { DeveloperWorkspace, SourceEndpoints, WorkspaceOperations } from "./components/workspace";
import {
  accessFoundationArgs,
  artifactStoreArgs,
  budgetStopArgs,
  departmentAccessArgs,
  departmentBudgetArgs,
  departmentGatewayArgs,
  developerWorkspaceArgs,
  gatewayClusterArgs,
  gatewayLinkArgs,
  keyRingArgs,
  observabilityStackArgs,
  organizationBudgetArgs,
  privateNetworkArgs,
  sharedStackArgs,
  sourceEndpointsArgs,
  usageAnalysisArgs,
  workspaceOperationsArgs,
} from "./compose";
import { loadStack } from "./config";

/**
 * True in a real `up` only: an offline run as deployed sets `cline:offline`, a key that no stack
 * file may hold.
 */
const deploying = !pulumi.runtime.isDryRun() && new pulumi.Config("cline").get("offline") !== "true";

/**
 * One program for every stack: it builds the stack file's own sections, and shares all others from
 * the platform.
 */
export = async (): Promise<Record<string, unknown>> => {
  const spec = loadStack(__dirname, pulumi.getStack(), { deploying });
  for (const note of spec.notes) await pulumi.log.info(note);

  const shared = new SharedStack({ ...sharedStackArgs(spec), deploying });
  const { department } = spec;
  const hasFoundation = isFoundation(spec);

  const keys = new KeyRing("keys", keyRingArgs(spec)).facts;
  const access = hasFoundation
    ? new AccessFoundation("access", { ...accessFoundationArgs(spec), keys }).facts
    : shared.facts("access");
  const artifacts = hasFoundation
    ? new ArtifactStore("artifacts", { ...artifactStoreArgs(spec), keys, access }).facts
    : shared.facts("artifacts");
  const network = spec.network
    ? new PrivateNetwork("network", { ...privateNetworkArgs(spec, spec.network), keys, access }).facts
    : shared.facts("network");
  const observability = spec.observability
    ? new ObservabilityStack("observability", {
        ...observabilityStackArgs(spec, spec.observability),
        network,
        keys,
        access,
        artifacts,
      }).facts
    : shared.facts("observability");
  const gateway = spec.gateway
    ? new GatewayCluster("gateway", {
        ...gatewayClusterArgs(spec, spec.gateway),
        network,
        keys,
        access,
        artifacts,
        observability,
      }).facts
    : shared.facts("gateway");

  const link = gatewayLinkArgs(spec);
  if (link) new GatewayLink("gateway-link", { ...link, network, gateway });
  if (spec.gateway) {
    new UsageAnalysis("usage", { ...usageAnalysisArgs(spec), network, gateway, keys, access, observability });
    new BudgetStop("budget-stop", { ...budgetStopArgs(spec), keys, access, observability });
  }
  if (spec.network)
    new WorkspaceOperations("workspaces", { ...workspaceOperationsArgs(spec), network, keys, access, observability });

  if (department === undefined) {
    new OrganizationBudget("budget", { ...organizationBudgetArgs(spec), keys });
    return { capsHash: spec.platform.capsHash, access, artifacts, network, observability, gateway };
  }

  new DepartmentAccess("access", { ...departmentAccessArgs(spec, department), access });
  new DepartmentGateway("gateway", { ...departmentGatewayArgs(spec, department), gateway, observability, keys });
  new DepartmentBudget("budget", { ...departmentBudgetArgs(spec, department), keys });
  const sources = new SourceEndpoints("sources", { ...sourceEndpointsArgs(spec, department), network });
  const workspaces = department.developers.map(
    (developer) =>
      new DeveloperWorkspace(developer.id, {
        ...developerWorkspaceArgs(spec, developer),
        network,
        gateway,
        access,
        artifacts,
        keys,
        sources,
      }),
  );
  return { workspaces: Object.fromEntries(workspaces.map((workspace) => [workspace.developer, workspace.instanceId])) };
};
