import { createHash } from "node:crypto";
import { planShares, toCents, toUsd } from "./budget";
import { planDataControl } from "./data-control";
import { fill, type Written } from "./fill";
import type {
  DepartmentSpec,
  DeveloperSpec,
  ExtraBudget,
  HomesSpec,
  ImagesSpec,
  KeptSpec,
  Limits,
  PlatformSpec,
  StackSpec,
} from "./model";
import { department as departmentSection, developer } from "./schema/department";
import { kept as keptSection } from "./schema/kept";
import { cap as capSection, platform as platformSection } from "./schema/platform";
import { gateway as gatewaySection, images as imagesSection, network as networkSection } from "./schema/sections";
import { observability as observabilitySection } from "./schema/sections";
import { sourcesIn } from "./sources";
import { type AnyStack, type DepartmentStack, faultless, type PlatformStack } from "./stack-file";
import { accountOf, type StackSet } from "./stack-set";
import { homeZones } from "./subnets";
import { gatewayExtras, modelTiers, type GatewayExtra } from "./terms";
import { imageKeys, pinnedDigest } from "./image-sources";

/** Fills in every default of one stack whose files have no faults. @throws Error when they have. */
export function resolveStack(stack: AnyStack, set: StackSet): StackSpec {
  const platformStack = stack.kind === "platform" ? stack : set.platformOf(stack);
  if (!platformStack) throw new Error(`${stack.file} names no platform`);
  const platform = resolvePlatform(platformStack);
  const department = stack.kind === "department" ? resolveDepartment(stack, platform) : undefined;
  const config = faultless(stack);
  const { "cline:network": network, "cline:gateway": gateway, "cline:observability": observability } = config;
  const logs = observability ?? faultless(platformStack)["cline:observability"];
  const clients = stack.kind === "platform" ? set.departmentsOf(stack).filter(usesGatewayFromOutside) : [];
  return {
    stack: stack.stack,
    region: config["aws:region"],
    accountId: config["aws:allowedAccountIds"]?.[0] ?? platform.accountId,
    platform,
    ...(department ? { sharedFrom: platform.stack, department } : {}),
    ...(network ? { network: fill(networkSection, network, {}) } : {}),
    ...(gateway ? { gateway: fill(gatewaySection, gateway, {}) } : {}),
    extras: extrasOf(gateway ?? faultless(platformStack)["cline:gateway"]),
    extrasWithin: extrasWithin(stack, set),
    ...(observability ? { observability: fill(observabilitySection, observability, {}) } : {}),
    homes: resolveHomes(stack, platformStack),
    images: resolveImages(stack, platformStack),
    guestImages: stack.kind === "platform" ? guestsOf(stack, set).map((guest) => resolveImages(guest, stack)) : [],
    kept: Object.fromEntries([platformStack, stack].map((each) => [each.stack, resolveKept(each)])),
    gatewayClients: clients.map((client) => client.stack).sort(),
    sources: network ? sourcesIn(stack, set) : [],
    dataControl: planDataControl({
      logRetentionDays: fill(observabilitySection, logs, {}).logRetentionDays,
      keepPromptText: department?.keepPromptText ?? false,
    }),
    notes: [],
  };
}

const extrasOf = (gateway: Written<typeof gatewaySection> | undefined): readonly GatewayExtra[] =>
  gateway === undefined ? [] : fill(gatewaySection, gateway, {}).extras;

/** A department with a fault in its file counts with what can be read of it. */
function extrasWithin(stack: AnyStack, set: StackSet): readonly GatewayExtra[] {
  const guests = stack.kind === "platform" ? set.departmentsOf(stack).filter((guest) => inAccountOf(guest, stack)) : [];
  const opened = [stack, ...guests].flatMap(({ config }) => config["cline:gateway"]?.extras ?? []);
  return gatewayExtras.filter((extra) => opened.includes(extra));
}

const inAccountOf = (department: DepartmentStack, platform: PlatformStack): boolean =>
  accountOf(department, platform) === accountOf(platform, platform);

/** Departments that pin images of their own and run them in the platform's account. */
const guestsOf = (platform: PlatformStack, set: StackSet): DepartmentStack[] =>
  set
    .departmentsOf(platform)
    .filter(
      (department) =>
        "cline:gateway" in department.config &&
        "cline:images" in department.config &&
        inAccountOf(department, platform),
    );

function resolveKept(stack: AnyStack): KeptSpec {
  const developers = stack.kind === "department" ? faultless(stack)["cline:department"].developers : {};
  return {
    ...fill(keptSection, faultless(stack)["cline:kept"] ?? {}, {}),
    homeKeys: Object.values(developers).flatMap(({ homeKey }) => homeKey ?? []),
  };
}

function resolveHomes(stack: AnyStack, platform: PlatformStack): HomesSpec {
  const own = faultless(stack)["cline:network"] ?? faultless(platform)["cline:network"];
  const { addedCidr, ...network } = fill(networkSection, own, {});
  return {
    zones: homeZones({ ...network, ...(addedCidr !== undefined && { addedCidr }) }),
    ...(addedCidr !== undefined && { addedCidr }),
  };
}

