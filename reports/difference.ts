import { byText, byFinding, stackType, type ResourceReport, type StackReport, type Finding } from "./document";
import { planPropertyChanges } from "./property-changes";
import type { ResourceChange, StackDifference } from "./comparison";
import { outcomeOf } from "./outcome";

export type * from "./comparison";

/** Options of a resource that determine the effect of a difference. */
export interface ChangeOptions {
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly retainOnDelete?: boolean;
  /** Earlier URNs of the resource. */
  readonly aliases: readonly string[];
}

/** A stack's report with the program's resource options, by URN. */
export interface PlannedStack {
  readonly report: StackReport;
  readonly options: ReadonlyMap<string, ChangeOptions>;
}

/** Whether the provider replaces a resource of `type` when the property at `path` changes. */
export type Replaces = (type: string, path: string) => boolean;

const none: ChangeOptions = { ignoreChanges: [], replaceOnChanges: [], aliases: [] };

/** Effect of the change on one stack, which at least one side has. */
export function planStackDifference(
  stack: string,
  base: PlannedStack | undefined,
  head: PlannedStack | undefined,
  replaces: Replaces,
): StackDifference {
  const after = resourcesOf(head);
  const renamed = new Map([...(head?.options ?? [])].flatMap(([urn, { aliases }]) => aliases.map((old) => [old, urn])));
  const before = new Map([...resourcesOf(base)].map(([urn, resource]) => [renamed.get(urn) ?? urn, resource]));
  const changes = [...after.values()].flatMap((resource): ResourceChange[] => {
    const old = before.get(resource.urn);
    return old ? changeOf(old, resource, base?.options.get(old.urn), head?.options.get(old.urn), replaces) : [];
  });
  const removed = [...before.keys()].filter((urn) => !after.has(urn));
  const isRetained = (urn: string): boolean => base?.options.get(urn)?.retainOnDelete ?? false;
  const findings = [base, head].map((side) => side?.report.violations ?? []);
  const [was = [], is = []] = findings;
  return {
    stack,
    status: !base ? "new" : !head ? "removed" : "kept",
    added: [...after.keys()].filter((urn) => !before.has(urn)),
    changed: changes.filter(({ forcedBy }) => forcedBy.length === 0),
    replaced: changes.filter(({ forcedBy }) => forcedBy.length > 0),
    removed: removed.map((urn) => ({ urn, retained: isRetained(urn), ...aliasOf(urn, before) })),
    newFindings: beyond(is, was),
    goneFindings: beyond(was, is),
    cost: {
      ...(base?.report.cost && { before: base.report.cost }),
      ...(head?.report.cost && { after: head.report.cost }),
    },
  };
}

/** The alias of a removed KMS key: a resource called like the key, with `-alias`. */
function aliasOf(urn: string, before: ReadonlyMap<string, ResourceReport>): { readonly alias?: string } {
  const alias = before.get(`${urn.replace("aws:kms/key:Key", "aws:kms/alias:Alias")}-alias`)?.inputs["name"];
  return typeof alias === "string" ? { alias } : {};
}

/** By URN, sorted; without the stack itself. */
function resourcesOf(planned: PlannedStack | undefined): ReadonlyMap<string, ResourceReport> {
  const resources = (planned?.report.resources ?? []).filter(({ type }) => type !== stackType);
  return new Map(resources.sort((a, b) => byText(a.urn, b.urn)).map((resource) => [resource.urn, resource]));
}

function changeOf(
  before: ResourceReport,
  after: ResourceReport,
  was: ChangeOptions = none,
  is: ChangeOptions = none,
  replaces: Replaces,
): ResourceChange[] {
  const properties = planPropertyChanges(before.inputs, after.inputs).filter(
    ({ path }) => !is.ignoreChanges.some((ignored) => covers(ignored, path)),
  );
  if (properties.length === 0) return [];
  const forcedBy = properties
    .map(({ path }) => path)
    .filter((path) => replaces(after.type, path) || is.replaceOnChanges.some((each) => covers(each, path)));
  return [{ urn: after.urn, properties, forcedBy, retained: was.retainOnDelete ?? false }];
}

/**
 * Whether a property path of Pulumi's options names the path or one of its parents; `*` names all.
 */
function covers(option: string, path: string): boolean {
  return option === "*" || path === option || path.startsWith(`${option}.`) || path.startsWith(`${option}[`);
}

/**
 * The findings of one list that the other lacks, regardless of text; a different outcome makes a
 * different finding.
 */
function beyond(findings: readonly Finding[], others: readonly Finding[]): Finding[] {
  const left = new Map<string, number>();
  for (const other of others) left.set(identity(other), (left.get(identity(other)) ?? 0) + 1);
  return [...findings].sort(byFinding).filter((finding) => {
    const key = identity(finding);
    const known = left.get(key) ?? 0;
    left.set(key, known - 1);
    return known <= 0;
  });
}

const identity = (finding: Finding): string => JSON.stringify([finding.policy, finding.urn, outcomeOf(finding)]);
