import path from "node:path";
import { keyProperties } from "../../cli/keys";
import { planKeyUses } from "../../reports";
import type { DeployedStack } from "../support/deployed";

type Resource = DeployedStack["resources"][number];

/** Something that AWS still has after its stack, or a part of it, is gone. */
export interface KeptData {
  /** The URN of the resource that made it, and what stays. */
  readonly what: string;
  /** ARN of the key that encrypts it; undefined: none. */
  readonly key: string | undefined;
}

const properties = keyProperties(path.join(__dirname, "../.."));
const urnsOf = (stacks: readonly DeployedStack[]): ReadonlySet<string> =>
  new Set(stacks.flatMap(({ resources }) => resources.map(({ urn }) => urn)));

/** The resources that a change of the stack files takes out of the stacks. */
export function removedBy(before: readonly DeployedStack[], after: readonly DeployedStack[]): readonly Resource[] {
  const stay = urnsOf(after);
  return before.flatMap(({ resources }) => resources.filter(({ urn }) => !stay.has(urn)));
}

/**
 * What AWS keeps of removed resources, each with its key: retained resources that name a key,
 * retained buckets by their default encryption, final and daily snapshots, and secrets in their
 * recovery window.
 */
export function keptData(removed: readonly Resource[]): readonly KeptData[] {
  return removed.flatMap((resource): readonly KeptData[] => {
    const { type, urn, inputs } = resource;
    const keys = keysOf(resource);
    if (type === "aws:rds/cluster:Cluster" && inputs["skipFinalSnapshot"] !== true)
      return [{ what: `${urn}: final snapshot`, key: text(inputs["kmsKeyId"]) }];
    if (type === "aws:ebs/volume:Volume") {
      const daily = isBlock(inputs["tags"]) && inputs["tags"]["Snapshots"] !== undefined;
      return daily || isRetained(resource)
        ? [{ what: `${urn}: volume, snapshots`, key: text(inputs["kmsKeyId"]) }]
        : [];
    }
    if (type === "aws:secretsmanager/secret:Secret" && inputs["recoveryWindowInDays"] !== 0)
      return [{ what: `${urn}: secret`, key: text(inputs["kmsKeyId"]) }];
    return isRetained(resource) ? keys.map((key) => ({ what: urn, key })) : [];
  });
}

/** Kept data whose key is removed and not retained: KMS deletes it, and the data is lost. */
export function orphans(before: readonly DeployedStack[], removed: readonly Resource[]): readonly string[] {
  const gone = new Set(removed.filter((resource) => !isRetained(resource)).map(({ urn }) => urn));
  const keys = new Map(
    before.flatMap(({ resources }) =>
      resources.flatMap(({ type, urn, outputs }) => (type === keyType ? [[text(outputs["arn"]) ?? "", urn]] : [])),
    ) as [string, string][],
  );
  return keptData(removed).flatMap(({ what, key }) => {
    const owner = key === undefined ? undefined : keys.get(key);
    if (key === undefined) return [`${what}: names no key`];
    if (owner === undefined) return [`${what}: its key ${key} is nobody's`];
    return gone.has(owner) ? [`${what}: its key ${owner} goes with it`] : [];
  });
}

export const keyType = "aws:kms/key:Key";

export const isRetained = ({ options }: Resource): boolean => options.retainOnDelete === true;

/** ARNs of the keys that a resource names in any input that the provider takes a key in. */
function keysOf({ urn, type, name, inputs, outputs }: Resource): readonly string[] {
  const report = { urn, type, name, parent: "", inputs, outputs };
  const uses = planKeyUses(
    [{ stack: "", resources: [report], outputs: {}, violations: [], passed: {} }],
    [...properties, { type: "aws:ebs/defaultKmsKey:DefaultKmsKey", path: "keyArn" }],
  );
  return uses.flatMap(({ key }) => (key === undefined ? [] : [key]));
}

const isBlock = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
