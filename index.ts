import * as pulumi from "@pulumi/pulumi";
import { AccessFoundation, DepartmentAccess } from "./components/access";
import { accountProvider } from "./components/account-provider";
import { ArtifactStore } from "./components/artifacts";
import { BudgetStop, DepartmentBudget, OrganizationBudget, UsageAnalysis } from "./components/cost";
import { KeyProbe, KeyRing, UsableKeys } from "./components/encryption";
import { isFoundation } from "./components/foundation";
import { DepartmentGateway, GatewayCluster } from "./components/gateway";
import { GatewayLink, keepHomeZones, PrivateNetwork } from "./components/network";
import { ObservabilityStack } from "./components/observability";
import { SharedStack } from "./components/shared";
import { DeveloperWorkspace, WorkspaceOperations, WorkspaceSetUp } from "./components/workspace";
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
  keyProbeArgs,
  keyRingArgs,
  observabilityStackArgs,
  organizationBudgetArgs,
  privateNetworkArgs,
  sharedStackArgs,
  usageAnalysisArgs,
  workspaceOperationsArgs,
  workspaceSetUpArgs,
} from "./compose";
import { loadStack, peopleInNetwork, retirementNotes } from "./config";

/** An offline run as deployed sets `cline:offline`, a key that no stack file may hold. */
const offline = new pulumi.Config("cline").get("offline") === "true";
/** True in a real `up` only. */
const deploying = !pulumi.runtime.isDryRun() && !offline;

/**
 * One program for every stack: it builds the stack file's own sections, and shares all others from
 * the platform.
 */
export = async (): Promise<Record<string, unknown>> => {
  const spec = loadStack(__dirname, pulumi.getStack(), { deploying });
  for (const note of spec.notes) await pulumi.log.info(note);
  if (spec.gateway && !offline) {
    const today = new Date().toISOString().slice(0, 10);
    for (const note of retirementNotes(spec.platform, today, spec.gateway.extras)) await pulumi.log.info(note);
  }

  if (spec.network) await keepHomeZones({ ...spec, people: () => peopleInNetwork(__dirname, spec.stack) });

  const own = { providers: { aws: accountProvider(spec) } };
  const shared = new SharedStack({ ...sharedStackArgs(spec), deploying });
  const { department } = spec;
  const homeZones = spec.network && { homeZones: spec.homes.zones };
  const hasFoundation = isFoundation(spec);

  const ring = new KeyRing("keys", keyRingArgs(spec), own).facts;
  const access = hasFoundation
    ? new AccessFoundation("access", { ...accessFoundationArgs(spec), keys: ring }, own).facts
    : shared.facts("access");
  const network = spec.network
    ? new PrivateNetwork("network", { ...privateNetworkArgs(spec, spec.network), keys: ring, access }, own).facts
    : shared.facts("network");
  const probe = hasFoundation
    ? new KeyProbe("key-probe", { ...keyProbeArgs(spec), network, keys: ring, access }, own).facts
    : shared.facts("keyProbe");
  const keys = new UsableKeys("keys", { keys: ring, probe }, own).facts;
  const artifacts = hasFoundation
    ? new ArtifactStore("artifacts", { ...artifactStoreArgs(spec), keys, access }, own).facts
    : shared.facts("artifacts");
  const observability = spec.observability
    ? new ObservabilityStack(
        "observability",
        { ...observabilityStackArgs(spec, spec.observability), network, keys, access, artifacts },
        own,
      ).facts
    : shared.facts("observability");
  const cluster =
    spec.gateway &&
    new GatewayCluster(
      "gateway",
      { ...gatewayClusterArgs(spec, spec.gateway), network, keys, access, artifacts, observability },
      own,
    );
  const gateway = cluster ? cluster.facts : shared.facts("gateway");

  const link = gatewayLinkArgs(spec);
  const linked = link ? new GatewayLink("gateway-link", { ...link, network, gateway }, own).gateway : gateway;
  if (cluster) {
    const { reach } = cluster;
    new UsageAnalysis(
      "usage",
      { ...usageAnalysisArgs(spec), network, gateway: reach, keys, access, observability },
      own,
    );
    new BudgetStop("budget-stop", { ...budgetStopArgs(spec), keys, access, observability }, own);
  }
  if (spec.network)
    new WorkspaceOperations(
      "workspaces",
      { ...workspaceOperationsArgs(spec), network, keys, access, observability },
      own,
    );

  if (department === undefined) {
    new OrganizationBudget("budget", { ...organizationBudgetArgs(spec), keys }, own);
    const facts = { access, artifacts, network, observability, gateway, keyProbe: probe };
    return { capsHash: spec.platform.capsHash, ...facts, ...homeZones };
  }

  new DepartmentAccess("access", { ...departmentAccessArgs(spec, department), access }, own);
  const atGateway = new DepartmentGateway(
    "gateway",
    { ...departmentGatewayArgs(spec, department), gateway, observability, keys },
    own,
  );
  new DepartmentBudget("budget", { ...departmentBudgetArgs(spec, department), gateway, keys }, own);
  const setUp = new WorkspaceSetUp(
    "workspace-set-up",
    { ...workspaceSetUpArgs(spec), artifacts, keys, observability },
    own,
  );
  const workspaces = department.developers.map(
    (developer) =>
      new DeveloperWorkspace(
        developer.id,
        {
          ...developerWorkspaceArgs(spec, developer),
          network,
          gateway: linked,
          access,
          artifacts,
          keys,
          keySecret: atGateway.virtualKeyOf(developer.id),
          setUpKey: setUp.key,
        },
        own,
      ),
  );
  return {
    workspaces: Object.fromEntries(workspaces.map((workspace) => [workspace.developer, workspace.instanceId])),
    ...homeZones,
  };
};
