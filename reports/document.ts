import type { Comparison } from "./comparison";
import type { Finding, Level, Severity } from "./finding";
import type { FaultReport } from "./faults";

export type { Finding, Level, Severity } from "./finding";

/**
 * The preview document: what a preview or an audit found, as plain data. `npm run preview -- --json` prints it, every renderer in
 * this folder reads it, and nothing here knows where it came from. An unknown value is the string `[unknown]`, a secret `[secret]`.
 */

/** The whole of one preview: every stack that was looked at, and the policies that judged them. */
export interface PreviewDocument {
  readonly stacks: readonly StackReport[];
  /** What the policy pack says of each of its policies; renderers do with less when it is left out. */
  readonly policies?: readonly PolicyMetadata[];
  /** With a base: what differs from it. `stacks` then holds only the stacks that the change can touch. */
  readonly comparison?: Comparison;
  /** Present when nothing could be judged; `stacks` is then empty. */
  readonly faults?: readonly FaultReport[];
}

/** One stack: what it would create and what the policies say of it. */
export interface StackReport {
  /** The stack's name, such as `engineering`. */
  readonly stack: string;
  /** Sorted by URN. Default providers are not listed. */
  readonly resources: readonly ResourceReport[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** What the policies found, exempt and undeterminable findings too; sorted by (urn, policy, message). */
  readonly violations: readonly Finding[];
  /** Per policy, on how many resources it was judged, applied and found nothing (a stack policy counts once). */
  readonly passed: Readonly<Record<string, number>>;
  /** Per policy, the URNs behind the counts: what an auditor keeps. */
  readonly evidence?: Readonly<Record<string, PolicyEvidence>>;
  /** What a reader should know that is no finding, such as "images.workspaceAmi is a sample". */
  readonly notes?: readonly string[];
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

/** What a pack says of one policy (Pulumi's native policy metadata). */
export interface PolicyMetadata {
  readonly name: string;
  readonly description: string;
  readonly level: Level;
  readonly severity: Severity;
  /** `baseline:…`, `fsbp:EC2.13`, `cis-aws-3.0:5.2`, `nist-800-53r5:SC-7`, `checkov:…` and the like. */
  readonly tags: readonly string[];
  /** The one framework the policy names natively, with its control in `reference`. */
  readonly framework?: { readonly name: string; readonly version?: string; readonly reference?: string };
  /** Steps that end a violation. */
  readonly remediation?: string;
  readonly url?: string;
}

/** URNs per outcome of one policy in one stack. `notApplicable` may be a count alone, for it is most resources. */
export interface PolicyEvidence {
  readonly passed: readonly string[];
  readonly violated: readonly string[];
  readonly exempt: readonly string[];
  readonly undeterminable: readonly string[];
  readonly notApplicable: readonly string[] | number;
}

/** The type of the resource that stands for a stack itself. */
export const stackType = "pulumi:pulumi:Stack";

/** Compares by code unit, so that the order is the same on every machine and in every locale. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Orders findings by (urn, policy, message). */
export function byFinding(a: Finding, b: Finding): number {
  return byText(a.urn, b.urn) || byText(a.policy, b.policy) || byText(a.message, b.message);
}

/** The same document in its one order: two previews of the same program give the same text, whatever order things happened in. */
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
