import { createHash } from "node:crypto";
import { planShares, toCents, toUsd } from "./budget";
import { defaultModels } from "./catalogue";
import { planDataControl } from "./data-control";
import type {
  DepartmentSpec,
  DeveloperSpec,
  ExtraBudget,
  ImagesSpec,
  Limits,
  PlatformSpec,
  ScheduleSpec,
  StackSpec,
  WorkspaceSpec,
} from "./model";
import { modelTiers } from "./model";
import type { WorkspaceSection } from "./schema";
import type { AnyStack, DepartmentStack, PlatformStack } from "./stack-file";
import { accountOf, capOf, gatewayTasks, limitsOf, type StackSet } from "./stack-set";

/** A sample digest or image id: all zeros. */
const isSample = (image: string) => /[:-]0+$/.test(image);
const sampleAmi = `ami-${"0".repeat(17)}`;
const sampleDigest = `sha256:${"0".repeat(64)}`;

/** Fills in every default of one stack whose files have no faults. */
export function resolveStack(stack: AnyStack, set: StackSet): StackSpec {
  const platformStack = stack.kind === "platform" ? stack : set.platformOf(stack);
  if (!platformStack) throw new Error(`${stack.file} names no platform`);
  const platform = resolvePlatform(platformStack);
  const images = resolveImages(stack, platformStack);
  const department = stack.kind === "department" ? resolveDepartment(stack, platform, platformStack) : undefined;
  const { "cline:network": network, "cline:gateway": gateway, "cline:observability": observability } = stack.config;
  const logs = observability ?? platformStack.config["cline:observability"];
  const clients = stack.kind === "platform" ? set.departmentsOf(stack).filter(usesGatewayFromOutside) : [];
  return {
    stack: stack.stack,
    region: stack.config["aws:region"],
    accountId: accountOf(stack, platformStack),
    platform,
    ...(department ? { sharedFrom: platform.stack, department } : {}),
    ...(network ? { network: { cidr: network.cidr, zones: network.zones ?? 2 } } : {}),
    ...(gateway ? { gateway: gatewayTasks(gateway) } : {}),
    ...(observability ? { observability: { logRetentionDays: 365, ...observability } } : {}),
    images,
    gatewayClients: clients.map((client) => client.stack).sort(),
    dataControl: planDataControl({
      logRetentionDays: logs.logRetentionDays ?? 365,
      keepPromptText: department?.keepPromptText ?? false,
    }),
    notes: [],
  };
}

const usesGatewayFromOutside = ({ config }: DepartmentStack) =>
  config["cline:network"] !== undefined && config["cline:gateway"] === undefined;

function resolvePlatform(stack: PlatformStack): PlatformSpec {
  const {
    caps: written,
    models,
    account,
    timeZone,
    identityAccount,
    extraBudgets,
    ...rest
  } = stack.config["cline:platform"];
  const accountId = accountOf(stack, stack);
  const caps = Object.fromEntries(
    Object.keys(written).map((name) => [name, capOf(stack, name).cap]),
  ) as PlatformSpec["caps"];
  const extras = extraBudgets ?? [];
  return {
    ...rest,
    stack: stack.stack,
    region: stack.config["aws:region"],
    accountId,
    models: { ...defaultModels, ...models },
    caps,
    extraBudgets: extras,
    timeZone: timeZone ?? "UTC",
    account: account ?? "dedicated",
    identityAccount: identityAccount ?? accountId,
    capsHash: capsHash(caps, extras, rest.monthlyBudgetUsd),
  };
}

/** The same for the same wishes, in whatever order a file writes them. */
function capsHash(
  caps: Readonly<Record<string, Limits>>,
  extras: readonly ExtraBudget[],
  monthlyBudgetUsd: number,
): string {
  const rows = Object.entries(caps)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, cap]) => [name, cap.monthlyBudgetUsd, cap.tpm, cap.rpm, [...cap.models].sort(), cap.priority]);
  const additions = extras
    .map(({ department, amountUsd, reason, approvedBy, until }) => [department, amountUsd, reason, approvedBy, until])
    .map((row) => JSON.stringify(row))
    .sort();
  return createHash("sha256")
    .update(JSON.stringify([rows, additions, monthlyBudgetUsd]))
    .digest("hex");
}

