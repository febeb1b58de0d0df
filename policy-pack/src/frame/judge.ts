import type { Finding } from "./finding";
import { appliesTo, isStackPolicy, type Policy, type ResourcePolicy } from "./policy";
import { NotApplicable, Report } from "./report";
import { Value } from "./value";
import type { ResourceView, StackView } from "./view";

/** Result of one policy on one resource or stack. */
export interface Judgement {
  readonly findings: readonly Finding[];
  /** The reason, when there was nothing to judge. */
  readonly notApplicable?: string;
}

/**
 * Judges one resource by one policy. Never throws: a fault in the rule becomes an undeterminable
 * finding.
 */
export function judgeResource(
  policy: ResourcePolicy,
  resource: ResourceView,
  config: Value = settings(policy),
): Judgement {
  return guarded(new Report(policy, resource.urn), (report) => policy.check(resource, report, config));
}

/** Judges a resource that several views show: each by the types that the policy judges. */
export function judgeViews(policy: ResourcePolicy, views: readonly ResourceView[], config: Value): Judgement {
  const judged = (policy.types === "*" ? views.slice(0, 1) : views.filter(({ type }) => appliesTo(policy, type))).map(
    (view) => judgeResource(policy, view, config),
  );
  const [reason] = judged.flatMap(({ notApplicable }) => notApplicable ?? []);
  const findings = judged.flatMap((one) => one.findings);
  return { findings, ...(findings.length === 0 && reason !== undefined && { notApplicable: reason }) };
}

/**
 * Judges one stack by one policy: by a stack policy, or by the part of a resource policy that needs
 * the whole stack. Never throws, as `judgeResource`.
 */
export function judgeStack(policy: Policy, stack: StackView, config: Value = settings(policy)): Judgement {
  if (policy.types !== "*" && !stack.has(...policy.types)) {
    return { findings: [], notApplicable: "the stack has no resource of the types it judges" };
  }
  return guarded(new Report(policy, stack.urn), (report) => {
    if (isStackPolicy(policy)) policy.checkStack(stack, report, config);
    else policy.settle?.(stack, report, config);
  });
}

/** The settings of a policy: the config file's over the defaults of its schema. */
export function settings(policy: Policy, given: Readonly<Record<string, unknown>> = {}): Value {
  const defaults = Object.entries(policy.config ?? {}).map(([key, setting]) => [key, setting.default]);
  return Value.of({ ...Object.fromEntries(defaults), ...given }, "config");
}

function guarded(report: Report, judge: (report: Report) => void): Judgement {
  try {
    report.guard(() => judge(report));
  } catch (error) {
    if (error instanceof NotApplicable) {
      // An earlier finding decides: the policy did apply.
      return { findings: report.findings, ...(report.findings.length === 0 && { notApplicable: error.message }) };
    }
    // The error's text may quote an input, and an input may be a secret: only its type is shown.
    const kind = error instanceof Error ? error.name : typeof error;
    report.undeterminable("the rule", `failed (${kind}); this is a fault of the policy pack`);
  }
  return { findings: report.findings };
}

/**
 * Applies one policy's remediation to the inputs and returns whether it changed them. A failed
 * remediation changes nothing more.
 */
export function remediated(policy: Policy, inputs: Record<string, unknown>, type: string): boolean {
  if (isStackPolicy(policy) || policy.remediate === undefined) return false;
  try {
    return policy.remediate(inputs, type);
  } catch {
    return false;
  }
}
