import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { startPack, type PolicyPack } from "../../offline/pack-client";
import { diagnosticOf } from "../../policy-pack/src/frame/diagnostic";
import { ExemptionBook } from "../../policy-pack/src/frame/exemption-book";
import { readExemptions, type Exemption } from "../../policy-pack/src/frame/exemptions";
import { judgeResource, judgeStack } from "../../policy-pack/src/frame/judge";
import { isStackPolicy } from "../../policy-pack/src/frame/policy";
import { ResourceView, StackView, type ResourceFacts } from "../../policy-pack/src/frame/view";
import { policies } from "../../policy-pack/src/policies";
import { deployFiles, previewFiles, type DeployedStack } from "../support/deployed";
import { judgedFixture } from "../support/judged";
import { root } from "../support/project";
import { departmentConfig, fileText, merged, platformConfig, type Config } from "../support/specs";

const department = (lead: string, developer: string, own: Config): string =>
  fileText(
    merged(departmentConfig, {
      "cline:sharedFrom": "hub",
      "cline:department": {
        lead,
        monthlyBudgetUsd: 900,
        developers: { tanaka: undefined, suzuki: undefined, [developer]: {} },
      },
      ...own,
    }),
  );

/** A platform that is not called `platform`, and a department in every combination of sections that a file may have. */
const files = {
  "Pulumi.hub.yaml": fileText(platformConfig),
  "Pulumi.sharing.yaml": department("sakai", "kato", {}),
  "Pulumi.networked.yaml": department("goto", "ito", { "cline:network": { cidr: "10.65.0.0/20", zones: 2 } }),
  "Pulumi.alone.yaml": department("hara", "ueda", {
    "cline:network": { cidr: "10.66.0.0/20", zones: 2 },
    "cline:gateway": { minTasks: 2, maxTasks: 4 },
    "cline:observability": { logRetentionDays: 365 },
  }),
};

const text = readFileSync(path.join(root, "policy-pack/exemptions.json"), "utf8");
const entries = JSON.parse(text) as readonly (Exemption & { readonly chain: string; readonly name: string })[];
const today = new Date().toISOString().slice(0, 10);
const names = new Set(policies.map(({ name }) => name));

/** What the pack says of one resource of a stack by one policy: the finding's kind and level, worst first. */
function verdict({ policy: policyName }: Exemption, facts: ResourceFacts, others: readonly ResourceFacts[]): string {
  const policy = policies.find(({ name }) => name === policyName);
  assert.ok(policy, policyName);
  const book = new ExemptionBook(readExemptions(text, today, names));
  const stack = new StackView([facts, ...others].map((each) => new ResourceView(each)));
  const resource = new ResourceView(facts);
  const { findings } = isStackPolicy(policy) ? judgeStack(policy, stack) : judgeResource(policy, resource);
  const kinds = findings
    .filter(({ urn }) => urn === facts.urn)
    .map((finding) => diagnosticOf(policy, finding, policy.level, book, stack.find(finding.urn)).finding.kind);
  return ["violation", "undeterminable", "exempt"].find((kind) => (kinds as string[]).includes(kind)) ?? "none";
}

/** The inputs with another value at a path, which may lead into a JSON text. */
function spoiled(inputs: unknown, [step = "", ...rest]: readonly string[], value: unknown): unknown {
  if (step === "") return value;
  if (typeof inputs === "string") return JSON.stringify(spoiled(JSON.parse(inputs), [step, ...rest], value));
  const index = /^\[(\d+)\]$/.exec(step)?.[1];
  if (index !== undefined) {
    const list = [...(inputs as readonly unknown[])];
    list[Number(index)] = spoiled(list[Number(index)], rest, value);
    return list;
  }
  const record = (inputs ?? {}) as Readonly<Record<string, unknown>>;
  return { ...record, [step]: spoiled(record[step], rest, value) };
}

/** A value that the exemption is not for. */
function otherThan(wanted: unknown): unknown {
  if (typeof wanted === "boolean") return !wanted;
  if (typeof wanted === "string") return `other:${wanted.replaceAll("*", "x")}`;
  if (Array.isArray(wanted)) return [...(wanted as unknown[]), ...(wanted as unknown[])];
  return { other: "value" };
}

describe("standing exemptions", () => {
  let pack: PolicyPack;
  let deployed: readonly DeployedStack[];
  before(async () => {
    pack = await startPack(path.join(root, "policy-pack"));
    deployed = await deployFiles(files);
  });
  after(() => pack.close());

  const factsIn = (stack: string): readonly ResourceFacts[] =>
    (deployed.find(({ spec }) => spec.stack === stack)?.resources ?? []).map(({ type, name, urn, inputs }) => ({
      type,
      name,
      urn,
      inputs,
    }));
  const entryOf = (policy: string, urn: string) =>
    entries.find((each) => each.policy === policy && urn.endsWith(`::${each.chain}::${each.name}`));

  it("leave no mandatory violation in a preview of stacks of any name and any sections", async () => {
    for (const stack of await previewFiles(files)) {
      const { violations } = await judgedFixture(stack, pack, false);
      const refused = violations.filter(({ level }) => level === "mandatory");
      assert.deepEqual(
        refused.map(({ policy, urn }) => `${policy} ${urn}`),
        [],
      );
    }
  });

  it("are each needed, and are enough, where every value is known", async () => {
    const used = new Set<string>();
    for (const stack of deployed) {
      const { violations } = await judgedFixture(stack, pack, true);
      for (const { level, policy, urn } of violations) {
        assert.notEqual(level, "mandatory", `${policy} ${urn}`);
        assert.notEqual(policy, "pack-exemptions-current", urn);
        if (level === "exempt") used.add(`${stack.spec.stack} ${policy} ${entryOf(policy, urn)?.name ?? urn}`);
      }
    }
    const expected = entries.flatMap(({ policy, name, chain }) =>
      // Only a platform has a foundation.
      (chain.startsWith("cline:artifacts:") ? ["hub"] : ["alone", "hub"]).map((stack) => `${stack} ${policy} ${name}`),
    );
    assert.deepEqual([...used].sort(), expected.sort());
  });

  for (const entry of entries) {
    const { policy, chain, name, values = {}, property, ticket } = entry;
    const label = `${ticket}, ${policy} of ${name}`;
    const found = () => {
      const all = factsIn("hub");
      const own = all.find(({ urn }) => urn.endsWith(`::${chain}::${name}`));
      assert.ok(own, label);
      return { own, others: all.filter((each) => each !== own) };
    };

    it(`cover that resource, and none of another name or chain: ${label}`, () => {
      const { own, others } = found();
      assert.equal(verdict(entry, own, others), "exempt");
      for (const urn of [
        `${own.urn}-2`,
        own.urn.replace(`::${chain}::`, `::cline:other:Component$${chain}::`),
        own.urn.replace(`::${chain}::`, `::${chain.split("$").slice(1).join("$")}::`),
        own.urn.replace(`::${chain}::`, `::${chain.split("$").at(-1) ?? ""}::`),
      ])
        assert.equal(verdict(entry, { ...own, urn }, others), "violation", urn);
    });

    it(`cover no resource with another value: ${label}`, () => {
      const { own, others } = found();
      for (const [at, wanted] of Object.entries(values)) {
        const inputs = spoiled(own.inputs, at.split(/\.|(?=\[\d+\])/), otherThan(wanted));
        // Without the value that the finding is about, there is none.
        const expected = at === property ? "none" : "violation";
        assert.equal(verdict(entry, { ...own, inputs }, others), expected, `${at} ${JSON.stringify(wanted)}`);
      }
    });
  }
});
