import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { judgeResource, judgeStack, remediated, settings, type Judgement } from "../../src/frame/judge";
import { isStackPolicy, type Policy, type ResourcePolicy, type StackPolicy } from "../../src/frame/policy";
import { ResourceView, StackView } from "../../src/frame/view";
import { UNKNOWN } from "../../src/frame/wire";
import { declare } from "../declared";

/** Inputs of a resource. */
export type Inputs = Readonly<Record<string, unknown>>;

/** What a case changes: a path and its new value, undefined to remove it; `resource:path` in a stack, `resource` for the whole of one. */
export type Changes = Readonly<Record<string, unknown>>;

interface Cases {
  /** Each spoils the compliant resource, and must be a violation. */
  readonly violations: Readonly<Record<string, Changes>>;
  /** Each changes the compliant resource without breaking the rule: near misses. */
  readonly accepted?: Readonly<Record<string, Changes>>;
  /** Settings of the policy for all the cases. */
  readonly config?: Inputs;
  /** Inputs that need not be known: their presence alone is judged, or doubt goes against the resource. */
  readonly presence?: readonly string[];
}

/** Judges one policy by a compliant resource, and by what spoils it or comes close to. */
export function resourceCases(
  policy: Policy,
  { type, compliant, ...cases }: Cases & { readonly type?: string; readonly compliant: Inputs },
): void {
  assert.ok(!isStackPolicy(policy));
  const token = type ?? defaultType(policy);
  const judge = (inputs: Inputs): Judgement => judgeInputs(policy, token, inputs, cases.config);
  describe(`${policy.name} on ${token}`, () => {
    knownInputs([[token, compliant]], cases);
    common(judge, compliant, cases);
    noteCases(policy, cases);
    if (policy.remediate) remediations(policy, token, judge, compliant, cases);
  });
}

/** The same for a policy over a whole stack: resources by name, each with its type under `type`. */
export function stackCases(
  policy: Policy,
  { compliant, ...cases }: Cases & { readonly compliant: Readonly<Record<string, Inputs>> },
): void {
  assert.ok(isStackPolicy(policy));
  const judge = (resources: Inputs): Judgement =>
    judgeResources(policy, resources as Record<string, Inputs>, cases.config);
  describe(`${policy.name} on a stack`, () => {
    knownInputs(Object.values(compliant).map(({ type, dependsOn: _, ...inputs }) => [String(type), inputs]));
    common(judge, compliant, cases);
    noteCases(policy, cases);
  });
}

/** Of `common`, which hides every input of a spoiled resource in turn. */
function noteCases(policy: Policy, { violations, accepted = {} }: Cases): void {
  const isSpoiled = Object.keys(violations).length > 0;
  const isNear = Object.keys(accepted).length > 0;
  declare(policy, { compliant: true, spoiled: isSpoiled, "near miss": isNear, unknown: isSpoiled });
}

/** A test that names inputs which the provider does not have proves nothing. */
function knownInputs(
  resources: readonly (readonly [type: string, inputs: Inputs])[],
  { accepted = {}, violations }: Partial<Cases> = {},
): void {
  it("speaks of inputs that the provider has", () => {
    for (const [type, compliant] of resources) {
      const known = inputsOf(type);
      const all = [{}, ...Object.values(accepted), ...Object.values(violations ?? {})].map((changes) =>
        changed(compliant, changes),
      );
      for (const key of all.flatMap(Object.keys)) assert.ok(known.has(key), `${type} has no input ${key}`);
    }
  });
}

const provider = path.dirname(require.resolve("@pulumi/aws/package.json"));

/** The names of the inputs of a type, as its class in the installed provider declares them. */
function inputsOf(type: string): ReadonlySet<string> {
  const [, module = "", file = ""] = /^aws:([^/]+)\/([^:]+):/.exec(type) ?? [];
  const declarations = readFileSync(
    path.join(provider, module === "" ? "provider" : path.join(module, file)) + ".d.ts",
    "utf8",
  );
  const args = /export interface \w+Args \{\n([^]*?)\n\}/.exec(declarations)?.[1] ?? "";
  return new Set([...args.matchAll(/^ {4}(\w+)\??:/gm)].map(([, name]) => name!));
}

/** The type by which a policy is judged unless a case names another: the first it lists. */
function defaultType(policy: ResourcePolicy): string {
  return policy.types === "*" ? "aws:s3/bucket:Bucket" : policy.types[0]!;
}

