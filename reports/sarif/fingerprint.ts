import { createHash } from "node:crypto";
import type { Result } from "sarif";

/** Gives a result its fingerprint, from its identity. */
export type Fingerprint = (...identity: readonly string[]) => NonNullable<Result["partialFingerprints"]>;

/**
 * Creates the fingerprints of one file, as `primaryLocationLineHash`: code scanning distinguishes
 * alerts of one rule and file by it alone. It holds no line number, so that an alert stays the same
 * when its line moves. Results of the same identity are numbered.
 */
export function fingerprints(): Fingerprint {
  const seen = new Map<string, number>();
  return (...identity) => {
    const hash = createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 16);
    const nth = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, nth);
    return { primaryLocationLineHash: `${hash}:${nth}` };
  };
}