function resolveDepartment(
  stack: DepartmentStack,
  platform: PlatformSpec,
  platformStack: PlatformStack,
): DepartmentSpec {
  const section = stack.config["cline:department"];
  const { cap } = capOf(platformStack, stack.stack);
  const limits = limitsOf(stack, cap);
  const ids = Object.keys(section.developers).sort();
  const explicit = new Map(
    ids.map((id) => {
      const usd = section.developers[id]?.monthlyBudgetUsd;
      return [id, usd === undefined ? undefined : toCents(usd)];
    }),
  );
  const { byId } = planShares(toCents(limits.monthlyBudgetUsd), explicit);
  return {
    ...limits,
    models: inOrder(limits.models),
    name: stack.stack,
    lead: section.lead,
    deputies: section.deputies ?? [],
    costCenter: section.costCenter ?? stack.stack,
    alertEmails: section.alertEmails ?? platform.alertEmails,
    keepPromptText: section.keepPromptText ?? false,
    extraBudgets: platform.extraBudgets.filter(({ department }) => department === stack.stack),
    cap,
    developers: ids.map((id): DeveloperSpec => {
      const { tpm, rpm, models, priority, signIn, workspace, sshPublicKey, homeVolume } = section.developers[id] ?? {};
      const share = byId.get(id) ?? 0;
      return {
        id,
        signIn: signIn ?? id,
        monthlyBudgetUsd: toUsd(share),
        blocked: share === 0,
        tpm: tpm ?? limits.tpm,
        rpm: rpm ?? limits.rpm,
        models: inOrder(models ?? limits.models),
        priority: priority ?? limits.priority,
        workspace: resolveWorkspace(section.workspace, workspace),
        ...(sshPublicKey === undefined ? {} : { sshPublicKey: sshPublicKey.trim() }),
        ...(homeVolume === undefined ? {} : { homeVolume }),
      };
    }),
  };
}

const inOrder = (models: Limits["models"]) => modelTiers.filter((tier) => models.includes(tier));

/** A developer's own words, then the department's, then ours. */
function resolveWorkspace(department: WorkspaceSection = {}, developer: WorkspaceSection = {}): WorkspaceSpec {
  const written = developer.schedule ?? department.schedule;
  const schedule: ScheduleSpec | undefined = written && {
    ...written,
    days: written.days ?? ["mon", "tue", "wed", "thu", "fri"],
  };
  return {
    size: developer.size ?? department.size ?? "medium",
    idleMinutes: developer.idleMinutes ?? department.idleMinutes ?? 60,
    homeGiB: developer.homeGiB ?? department.homeGiB ?? 50,
    sources: developer.sources ?? department.sources ?? [],
    ...(schedule ? { schedule } : {}),
  };
}

/** One pinned image: its key in `cline:images`, its value, and whether that is a shipped sample. */
export interface PinnedImage {
  readonly name: Exclude<keyof ImagesSpec, "samples">;
  readonly value: string;
  readonly sample: boolean;
}

/** Every image of a stack: its own words, then the platform's, then the sample. */
export function imagesOf(stack: AnyStack, platform: PlatformStack): PinnedImage[] {
  const written = { ...platform.config["cline:images"], ...stack.config["cline:images"] };
  const names = ["workspaceAmi", "gateway", "langfuse", "langfuseWorker", "clickHouse", "collector"] as const;
  return names.map((name) => {
    const value = written[name] ?? (name === "workspaceAmi" ? sampleAmi : sampleDigest);
    return { name, value, sample: isSample(value) };
  });
}

function resolveImages(stack: AnyStack, platform: PlatformStack): ImagesSpec {
  const images = imagesOf(stack, platform);
  const values = Object.fromEntries(images.map(({ name, value }) => [name, value])) as Record<
    PinnedImage["name"],
    string
  >;
  return { ...values, samples: images.some(({ sample }) => sample) };
}
