import { Undeterminable, type Value } from "./value";
import type { Tri } from "./tri";
import type { Severity } from "./policy";
import type { ResourceView } from "./view";

/** One thing a policy has to say of a resource. */
export interface Finding {
  readonly kind: "violation" | "undeterminable";
  /** What was found and where, without the remedy. Never holds a secret's value. */
  readonly message: string;
  /** The resource meant, where it is another than the one judged (stack policies); undefined for the stack as a whole. */
  readonly urn?: string;
  readonly severity?: Severity;
  readonly remedy?: string;
}

/** What a violation may add to its message. */
export interface Details {
  /** The resource in violation; stack policies name it always. */
  readonly resource?: ResourceView;
  /** Where this one finding is worse or milder than its policy. */
  readonly severity?: Severity;
  /** Where the policy's general remediation is not the best advice. */
  readonly remedy?: string;
}

/** Thrown by `Report.notApplicable`; the frame hands it to the engine. */
export class NotApplicable extends Error {}

/** Gathers what one policy finds in one resource or stack. */
export class Report {
  readonly findings: Finding[] = [];
  private readonly subjects: ResourceView[] = [];

  /** Says that the rule is broken. The message names path and value found; use `Value.show`, which hides secrets. */
  violation(message: string, details: Details = {}): void {
    this.add("violation", message, details);
  }

  /** Says that a value which preview cannot know decides the matter. */
  undeterminable(where: Value | string, why = "is not known yet", details: Details = {}): void {
    this.add("undeterminable", `${typeof where === "string" ? where : where.path} ${why}`, details);
  }

  /**
   * Judges one value: a violation unless the test holds, `undeterminable` when the test needs something unknown. An absent value goes
   * through the test like any other. The message defaults to `PATH is FOUND`.
   */
  expect(value: Value, test: (value: Value) => boolean, message?: string, details: Details = {}): void {
    this.guard(() => {
      if (!test(value))
        this.violation(message ?? `${value.path} is ${value.isAbsent ? "not set" : value.show()}`, details);
    }, details);
  }

  /** Passes on a three-valued answer: true is a violation, "unknown" undeterminable, false nothing. */
  decide(broken: Tri, where: Value, message: string, details: Details = {}): void {
    if (broken === true) this.violation(message, details);
    else if (broken === "unknown")
      this.undeterminable(where, "holds a value that decides and is not known yet", details);
  }

  /** Judges each of several things by itself, so that an unknown one hides nothing in the next. Accepts a list value or an array. */
  each(things: Value, judge: (thing: Value) => void): void;
  each<T>(things: Iterable<T>, judge: (thing: T) => void): void;
  each<T>(things: Value | Iterable<T>, judge: (thing: Value | T) => void): void {
    this.guard(() => {
      for (const thing of Symbol.iterator in things ? things : things.items()) this.guard(() => judge(thing));
    });
  }

  /** Judges each of several resources by itself; findings within are about that resource. For stack policies. */
  eachResource(resources: Iterable<ResourceView>, judge: (resource: ResourceView) => void): void {
    for (const resource of resources) {
      this.subjects.push(resource);
      try {
        this.guard(() => judge(resource));
      } catch (error) {
        if (!(error instanceof NotApplicable)) throw error;
      } finally {
        this.subjects.pop();
      }
    }
  }

  /** Runs a part of a rule by itself: if it needs something unknown that becomes a finding, and the rule goes on after it. */
  guard(judge: () => void, details: Details = {}): void {
    try {
      judge();
    } catch (error) {
      if (!(error instanceof Undeterminable)) throw error;
      this.undeterminable(error.path || "the resource", error.reason, details);
    }
  }

  /** Says that the rule has nothing to judge here, and ends it; within `eachResource` it ends that resource only. */
  notApplicable(reason: string): never {
    throw new NotApplicable(reason);
  }

  private add(
    kind: Finding["kind"],
    message: string,
    { resource = this.subjects.at(-1), severity, remedy }: Details,
  ): void {
    const urn = resource?.urn;
    if (this.findings.some((finding) => finding.message === message && finding.urn === urn)) return;
    this.findings.push({
      kind,
      message,
      ...(urn === undefined ? {} : { urn }),
      ...(severity === undefined ? {} : { severity }),
      ...(remedy === undefined ? {} : { remedy }),
    });
  }
}
