import { createHash } from "node:crypto";
import { planShares, toCents, toUsd } from "./budget";
import { planDataControl } from "./data-control";
import { fill, type Written } from "./fill";
import type { DepartmentSpec, DeveloperSpec, ExtraBudget, ImagesSpec, Limits, PlatformSpec, StackSpec } from "./model";
import { department as departmentSection, developer } from "./schema/department";
import { cap as capSection, platform as platformSection } from "./schema/platform";
import { gateway as gatewaySection, images as imagesSection, network as networkSection } from "./schema/sections";
import { observability as observabilitySection } from "./schema/sections";
import { type AnyStack, type DepartmentStack, faultless, type PlatformStack } from "./stack-file";
import type { StackSet } from "./stack-set";
import { modelTiers } from "./terms";

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
    ...(observability ? { observability: fill(observabilitySection, observability, {}) } : {}),
    images: resolveImages(stack, platformStack),
    gatewayClients: clients.map((client) => client.stack).sort(),
    dataControl: planDataControl({
      logRetentionDays: fill(observabilitySection, logs, {}).logRetentionDays,
      keepPromptText: department?.keepPromptText ?? false,
    }),
    notes: [],
  };
}

const usesGatewayFromOutside = ({ config }: DepartmentStack) =>
  config["cline:network"] !== undefined && config["cline:gateway"] === undefined;

function resolvePlatform(stack: PlatformStack): PlatformSpec {
  const { "cline:platform": section, "aws:region": region, "aws:allowedAccountIds": accounts } = faultless(stack);
  const accountId = accounts[0] ?? "";
  const { caps: written, ...settings } = fill(platformSection, section, { identityAccount: accountId });
  const byDefault = complete(written["default"]);
  const named = Object.entries(written).map(([name, cap]) => [name, fill(capSection, cap, byDefault)] as const);
  const caps = { ...Object.fromEntries(named), default: byDefault };
  return { ...settings, stack: stack.stack, region, accountId, caps, capsHash: capsHash({ ...settings, caps }) };
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

/** A sample digest or image id: all zeros. */
const isSample = (image: string) => /[:-]0+$/.test(image);

const pinned = (stack: AnyStack, platform: PlatformStack) =>
  fill(imagesSection, faultless(stack)["cline:images"] ?? {}, faultless(platform)["cline:images"] ?? {});

function resolveImages(stack: AnyStack, platform: PlatformStack): ImagesSpec {
  return { ...pinned(stack, platform), samples: imagesOf(stack, platform).some(({ sample }) => sample) };
}