function common(
  judge: (subject: Inputs) => Judgement,
  compliant: Inputs,
  { violations, accepted = {}, presence = [] }: Cases,
): void {
  const isPresence = (place: string): boolean => presence.some((key) => place === key || place.endsWith(`:${key}`));
  it("finds nothing wrong with what complies", () => assert.deepEqual(judge(compliant).findings, []));

  for (const [name, changes] of Object.entries(violations)) {
    it(`refuses: ${name}`, () => {
      const spoiled = changed(compliant, changes);
      const { findings } = judge(spoiled);
      assert.ok(
        findings.some(({ kind }) => kind === "violation"),
        `no violation among ${JSON.stringify(findings)}`,
      );
      for (const [place, hidden] of withUnknowns(spoiled)) {
        if (isPresence(place)) continue;
        assert.notDeepEqual(judge(hidden).findings, [], `passes silently when ${place} is unknown`);
      }
    });
  }

  for (const [name, changes] of Object.entries(accepted)) {
    it(`accepts: ${name}`, () => assert.deepEqual(judge(changed(compliant, changes)).findings, []));
  }

  it("takes nothing unknown for a violation", () => {
    for (const changes of [{}, ...Object.values(accepted)]) {
      for (const [place, hidden] of withUnknowns(changed(compliant, changes))) {
        if (isPresence(place)) continue;
        const violated = judge(hidden).findings.filter(({ kind }) => kind === "violation");
        assert.deepEqual(violated, [], `when ${place} is unknown`);
      }
    }
  });
}

function remediations(
  policy: ResourcePolicy,
  token: string,
  judge: (inputs: Inputs) => Judgement,
  compliant: Inputs,
  cases: Cases,
): void {
  it("remedies violations, and changes nothing that complies", () => {
    for (const changes of [{}, ...Object.values(cases.accepted ?? {})]) {
      const inputs = changed(compliant, changes);
      assert.equal(remediated(policy, inputs, token), false);
      assert.deepEqual(inputs, changed(compliant, changes));
    }
    const remedied = Object.values(cases.violations).filter((changes) => {
      const inputs = changed(compliant, changes);
      const before = judge(inputs).findings.length;
      if (!remediated(policy, inputs, token)) return false;
      assert.ok(judge(inputs).findings.length < before, JSON.stringify(inputs));
      return true;
    });
    if (token === defaultType(policy)) assert.ok(remedied.length > 0);
  });
}

/** One resource under a policy. */
export function judgeInputs(policy: ResourcePolicy, type: string, inputs: Inputs, config?: Inputs): Judgement {
  const subject = view(type, "subject", inputs);
  const judgement = judgeResource(policy, subject, settings(policy, config));
  if (policy.settle === undefined) return judgement;
  const settled = judgeStack(policy, new StackView([subject]), settings(policy, config));
  return { ...judgement, findings: [...judgement.findings, ...settled.findings] };
}

/** Resources by name under a policy; `dependsOn` lists, per input, the names of the resources it depends on. */
export function judgeResources(
  policy: StackPolicy,
  resources: Readonly<Record<string, Inputs>>,
  config?: Inputs,
): Judgement {
  const views = Object.entries(resources).map(([name, { type, dependsOn, ...inputs }]) =>
    view(String(type), name, inputs, (dependsOn ?? {}) as Record<string, readonly string[]>, resources),
  );
  return judgeStack(policy, new StackView(views), settings(policy, config));
}

function view(
  type: string,
  name: string,
  inputs: Inputs,
  dependsOn: Readonly<Record<string, readonly string[]>> = {},
  all: Readonly<Record<string, Inputs>> = {},
): ResourceView {
  const urn = (of: string, called: string): string => `urn:pulumi:test::test::${of}::${called}`;
  const propertyDependencies = Object.fromEntries(
    Object.entries(dependsOn).map(([key, names]) => [
      key,
      names.map((other) => urn(String(all[other]?.["type"]), other)),
    ]),
  );
  return new ResourceView({ type, name, urn: urn(type, name), inputs, propertyDependencies });
}

/** A deep copy with the changes made. */
export function changed(inputs: Inputs, changes: Changes): Record<string, unknown> {
  const copy = structuredClone(inputs) as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(/[.:](?![/:])|\[(\d+)\]/).filter((key): key is string => Boolean(key));
    const last = keys.pop()!;
    const owner = keys.reduce<Record<string, unknown>>((at, key) => (at[key] ??= {}) as Record<string, unknown>, copy);
    if (value === undefined) Reflect.deleteProperty(owner, last);
    else owner[last] = structuredClone(value);
  }
  return copy;
}

/** Copies in each of which one input, or one member of an input, is unknown. */
function withUnknowns(inputs: Inputs, resource = ""): [path: string, inputs: Record<string, unknown>][] {
  return Object.entries(inputs).flatMap(([key, value]): [string, Record<string, unknown>][] => {
    if (key === "type" && resource !== "") return [];
    if (key === "dependsOn") return [];
    const isResource =
      typeof value === "object" && value !== null && "type" in value && String(value.type).includes(":");
    if (isResource && resource === "") {
      return withUnknowns(value as Inputs, key).map(([path, hidden]) => [
        `${key}:${path}`,
        { ...inputs, [key]: hidden },
      ]);
    }
    return [[key, { ...inputs, [key]: UNKNOWN }]];
  });
}

/** Asserts that a policy refuses a type as such: with no inputs, and with unknown ones. */
export function assertForbidden(policy: Policy, type: string): void {
  assert.ok(!isStackPolicy(policy) && policy.types.includes(type));
  for (const inputs of [{}, { name: UNKNOWN }]) {
    assert.deepEqual(
      judgeInputs(policy, type, inputs).findings.map(({ kind }) => kind),
      ["violation"],
    );
  }
}
