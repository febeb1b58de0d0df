import type { Finding, Severity } from "./finding";
import type { Tri } from "./tri";
import { Undeterminable, Value } from "./value";
import type { ResourceView } from "./view";

/** Optional details of a finding. */
export interface Details {
  /** The resource in violation; stack policies name it always. */
  readonly resource?: ResourceView;
  /** Severity of this finding where it differs from its policy's. */
  readonly severity?: Severity;
  /** Remediation of this finding where it differs from its policy's. */
  readonly remedy?: string;
}

/** Thrown by `Report.notApplicable`; the frame passes it to the engine. */
export class NotApplicable extends Error {}

/** A report's inputs from its policy. */
interface ReportedPolicy {
  readonly name: string;
  readonly severity: Severity;
  readonly remediation: string;
}

/** The resource and input of a finding, unless the rule names another. */
interface Subject {
  readonly urn: string;
  readonly property?: string;
}

/** Collects the findings of one policy in one resource or stack. */
export class Report {
  readonly findings: Finding[] = [];
  private subject: Subject;

  /** @param urn of the resource judged, or of the stack */
  constructor(
    private readonly policy: ReportedPolicy,
    urn: string,
  ) {
    this.subject = { urn };
  }

  /**
   * Reports a violation. The text names the path and the value; use `Value.show`, which hides
   * secrets.
   */
  violation(found: string, details: Details = {}): void {
    this.add("violation", found, details);
  }

  /** Reports that the result depends on a value which preview cannot know. */
  undeterminable(where: Value | string, why = "is not known yet", details: Details = {}): void {
    if (typeof where === "string") this.add("undeterminable", `${where} ${why}`, details);
    else this.add("undeterminable", `${where.path} ${why}`, details, where.path);
  }

  /**
   * Judges one value: a violation unless the test holds, `undeterminable` when the test needs an
   * unknown. An absent value is tested like any other. The text defaults to `PATH is FOUND`.
   */
  expect(value: Value, test: (value: Value) => boolean, found?: string, details: Details = {}): void {
    this.guard(() => {
      if (test(value)) return;
      const text = found ?? `${value.path} is ${value.isAbsent ? "not set" : value.show()}`;
      this.add("violation", text, details, value.path);
    }, details);
  }

  /**
   * Reports a three-valued answer: true is a violation, "unknown" undeterminable, false nothing.
   */
  decide(broken: Tri, where: Value, found: string, details: Details = {}): void {
    if (broken === true) this.add("violation", found, details, where.path);
    else if (broken === "unknown")
      this.undeterminable(where, "holds a value that decides and is not known yet", details);
  }

  /**
   * Judges each element separately, so that an unknown one hides no violation in the next. Accepts
   * a list value or an array. Findings inside refer to that element: a value, or what is read of
   * one, such as a statement. Policies that find
   * fault with the same element so name it alike.
   */
  each(things: Value, judge: (thing: Value) => void): void;
  each<T>(things: Iterable<T>, judge: (thing: T) => void): void;
  each<T>(things: Value | Iterable<T>, judge: (thing: Value | T) => void): void {
    this.guard(() => {
      for (const thing of Symbol.iterator in things ? things : things.items()) {
        const path = pathOf(thing);
        const subject = path === undefined ? this.subject : { ...this.subject, property: path };
        this.about(subject, () => this.guard(() => judge(thing)));
      }
    });
  }

  /**
   * Judges each of several resources separately; findings inside refer to that resource. For stack
   * policies.
   */
  eachResource(resources: Iterable<ResourceView>, judge: (resource: ResourceView) => void): void {
    for (const resource of resources) {
      try {
        this.about({ urn: resource.urn }, () => this.guard(() => judge(resource)));
      } catch (error) {
        if (!(error instanceof NotApplicable)) throw error;
      }
    }
  }

  /**
   * Runs a part of a rule separately: an unknown value in it becomes a finding, and the rule
   * continues after it.
   */
  guard(judge: () => void, details: Details = {}): void {
    try {
      judge();
    } catch (error) {
      if (!(error instanceof Undeterminable)) throw error;
      this.add("undeterminable", `${error.path || "the resource"} ${error.reason}`, details, error.path);
    }
  }

  /**
   * Reports that the rule does not apply here, and ends it; within `eachResource` it ends that
   * resource only.
   */
  notApplicable(reason: string): never {
    // Most policies say this of most resources, and nobody reads where: a trace costs more than the rule.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      throw new NotApplicable(reason);
    } finally {
      Error.stackTraceLimit = limit;
    }
  }

  private about(subject: Subject, judge: () => void): void {
    const before = this.subject;
    this.subject = subject;
    try {
      judge();
    } finally {
      this.subject = before;
    }
  }

  private add(kind: Finding["kind"], found: string, details: Details, path?: string): void {
    const { urn } = details.resource ?? this.subject;
    if (this.findings.some((finding) => finding.found === found && finding.urn === urn)) return;
    // The current value is an input of the subject, not of another resource that the rule names.
    const property = inputOf(path ?? (urn === this.subject.urn ? this.subject.property : undefined));
    this.findings.push({
      policy: this.policy.name,
      urn,
      kind,
      severity: details.severity ?? this.policy.severity,
      found,
      remedy: details.remedy ?? this.policy.remediation,
      ...(property && { property }),
    });
  }
}

/** The path of a value, or of the value that a thing is read of; undefined for other things. */
function pathOf(thing: unknown): string | undefined {
  const value = typeof thing === "object" && thing !== null && "value" in thing ? thing.value : thing;
  return value instanceof Value ? value.path : undefined;
}

/** The input of a path; the name of an AWS-managed policy may follow the path of its ARN. */
function inputOf(path: string | undefined): string | undefined {
  return path?.replace(/ \([\w+=,.@-]+\)$/, "");
}
