import assert from "node:assert/strict";
import fc from "fast-check";
import { judgeResource, judgeStack } from "../src/frame/judge";
import { appliesTo, isStackPolicy } from "../src/frame/policy";
import { StackView } from "../src/frame/view";
import { policies } from "../src/policies";
import { inputsOf } from "./arbitrary";
import { resource } from "./support";

const RUNS = 3;

describe("any input of any shape", () => {
  const types = [...new Set(policies.flatMap((policy) => (policy.types === "*" ? [] : policy.types)))];

  it("makes no rule fail, and shows no secret", () => {
    for (const type of types) {
      const judges = policies.filter((policy) => !isStackPolicy(policy) && appliesTo(policy, type));
      fc.assert(
        fc.property(inputsOf(type), (inputs) => {
          const subject = resource(type, inputs);
          for (const policy of judges) {
            if (isStackPolicy(policy)) continue;
            for (const finding of judgeResource(policy, subject).findings) {
              assert.ok(!finding.found.includes("fault of the policy pack"), `${policy.name}: ${finding.found}`);
              assert.ok(!finding.found.includes("hunter2-canary"), `${policy.name} shows a secret`);
            }
          }
        }),
        { numRuns: RUNS },
      );
    }
  });

  it("makes no rule over a stack fail", () => {
    const stackPolicies = policies.filter(isStackPolicy);
    const some = [...new Set(stackPolicies.flatMap((policy) => (policy.types === "*" ? [] : policy.types)))];
    const one = fc.constantFrom(...some).chain((type) => inputsOf(type).map((inputs) => resource(type, inputs)));
    fc.assert(
      fc.property(fc.array(one, { minLength: 2, maxLength: 12 }), (resources) => {
        for (const policy of stackPolicies) {
          for (const finding of judgeStack(policy, new StackView(resources)).findings) {
            assert.ok(!finding.found.includes("fault of the policy pack"), `${policy.name}: ${finding.found}`);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