const usesGatewayFromOutside = ({ config }: DepartmentStack) =>
  config["cline:network"] !== undefined && config["cline:gateway"] === undefined;

function resolvePlatform(stack: PlatformStack): PlatformSpec {
  const { "cline:platform": section, "aws:region": region, "aws:allowedAccountIds": accounts } = faultless(stack);
  const accountId = accounts[0] ?? "";
  const { caps: written, ...settings } = fill(platformSection, section, { identityAccount: accountId });
  const byDefault = complete(written["default"]);
  const named = Object.entries(written).map(([name, { guardrail: _, ...cap }]) => [
    name,
    fill(capSection, cap, byDefault),
  ]);
  const caps = { ...(Object.fromEntries(named) as Record<string, Limits>), default: byDefault };
  const guardrails = Object.fromEntries(
    Object.entries(written).flatMap(([name, { guardrail }]) => (guardrail ? [[name, guardrail] as const] : [])),
  );
  const derived = { caps, guardrails, capsHash: capsHash({ ...settings, caps }) };
  return { ...settings, stack: stack.stack, region, accountId, ...derived };
}

/** `caps.default`, which the checks have found to name every limit. */
function complete(cap: Written<typeof capSection> | undefined): Limits {
  const { monthlyBudgetUsd, tpm, rpm, models, priority } = cap ?? {};
  if (!monthlyBudgetUsd || !tpm || !rpm || !models || !priority) throw new Error("caps.default is not complete");
  return { monthlyBudgetUsd, tpm, rpm, models, priority };
}

/** The same for the same declarations, in any order of the file. */
function capsHash({
  caps,
  extraBudgets,
  monthlyBudgetUsd,
}: Pick<PlatformSpec, "caps" | "extraBudgets" | "monthlyBudgetUsd">) {
  const rows = Object.entries(caps)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, cap]) => [name, cap.monthlyBudgetUsd, cap.tpm, cap.rpm, [...cap.models].sort(), cap.priority]);
  const additions = extraBudgets
    .map(({ department, amountUsd, reason, approvedBy, until }: ExtraBudget) =>
      JSON.stringify([department, amountUsd, reason, approvedBy, until]),
    )
    .sort();
  return createHash("sha256")
    .update(JSON.stringify([rows, additions, monthlyBudgetUsd]))
    .digest("hex");
}

function resolveDepartment(stack: DepartmentStack, platform: PlatformSpec): DepartmentSpec {
  const section = faultless(stack)["cline:department"];
  const cap =
    platform.caps[Object.hasOwn(platform.caps, stack.stack) ? stack.stack : "default"] ?? platform.caps.default;
  const { developers, workspace, ...settings } = fill(departmentSection, section, {
    ...cap,
    costCenter: stack.stack,
    alertEmails: platform.alertEmails,
  });
  const shares = planShares(
    toCents(settings.monthlyBudgetUsd),
    new Map(
      Object.entries(developers).map(([id, { monthlyBudgetUsd: usd }]) => [id, usd === undefined ? usd : toCents(usd)]),
    ),
  );
  return {
    ...settings,
    models: inOrder(settings.models),
    name: stack.stack,
    extraBudgets: platform.extraBudgets.filter(({ department }) => department === stack.stack),
    cap,
    developers: Object.entries(developers)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, own]): DeveloperSpec => {
        const share = shares.byId.get(id) ?? 0;
        const spec = fill(developer, own, { ...settings, workspace, signIn: id, monthlyBudgetUsd: toUsd(share) });
        return { ...spec, id, blocked: share === 0, models: inOrder(spec.models) };
      }),
  };
}

const inOrder = (models: Limits["models"]) => modelTiers.filter((tier) => models.includes(tier));

/** One pinned image: its key in `cline:images`, its value, and whether that is a shipped sample. */
export interface PinnedImage {
  readonly name: string;
  readonly value: string;
  readonly sample: boolean;
}

/** Every image of a stack: its own, then the platform's, then the sample. */
export function imagesOf(stack: AnyStack, platform: PlatformStack): PinnedImage[] {
  return Object.entries(pinned(stack, platform)).map(([name, value]) => ({ name, value, sample: isSample(value) }));
}

/** A sample digest or image id: all zeros. The SHA-256 of nothing is what a failed download leaves. */
const isSample = (image: string) =>
  /[:-](0+|e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855)$/.test(image);

const pinned = (stack: AnyStack, platform: PlatformStack) =>
  fill(imagesSection, faultless(stack)["cline:images"] ?? {}, faultless(platform)["cline:images"] ?? {});

function resolveImages(stack: AnyStack, platform: PlatformStack): ImagesSpec {
  const values = pinned(stack, platform);
  const split = imageKeys.map((key) => [key, pinnedDigest(values[key])] as const);
  return {
    ...values,
    ...Object.fromEntries(split.map(([key, { digest }]) => [key, digest])),
    tags: Object.fromEntries(split.flatMap(([key, { tag }]) => (tag === undefined ? [] : [[key, tag]]))),
    samples: imagesOf(stack, platform).flatMap(({ name, sample }) => (sample ? [name] : [])),
  };
}
