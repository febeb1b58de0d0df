import assert from "node:assert/strict";
import { judgeResource, judgeStack, settings, type Judgement } from "../src/frame/judge";
import { isStackPolicy, type Policy, type ResourcePolicy } from "../src/frame/policy";
import { decode, UNKNOWN } from "../src/frame/wire";
import { ResourceView, StackView } from "../src/frame/view";
import { declare } from "./declared";

export { UNKNOWN };

export type Inputs = Record<string, unknown>;

/** A resource of a made-up stack, as a rule sees it. */
export function resource(
  type: string,
  inputs: Inputs,
  name = "it",
  extra: { propertyDependencies?: Record<string, string[]> } = {},
): ResourceView {
  return new ResourceView({ type, name, urn: urnOf(type, name), inputs: decode(inputs), ...extra });
}

export function urnOf(type: string, name = "it"): string {
  return `urn:pulumi:test::test::${type}::${name}`;
}

/** What a policy says of one resource, or of a stack of them. */
export function judge(policy: Policy, subject: ResourceView | readonly ResourceView[], config: Inputs = {}): Judgement {
  if (isStackPolicy(policy)) {
    return judgeStack(
      policy,
      new StackView(subject instanceof ResourceView ? [subject] : subject),
      settings(policy, config),
    );
  }
  if (policy.settle !== undefined || !(subject instanceof ResourceView)) return judgeBoth(policy, subject, config);
  assert.ok(policy.types === "*" || policy.types.includes(subject.type), `${policy.name} judges ${subject.type}`);
  return judgeResource(policy, subject, settings(policy, config));
}

/** What a resource policy says of each resource alone, and then of all together. */
function judgeBoth(policy: ResourcePolicy, subject: ResourceView | readonly ResourceView[], config: Inputs): Judgement {
  const all = subject instanceof ResourceView ? [subject] : subject;
  const judged = all.filter((one) => policy.types === "*" || policy.types.includes(one.type));
  assert.ok(judged.length > 0, `${policy.name} judges none of them`);
  const given = settings(policy, config);
  const alone = judged.flatMap((one) => judgeResource(policy, one, given).findings);
  return { findings: [...alone, ...judgeStack(policy, new StackView(all), given).findings] };
}

export function violations(verdict: Judgement): string[] {
  return verdict.findings.filter((finding) => finding.kind === "violation").map((finding) => finding.found);
}

export function undeterminable(verdict: Judgement): string[] {
  return verdict.findings.filter((finding) => finding.kind === "undeterminable").map((finding) => finding.found);
}

type Case = Inputs | ResourceView | readonly ResourceView[];

interface Cases {
  /** The type of plain inputs. */
  readonly type?: string;
  readonly config?: Inputs;
  /** No finding at all. */
  readonly passes?: Readonly<Record<string, Case>>;
  /** A violation, and no rule that failed. */
  readonly fails?: Readonly<Record<string, Case>>;
  /** No violation, and at least one finding that preview cannot know. */
  readonly unknown?: Readonly<Record<string, Case>>;
  /** Both: what is known is reported beside what is not. */
  readonly both?: Readonly<Record<string, Case>>;
}

/** Declares a test for each named case of a policy. */
export function cases(
  policy: Policy,
  { type = "", config = {}, passes = {}, fails = {}, unknown = {}, both = {} }: Cases,
): void {
  const some = (...lists: object[]): boolean => lists.some((list) => Object.keys(list).length > 0);
  declare(policy, {
    compliant: some(passes),
    spoiled: some(fails, both),
    "near miss": Object.keys(passes).length > 1,
    // Presence alone may decide: then an unknown value passes, or fails, on purpose.
    unknown: some(unknown, both) || JSON.stringify([passes, fails]).includes(UNKNOWN),
  });
  const run = (given: Case): Judgement =>
    judge(policy, given instanceof ResourceView || isList(given) ? given : resource(type, given), config);
  for (const [name, given] of Object.entries(passes)) {
    it(`${policy.name} passes ${name}`, () => assert.deepEqual(run(given).findings, []));
  }
  for (const [name, given] of Object.entries(fails)) {
    it(`${policy.name} refuses ${name}`, () => {
      const verdict = run(given);
      assert.notDeepEqual(violations(verdict), []);
      assert.deepEqual(undeterminable(verdict), []);
    });
  }
  for (const [name, given] of Object.entries(unknown)) {
    it(`${policy.name} cannot tell of ${name}`, () => {
      const verdict = run(given);
      assert.deepEqual(violations(verdict), []);
      assert.notDeepEqual(undeterminable(verdict), []);
    });
  }
  for (const [name, given] of Object.entries(both)) {
    it(`${policy.name} refuses and cannot tell of ${name}`, () => {
      const verdict = run(given);
      assert.notDeepEqual(violations(verdict), []);
      assert.notDeepEqual(undeterminable(verdict), []);
    });
  }
}

function isList(given: Case): given is readonly ResourceView[] {
  return Array.isArray(given);
}
