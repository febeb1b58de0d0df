import type { DeployedStack } from "../../support/deployed";
import derived from "./rules.json";

type Resource = Pick<DeployedStack["resources"][number], "urn" | "type" | "inputs">;
type Tags = Readonly<Record<string, unknown>>;

/** What an API model says of a text; the pattern is Java's, for the whole text. */
interface TextRule {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
}

/** What a service takes as tags; `most` is the number of tags. */
interface TagRule {
  readonly key: TextRule;
  readonly value: TextRule;
  readonly most?: number;
}

/** Source: Tagging AWS Resources and Tag Editor user guide, "Tag naming limits and requirements". */
const anyLetter = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*";
const general = {
  key: { min: 1, max: 128, pattern: `(?!aws:)${anyLetter}` },
  value: { max: 256, pattern: anyLetter },
  most: 50,
} as const satisfies TagRule;

/**
 * The services' own rules, from their API models: `python derive.py rules.json` makes the file. What
 * no model says stands here. Source: S3 user guide, "Categorizing your objects using tags".
 */
const own: Readonly<Record<string, TagRule>> = {
  ...derived.rules,
  "s3/bucketObject": { ...derived.rules["s3/bucketObject"], most: 10 },
};

/** The rule of a type: the longest name that it begins with. */
export function ruleOf(type: string): TagRule | undefined {
  const kind = type.replace(/^aws:/, "").replace(/:.*$/, "");
  return own[kind] ?? own[kind.split("/")[0] ?? ""];
}

/** A Java pattern that JavaScript reads, for the whole text. */
const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern.replaceAll("[\\p{all}]", "[^]")})$`, "u");

function textFaults(what: string, text: string, rules: readonly TextRule[]): string[] {
  const length = Array.from(text).length;
  return rules.flatMap(({ min = 0, max = Infinity, pattern }) => [
    ...(length < min || length > max ? [`${what}: ${length} characters, ${min} to ${max}`] : []),
    ...(pattern !== undefined && !whole(pattern).test(text) ? [`${what} "${text}": not ${pattern}`] : []),
  ]);
}

/** Every mapping of tags in inputs, those of volumes inside an instance too. */
function tagsIn(inputs: unknown): readonly Tags[] {
  if (typeof inputs !== "object" || inputs === null) return [];
  return Object.entries(inputs).flatMap(([key, value]) =>
    /^tags/i.test(key) && typeof value === "object" && !Array.isArray(value) ? [value as Tags] : tagsIn(value),
  );
}

/** What a resource's service would refuse of its tags, and how many mappings were read. */
export function tagFaults({ urn, type, inputs }: Resource): { readonly read: number; readonly faults: string[] } {
  const all = tagsIn(inputs);
  const rule = ruleOf(type);
  if (all.length > 0 && rule === undefined) return { read: 0, faults: [`${urn}: no rule of the tags of ${type}`] };
  const rules = [general, ...(rule ? [rule] : [])];
  const most = Math.min(...rules.map(({ most = Infinity }) => most));
  const faults = all.flatMap((tags) => [
    ...(Object.keys(tags).length > most ? [`${Object.keys(tags).length} tags of ${most}`] : []),
    ...Object.entries(tags).flatMap(([key, value]) => [
      ...textFaults(
        "key",
        key,
        rules.map((each) => each.key),
      ),
      ...textFaults(
        `value of ${key}`,
        String(value),
        rules.map((each) => each.value),
      ),
    ]),
  ]);
  return { read: all.length, faults: faults.map((fault) => `${urn} ${fault}`) };
}
