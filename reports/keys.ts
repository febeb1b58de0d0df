import type { ResourceReport, StackReport } from "./document";

/**
 * An input that may hold a KMS key, as in the policy pack's `kms-table.json`: `[]` marks a list.
 */
export interface KeyProperty {
  readonly type: string;
  readonly path: string;
}

/** One input where a key is named, or could be. */
export interface KeyUse {
  readonly stack: string;
  readonly resource: string;
  readonly type: string;
  readonly property: string;
  /**
   * Alias of the customer-managed key, or its ARN without an alias here; undefined: no key is
   * named.
   */
  readonly key?: string;
  /** The reason, where there is no key on purpose. */
  readonly reason?: string;
}

/**
 * Places without a key on purpose: another input chooses so, or there is nothing to encrypt. By
 * `type path`.
 */
const without: Readonly<Record<string, (resource: ResourceReport) => string | undefined>> = {
  "aws:ecs/cluster:Cluster configuration.managedStorageConfiguration.kmsKeyId": () =>
    "for volumes that ECS makes; none does, and Fargate's storage has its own key",
  "aws:ecs/cluster:Cluster configuration.executeCommandConfiguration.kmsKeyId": () =>
    "no command can be executed in a task",
  "aws:rds/cluster:Cluster performanceInsightsKmsKeyId": ({ inputs }) =>
    inputs["performanceInsightsEnabled"] === true ? undefined : "set on the cluster's instances, with the key",
  "aws:lambda/function:Function sourceKmsKeyArn": () =>
    "the package holds code and no data; it is kept under Lambda's own key",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration rules[].applyServerSideEncryptionByDefault.kmsMasterKeyId":
    ({ name }) => (name.endsWith("-access-logs-encryption") ? "load balancers write to SSE-S3 only" : undefined),
};

type Inputs = Readonly<Record<string, unknown>>;
const isBlock = (value: unknown): value is Inputs =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The values at a path. A missing block on the path gives no value, a missing last member gives
 * undefined.
 */
function valuesAt(value: unknown, [step, ...rest]: readonly string[]): readonly unknown[] {
  if (step === undefined) return [value];
  if (!isBlock(value)) return [];
  const isList = step.endsWith("[]");
  const member = value[isList ? step.slice(0, -2) : step];
  if (rest.length > 0 && member === undefined) return [];
  const items = isList ? (Array.isArray(member) ? (member as readonly unknown[]) : []) : [member];
  return items.flatMap((item) => valuesAt(item, rest));
}

/** Aliases by key ARN and key id, of all stacks. */
function aliases(stacks: readonly StackReport[]): ReadonlyMap<string, string> {
  const of = (type: string) =>
    stacks.flatMap(({ resources }) => resources.filter((resource) => resource.type === type));
  const byId = new Map(
    of("aws:kms/alias:Alias").map(({ inputs }) => [String(inputs["targetKeyId"]), String(inputs["name"])] as const),
  );
  const byArn = of("aws:kms/key:Key").flatMap(({ outputs }) => {
    const alias = byId.get(String(outputs?.["keyId"]));
    return alias === undefined ? [] : [[String(outputs?.["arn"]), alias] as const];
  });
  return new Map([...byId, ...byArn]);
}

/**
 * Table of encryption keys: every input of every resource where the provider takes a key, sorted by
 * key, type and name.
 * @param stacks of an as-deployed run.
 * @param properties all inputs of the provider that may hold a key.
 */
export function planKeyUses(stacks: readonly StackReport[], properties: readonly KeyProperty[]): readonly KeyUse[] {
  const known = aliases(stacks);
  const byType = new Map<string, KeyProperty[]>();
  for (const property of properties) byType.set(property.type, [...(byType.get(property.type) ?? []), property]);
  const uses = stacks.flatMap(({ stack, resources }) =>
    resources.flatMap((resource) =>
      (byType.get(resource.type) ?? []).flatMap(({ type, path }) =>
        valuesAt(resource.inputs, path.split(".")).map((value): KeyUse => {
          const place = { stack, resource: resource.name, type, property: path };
          if (typeof value === "string" && value !== "") return { ...place, key: known.get(value) ?? value };
          const reason = without[`${type} ${path}`]?.(resource);
          return { ...place, ...(reason !== undefined && { reason }) };
        }),
      ),
    ),
  );
  const order = ({ key, reason, type, property, stack, resource }: KeyUse) =>
    [key ?? (reason === undefined ? "0" : "1"), type, property, stack, resource].join("\0");
  return uses
    .map((use) => [order(use), use] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, use]) => use);
}

/** Places without a key and without a reason. */
export const unkeyed = (uses: readonly KeyUse[]): readonly KeyUse[] =>
  uses.filter(({ key, reason }) => key === undefined && reason === undefined);

/**
 * The table as Markdown: a section for each key, then places without a key on purpose, then the
 * unexplained ones.
 */
export function renderKeyUses(uses: readonly KeyUse[]): string {
  const sections = new Map<string, KeyUse[]>();
  for (const use of uses) {
    const title = use.key ?? (use.reason === undefined ? "Left over: no key" : "No key, on purpose");
    sections.set(title, [...(sections.get(title) ?? []), use]);
  }
  const left = unkeyed(uses).length;
  const lines = [...sections].flatMap(([title, own]) => [
    `## ${title}`,
    "",
    "| encrypts | property | resources |",
    "| --- | --- | --- |",
    ...grouped(own),
    "",
  ]);
  const summary = `${uses.length} places of ${new Set(uses.map(({ stack, resource, type }) => `${stack} ${type} ${resource}`)).size} resources; ${left === 0 ? "none left over" : `${left} left over`}.`;
  return ["# Which key encrypts what", "", summary, "", ...lines].join("\n");
}

/** One line for each type and property, with the resources by stack. */
function grouped(uses: readonly KeyUse[]): readonly string[] {
  const groups = new Map<string, KeyUse[]>();
  for (const use of uses) {
    const group = `\`${use.type.split(":").slice(1).join(":").replace(/\/.*:/, " ")}\` | \`${use.property}\``;
    groups.set(group, [...(groups.get(group) ?? []), use]);
  }
  return [...groups].map(([group, own]) => {
    const stacks = new Map<string, string[]>();
    for (const { stack, resource } of own) stacks.set(stack, [...(stacks.get(stack) ?? []), resource]);
    const names = [...stacks].map(([stack, resources]) => `${stack}: ${resources.join(", ")}`).join("; ");
    const reason = own[0]?.reason;
    return `| ${group} | ${names}${reason === undefined ? "" : ` (${reason})`} |`;
  });
}
