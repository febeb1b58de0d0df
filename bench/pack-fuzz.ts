import fc from "fast-check";
import { inputsOf } from "../policy-pack/tests/arbitrary";
import { judgeResource } from "../policy-pack/src/frame/judge";
import { appliesTo, isStackPolicy, type ResourcePolicy } from "../policy-pack/src/frame/policy";
import { policies } from "../policy-pack/src/policies";
import { resource } from "../policy-pack/tests/support";

// `npx tsx bench/pack-fuzz.ts [CASES] [SEED]`: inputs of every type that a rule judges; no rule may fail on any of them.
const cases = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
const rules = policies.filter((policy): policy is ResourcePolicy => !isStackPolicy(policy));
const types = [...new Set(rules.flatMap((policy) => (policy.types === "*" ? [] : policy.types)))];
const each = Math.ceil(cases / types.length);
const started = performance.now();
let judged = 0;
const faults = new Map<string, string>();
types.forEach((type, index) => {
  const judges = rules.filter((policy) => appliesTo(policy, type));
  for (const inputs of fc.sample(inputsOf(type), { numRuns: each, seed: seed + index })) {
    const subject = resource(type, inputs);
    for (const policy of judges) {
      const fault = judgeResource(policy, subject).findings.find((finding) =>
        finding.found.includes("fault of the policy pack"),
      );
      if (fault !== undefined) faults.set(policy.name, `${type}: ${JSON.stringify(inputs).slice(0, 300)}`);
      judged++;
    }
  }
});
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(
  `${each * types.length} cases of ${types.length} types, ${judged} judgements by ${rules.length} policies in ${seconds} s, seed ${seed}: ${faults.size} rules failed`,
);
for (const [name, example] of faults) console.log(`  ${name}  ${example}`);
process.exitCode = faults.size === 0 ? 0 : 1;
