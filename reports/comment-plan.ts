import type { AccessChange, Comparison, StackDifference } from "./difference";
import { canonical, type PolicyMetadata, type PreviewDocument, type Finding } from "./document";
import { sayCostChange } from "./cost/words";
import { groupFindings, type FindingGroup } from "./finding-groups";
import { planAlarms } from "./kept-data";
import { isRefused, outcomeOf } from "./outcome";

/** Findings of one stack with the same text. */
export interface StackFinding {
  readonly stack: string;
  readonly group: FindingGroup;
}

/** Content of a difference report, in its order. */
export interface CommentPlan {
  readonly refused: boolean;
  /** True when nothing differs: effects on people, resources and findings. */
  readonly same: boolean;
  /** Data and keys that the change deletes or abandons. */
  readonly alarms: readonly string[];
  readonly access: readonly AccessChange[];
  readonly newFindings: readonly StackFinding[];
  /** Mandatory findings that the base has as well: they still stop the deployment. */
  readonly standing: readonly StackFinding[];
  readonly goneFindings: readonly StackFinding[];
  /** Stacks with a difference. */
  readonly stacks: readonly StackDifference[];
  /** A sentence on the monthly cost of the previewed stacks; absent where nothing was previewed. */
  readonly cost?: string;
}

export function planComment(document: PreviewDocument, comparison: Comparison): CommentPlan {
  const { stacks: reports, policies = [] } = canonical(document);
  const { stacks, access } = comparison;
  const changed = stacks.filter((stack) => stack.status !== "kept" || differs(stack));
  const isNew = new Set(stacks.flatMap(({ newFindings }) => newFindings.map(identity)));
  const mandatory = reports.map(({ stack, violations }) => ({
    stack,
    violations: violations.filter((each) => outcomeOf(each) === "mandatory" && !isNew.has(identity(each))),
  }));
  const cost = sayCostChange(stacks.map((each) => each.cost));
  return {
    ...(cost !== undefined && { cost }),
    refused: isRefused(document),
    same: changed.length === 0 && access.length === 0,
    alarms: stacks.flatMap(planAlarms),
    access,
    newFindings: found(
      stacks.map(({ stack, newFindings }) => ({ stack, violations: newFindings })),
      policies,
    ),
    standing: found(mandatory, policies),
    goneFindings: found(
      stacks.map(({ stack, goneFindings }) => ({ stack, violations: goneFindings })),
      policies,
    ),
    stacks: changed,
  };
}

const differs = ({ added, changed, replaced, removed, newFindings, goneFindings }: StackDifference): boolean =>
  [added, changed, replaced, removed, newFindings, goneFindings].some((list) => list.length > 0);

const identity = ({ policy, urn, message, level }: Finding): string => JSON.stringify([policy, urn, message, level]);

/** Findings of all stacks, mandatory ones first. */
function found(
  stacks: readonly { readonly stack: string; readonly violations: readonly Finding[] }[],
  policies: readonly PolicyMetadata[],
): StackFinding[] {
  const all = stacks.flatMap(({ stack, violations }) =>
    groupFindings(violations, policies).map((group) => ({ stack, group })),
  );
  const isMandatory = ({ group }: StackFinding): boolean => group.outcome === "mandatory";
  return [...all.filter(isMandatory), ...all.filter((each) => !isMandatory(each))];
}
