import type { Controls } from "./controls";
import type { Severity } from "./finding";
import type { Report } from "./report";
import type { ResourceView, StackView } from "./view";
import type { Value } from "./value";

/** `mandatory` stops a deployment, `advisory` only informs. */
export type Level = "mandatory" | "advisory";

/** One setting of a policy, in the words of JSON schema. */
export interface Setting {
  readonly type: "string" | "number" | "integer" | "boolean" | "array" | "object";
  readonly description: string;
  readonly enum?: readonly string[];
  readonly items?: { readonly type: "string" };
  readonly default?: unknown;
}

interface PolicyFacts {
  /** `<area>-<verb or subject>-<what>`; the exported constant has the same name in camel case. */
  readonly name: string;
  /** The rule in one sentence, as a statement: "Load balancers are internal". */
  readonly description: string;
  readonly severity: Severity;
  readonly level: Level;
  /** The controls it answers; the policy's tags come from them. */
  readonly controls: Controls;
  /** The remediation in one or two sentences; it ends every finding. */
  readonly remediation: string;
  /** AWS's page on the setting. */
  readonly url: string;
  /**
   * Settings a policy config file may give; `config.at(name)` has the given value or the default.
   */
  readonly config?: Readonly<Record<string, Setting>>;
}

/** A policy that judges resources one at a time. */
export interface ResourcePolicy extends PolicyFacts {
  /** The type tokens it judges, or `"*"` for every resource. Other types are never shown to it. */
  readonly types: readonly string[] | "*";
  check(resource: ResourceView, report: Report, config: Value): void;
  /**
   * Judges what a resource alone does not decide, once the whole stack is known: a default that
   * another resource sets, a limit of AWS's. `check` leaves those cases out.
   */
  settle?(stack: StackView, report: Report, config: Value): void;
  /**
   * Makes the inputs compliant, where that is safe, and returns whether it changed anything. Runs
   * only where the policy's level is `remediate`. Assign single properties (`inputs.monitoring =
   * true`); copying the whole object would read unknown values.
   */
  remediate?(inputs: Record<string, unknown>, type: string): boolean;
}

/** A policy that judges a whole stack, for rules over several resources. */
export interface StackPolicy extends PolicyFacts {
  /** Judged only when the stack has a resource of one of these types; `"*"` means always. */
  readonly types: readonly string[] | "*";
  checkStack(stack: StackView, report: Report, config: Value): void;
}

/**
 * Any policy of the pack. Pure: no files, no memory between resources, and no clock but the day,
 * which a setting may give.
 */
export type Policy = ResourcePolicy | StackPolicy;

/** True for a policy that judges a whole stack. */
export function isStackPolicy(policy: Policy): policy is StackPolicy {
  return "checkStack" in policy;
}

/** True when the policy judges resources of the type. */
export function appliesTo(policy: Policy, type: string): boolean {
  return policy.types === "*" || policy.types.includes(type);
}

/**
 * Names a resource policy; it is the identity function, for its types. An example:
 *
 * ```ts
 * export const albDropHeaders = resourcePolicy({
 *   name: "alb-drop-headers",
 *   description: "Application load balancers drop invalid headers",
 *   severity: "medium",
 *   level: "mandatory",
 *   controls: { fsbp: ["ELB.4"], "nist-800-53r5": ["SC-8"], checkov: ["CKV_AWS_131"] },
 *   remediation: "Set dropInvalidHeaderFields to true.",
 *   url: "https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-4",
 *   types: ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"],
 *   check(balancer, report) {
 *     if (balancer.at("loadBalancerType").text() === "network")
 *       report.notApplicable("a network load balancer has no headers");
 *     report.expect(balancer.at("dropInvalidHeaderFields"), (drop) => drop.flag() === true);
 *   },
 *   remediate(inputs) {
 *     inputs.dropInvalidHeaderFields = true;
 *     return true;
 *   },
 * });
 * ```
 *
 * Three rules keep unknown values from hiding a violation. Judge each element of a list in
 * `report.each`. Judge independent settings with one `report.expect` or `report.guard` each. Read a
 * value that selects the case (a type, a protocol) before the settings of that case.
 */
export function resourcePolicy(policy: ResourcePolicy): ResourcePolicy {
  return policy;
}

/**
 * Names a stack policy; it is the identity function, for its types. See `resourcePolicy` and
 * `StackView.companions`.
 */
export function stackPolicy(policy: StackPolicy): StackPolicy {
  return policy;
}
