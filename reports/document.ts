import type { Comparison } from "./comparison";
import type { Finding, Level, Severity } from "./finding";
import type { DepartmentReport } from "./department";
import type { StackCost } from "./cost/document";
import type { FaultReport } from "./faults";

export type { Finding, Level, Severity } from "./finding";

/**
 * The preview document: the result of a preview or an audit, as plain data. `npm run preview --
 * --json` prints it, and every renderer in this folder reads it. The document does not depend on
 * its source. An unknown value is the string `[unknown]`, a secret `[secret]`.
 */

/** One whole preview: its stacks, and the policies that judged them. */
export interface PreviewDocument {
  readonly stacks: readonly StackReport[];
  /** The policy pack's metadata of each of its policies; renderers show less without it. */
  readonly policies?: readonly PolicyMetadata[];
  /**
   * With a base: the difference from it. `stacks` then holds only the stacks that the change can
   * affect.
   */
  readonly comparison?: Comparison;
  /** Present when nothing could be judged; `stacks` is then empty. */
  readonly faults?: readonly FaultReport[];
}

/** One stack: its resources and the policies' findings. */
export interface StackReport {
  /** The stack's name, such as `engineering`. */
  readonly stack: string;
  /** Sorted by URN. Default providers are not listed. */
  readonly resources: readonly ResourceReport[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /**
   * Findings of the policies, including exempt and undeterminable ones; sorted by (urn, policy,
   * message).
   */
  readonly violations: readonly Finding[];
  /**
   * Per policy, on how many resources it was judged, applied and found nothing (a stack policy
   * counts once).
   */
  readonly passed: Readonly<Record<string, number>>;
  /** Per policy, the URNs behind the counts, as evidence for an audit. */
  readonly evidence?: Readonly<Record<string, PolicyEvidence>>;
  /** Notes that are no findings, such as "images.workspaceAmi is a sample". */
  readonly notes?: readonly string[];
  /** The department whose stack it is; absent on a platform and in an audit. */
  readonly department?: DepartmentReport;
  /** What the stack costs a month; absent where no plan was made, such as in an audit. */
  readonly cost?: StackCost;
}

/** One resource or component. */
export interface ResourceReport {
  readonly urn: string;
  /** Type token, such as `aws:ec2/subnet:Subnet`. */
  readonly type: string;
  readonly name: string;
  /** The parent's URN, or "" for the stack itself. */
  readonly parent: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Present in an as-deployed run only, as is `outputs`. */
  readonly id?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** A pack's metadata of one policy (Pulumi's native policy metadata). */
export interface PolicyMetadata {
  readonly name: string;
  readonly description: string;
  readonly level: Level;
  readonly severity: Severity;
  /**
   * `baseline:…`, `fsbp:EC2.13`, `cis-aws-3.0:5.2`, `nist-800-53r5:SC-7`, `checkov:…` and the like.
   */
  readonly tags: readonly string[];
  /** The one framework the policy names natively, with its control in `reference`. */
  readonly framework?: { readonly name: string; readonly version?: string; readonly reference?: string };
  /** Steps that end a violation. */
  readonly remediation?: string;
  readonly url?: string;
}

/**
 * URNs per outcome of one policy in one stack. `notApplicable` may be a count alone, for it is most
 * resources.
 */
export interface PolicyEvidence {
  readonly passed: readonly string[];
  readonly violated: readonly string[];
  readonly exempt: readonly string[];
  readonly undeterminable: readonly string[];
  readonly notApplicable: readonly string[] | number;
}

/** The type of the stack's own resource. */
export const stackType = "pulumi:pulumi:Stack";

/** Compares by code unit, so that the order is the same on every machine and in every locale. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Orders findings by (urn, policy, message). */
export function byFinding(a: Finding, b: Finding): number {
  return byText(a.urn, b.urn) || byText(a.policy, b.policy) || byText(a.message, b.message);
}

/** The same document in canonical order: two previews of the same program give the same text. */
export function canonical(document: PreviewDocument): PreviewDocument {
  const stacks = document.stacks
    .map((stack) => ({
      ...stack,
      resources: [...stack.resources].sort((a, b) => byText(a.urn, b.urn)),
      violations: [...stack.violations].sort(byFinding),
      passed: sortedKeys(stack.passed),
      ...(stack.evidence && { evidence: sortedEvidence(stack.evidence) }),
    }))
    .sort((a, b) => byText(a.stack, b.stack));
  const policies = document.policies && [...document.policies].sort((a, b) => byText(a.name, b.name));
  return { ...document, stacks, ...(policies && { policies }) };
}

function sortedEvidence(evidence: Readonly<Record<string, PolicyEvidence>>): Record<string, PolicyEvidence> {
  const sorted = (urns: readonly string[]) => [...urns].sort(byText);
  return Object.fromEntries(
    Object.entries(sortedKeys(evidence)).map(([policy, e]) => [
      policy,
      {
        passed: sorted(e.passed),
        violated: sorted(e.violated),
        exempt: sorted(e.exempt),
        undeterminable: sorted(e.undeterminable),
        notApplicable: typeof e.notApplicable === "number" ? e.notApplicable : sorted(e.notApplicable),
      },
    ]),
  );
}

function sortedKeys<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => byText(a, b)));
}
