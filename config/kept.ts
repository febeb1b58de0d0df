import { keptBuckets, type KeptKeyPurpose } from "./kept-names";
import type { KeptSpec } from "./model";

/** Nothing. */
export const noneKept: KeptSpec = { buckets: {}, logGroups: {}, secrets: {}, homeKeys: [] };

/** A key of an earlier stack, and what the new stack uses it for. */
export interface KeptKey {
  readonly purpose: KeptKeyPurpose;
  readonly arn: string;
}

/** The keys of kept data, each once for a purpose, sorted. */
export function keptKeys({ buckets, logGroups, secrets, homeKeys }: KeptSpec): readonly KeptKey[] {
  const all: KeptKey[] = [
    ...Object.entries(buckets).flatMap(([name, arn]) => {
      const purpose = keptBuckets[name];
      return purpose === undefined || purpose === "none" || arn === "none" ? [] : [{ purpose, arn }];
    }),
    ...Object.values(logGroups).map((arn) => ({ purpose: "logs" as const, arn })),
    ...Object.values(secrets).map(({ key }) => ({ purpose: "secrets" as const, arn: key })),
    ...homeKeys.map((arn) => ({ purpose: "data" as const, arn })),
  ];
  const byText = new Map(all.map((key) => [`${key.purpose} ${key.arn}`, key]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
}
