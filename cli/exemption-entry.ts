import { nameOf, type Finding, type PreviewDocument } from "../reports";

/** Who approved an exemption, why and until when; what is not given stays empty, and the pack then refuses the entry. */
export interface Approval {
  readonly reason: string;
  readonly ticket: string;
  readonly approvedBy: string;
  /** YYYY-MM-DD */
  readonly expires: string;
}

/** An entry of policy-pack/exemptions.json; docs/policies.md describes it. */
export type ExemptionEntry = Approval & {
  readonly policy: string;
  readonly urn?: string;
  readonly chain?: string;
  readonly name?: string;
  readonly property?: string;
  readonly values?: Readonly<Record<string, unknown>>;
};

/** Longest text that an entry repeats; a longer one is named by the paths inside it. */
const longestText = 120;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Name of a finding on a command line: `POLICY@NAME`, with the resource's logical name. */
export const findingName = ({ policy, urn }: Pick<Finding, "policy" | "urn">): string => `${policy}@${nameOf(urn)}`;

/** The violations that a text names, as `POLICY@NAME` or `POLICY@URN`. */
export const findingsNamed = ({ stacks }: PreviewDocument, text: string): readonly Finding[] =>
  stacks
    .flatMap(({ violations }) => violations)
    .filter(
      ({ policy, urn, level }) =>
        level !== "exempt" && [`${policy}@${urn}`, findingName({ policy, urn })].includes(text),
    );

/** The entry for one finding on one resource of one stack. */
export const findingEntry = ({ policy, urn, property }: Finding, approval: Approval): ExemptionEntry => ({
  policy,
  urn,
  ...(property !== undefined && { property }),
  ...approval,
});

/**
 * The entry for the resource of a component in every stack. Its values are all inputs that are known and short, with `*` for what differs
 * between stacks: a reviewer keeps those that make the exception harmless.
 */
export function componentEntry(
  { policy, urn, property }: Finding,
  inputs: Readonly<Record<string, unknown>>,
  approval: Approval,
): ExemptionEntry {
  const [, stack = "", chain = ""] = /^urn:pulumi:([^:]*)::[^:]*::(.*?)::/s.exec(urn) ?? [];
  const organization = isRecord(inputs["tags"]) ? inputs["tags"]["Organization"] : undefined;
  const own = [stack, ...(typeof organization === "string" ? [organization] : [])];
  const { tags: _tags, region: _region, ...rest } = inputs;
  return {
    policy,
    chain,
    name: nameOf(urn),
    ...(property !== undefined && { property }),
    values: Object.fromEntries(Object.entries(rest).flatMap(([key, value]) => leaves(key, value, own))),
    ...approval,
  };
}

/** Paths and values of an input, without what is unknown, secret or long. */
function leaves(path: string, value: unknown, own: readonly string[]): [string, unknown][] {
  if (Array.isArray(value)) return value.flatMap((item, at) => leaves(`${path}[${at}]`, item, own));
  if (isRecord(value)) {
    const entries = Object.entries(value);
    return entries.length === 0
      ? [[path, {}]]
      : entries.flatMap(([key, below]) => (/[.[\]]/.test(key) ? [] : leaves(`${path}.${key}`, below, own)));
  }
  if (typeof value !== "string") return value === null || value === undefined ? [] : [[path, value]];
  const isOpen = value.includes("[unknown]") || value.includes("[secret]") || value.includes("*");
  return isOpen || value.length > longestText || value.includes("\n") ? [] : [[path, general(value, own)]];
}

/** A text with `*` for account, region, organization and stack. */
function general(text: string, own: readonly string[]): string {
  const escaped = own.filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const words = ["\\d{12}", "[a-z]{2}(?:-[a-z]+)+-\\d", ...escaped].join("|");
  return text.replace(new RegExp(`(?<![A-Za-z0-9])(?:${words})(?![A-Za-z0-9])`, "g"), "*");
}
