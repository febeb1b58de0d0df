import { runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import assert from "node:assert/strict";
import { elements, forms, notActionRows } from "./forms";
import { operatorRows, type OperatorRow } from "./operators";
import { everyAccount } from "./variants";
import { worldOf, type Held } from "./world";

async function allowed(simulation: Simulation): Promise<boolean> {
  const result = await runSimulation(simulation, {});
  assert.notEqual(result.resultType, "error", JSON.stringify(result));
  return "overallResult" in result && result.overallResult === "Allowed";
}

/** A probe's documents; the simulator's types take anything. */
interface Documents {
  readonly identityPolicies: readonly { readonly policy: unknown }[];
  readonly resourcePolicy?: unknown;
}

/** Every document of every shape of stack. */
const documents = async (): Promise<readonly Held[]> => (await everyAccount()).flatMap((stacks) => worldOf(stacks).all);

const simulationOf = ({ operator, key, does, on, policy, request }: OperatorRow): Simulation => ({
  request: {
    principal: "arn:aws:iam::111122223333:user/tanaka",
    action: does,
    resource: { resource: on, accountId: "111122223333" },
    contextVariables: request === undefined ? {} : { [key]: request as string | string[] },
  },
  identityPolicies: [
    {
      name: "identity",
      policy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: does, Resource: "*", Condition: { [operator]: { [key]: policy } } }],
      },
    },
  ],
  serviceControlPolicies: [],
  resourceControlPolicies: [],
});

describe("the simulator against AWS's documentation", function () {
  // Every variant is run first: minutes on a machine with other work.
  this.timeout(600_000);
  let held: readonly Held[];
  before(async () => {
    held = await documents();
  });

  for (const { form, probe, aws } of forms) {
    it(`differs from AWS: ${form}`, async () => {
      assert.equal(await allowed(probe), aws !== "Allowed", "the simulator agrees with AWS now: remove the row");
    });
  }

  it("is asked about no document that uses such a form", () => {
    const used = held.flatMap(({ at, document }) =>
      document.Statement.flatMap((statement) =>
        forms.filter((form) => form.usedBy(statement, document)).map(({ form }) => `${at}: ${form}`),
      ),
    );
    assert.deepEqual(used, []);
  });

  it("is asked about no other element of a statement", () => {
    const others = held.flatMap(({ at, document }) =>
      document.Statement.flatMap((statement) => Object.keys(statement))
        .filter((name) => !elements.includes(name))
        .map((name) => `${at}: ${name}`),
    );
    assert.deepEqual(others, []);
  });

  it("finds each form in a document that uses it", () => {
    const probes = forms.filter(({ form }) => !form.includes("simulate.ts") && !form.includes("service control"));
    for (const form of probes) {
      const { identityPolicies, resourcePolicy } = form.probe as unknown as Documents;
      const documents: unknown[] = [...identityPolicies.map(({ policy }) => policy), resourcePolicy];
      const spoiled = documents.filter((document): document is Held["document"] => document !== undefined);
      assert.ok(
        spoiled.some((document) => document.Statement.some((statement) => form.usedBy(statement, document))),
        form.form,
      );
    }
  });

  it("evaluates NotAction as AWS does", async () => {
    for (const { probe, allowed: expected } of notActionRows)
      assert.equal(await allowed(probe), expected, JSON.stringify(probe.identityPolicies));
  });

  it("evaluates each operator of the table as AWS does", async () => {
    const wrong: string[] = [];
    for (const row of operatorRows) {
      const told = `${row.operator} ${row.case}: policy ${String(row.policy)}, request ${String(row.request)}`;
      if ((await allowed(simulationOf(row))) !== row.holds) wrong.push(`${told}: ${row.holds} on "${row.page}"`);
    }
    assert.deepEqual(wrong, []);
  });

  it("has rows with and without the key and with many values for each operator of our documents", () => {
    const used = new Set(
      held.flatMap(({ document }) => document.Statement.flatMap(({ Condition = {} }) => Object.keys(Condition))),
    );
    assert.ok(used.size > 10, String(used.size));
    const cases = ["present", "absent", "many-valued"] as const;
    const missing = [...used].flatMap((operator) =>
      cases
        .filter((given) => !operatorRows.some((row) => row.operator === operator && row.case === given))
        .map((given) => `${operator} ${given}`),
    );
    assert.deepEqual(missing, []);
  });
});
