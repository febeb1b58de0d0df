import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { checkedByAws, conditions, withoutOwner } from "../../components/actions/facts";
import { callersPage } from "../../components/actions/page";
import { actionScope } from "../../components/actions/scope";
import { actionTable, callers, functionPlans } from "../../components/actions/table";
import { everyFunction, everyFunctionInside, type Caller } from "../../components/actions/workloads";
import { planEndpoints } from "../../components/network/endpoints";
import { networkScope } from "../../compose";
import { loadStackFiles, type StackSpec } from "../../config";
import { functionNames } from "../../functions/build";
import { fixtureStacks, root } from "../support/project";
import { listed, ofType } from "../support/resources";
import { fixturesDeployed, type DeployedStack } from "../support/deployed";
import { callsOf } from "./calls";
import { byAccount, everyAccount, variant, variants } from "./variants";
import { worldOf, type WorldRole } from "./world";

const spec = loadStackFiles(fixtureStacks()).find(({ department }) => department === undefined) as StackSpec;
const scope = actionScope(spec);
const table = actionTable(scope);
const isFunction = ({ name }: Caller) =>
  functionPlans(scope).some(({ purpose, physicalPurpose = purpose }) => physicalPurpose === name);

/** The row of a role: by its exact purpose, else by a pattern. */
function callerOf({ name, stack }: WorldRole): Caller | undefined {
  const purpose = name.replace(/^example-/, "").replace(new RegExp(`^${stack}-`), "");
  const matches = (glob: string) => new RegExp(`^${glob.replaceAll("*", ".*")}$`).test(purpose);
  const all = callers(scope);
  return all.find((caller) => caller.name === purpose) ?? all.find((caller) => matches(caller.name));
}

const heldBy = (role: WorldRole): readonly string[] =>
  role.policies.flatMap(({ document }) =>
    document.Statement.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => listed(Action)),
  );

const workloadRoles = (stacks: readonly DeployedStack[]): readonly WorldRole[] =>
  [...worldOf(stacks).roles.values()].filter(({ boundary }) => !/human$| bootstrap /.test(boundary.at));

describe("the table of actions", () => {
  const hold = (stacks: readonly DeployedStack[]): void => {
    const roles = workloadRoles(stacks);
    assert.ok(roles.length > 20, String(roles.length));
    for (const role of roles) {
      const caller = callerOf(role);
      assert.ok(caller, `${role.name} has no row in components/actions`);
      const declared = new Set([
        ...caller.actions,
        ...(isFunction(caller) ? everyFunction.actions : []),
        ...(isFunction(caller) && caller.place === "network" ? everyFunctionInside.actions : []),
      ]);
      assert.deepEqual([...new Set(heldBy(role))].sort(), [...declared].sort(), role.name);
      assert.match(role.boundary.at, new RegExp(`boundary-${String(caller.boundary)}$`), role.name);
    }
  };

  it("holds exactly what each role's policy allows", async () => hold(await fixturesDeployed()));
  for (const name of variants) it(`holds it with ${name}`, async () => byAccount(await variant(name)).forEach(hold));

  it("names no caller that no stack makes", async () => {
    const made = new Set<string>();
    const all = await everyAccount();
    for (const stacks of all) {
      for (const role of workloadRoles(stacks)) made.add(callerOf(role)?.name ?? "");
    }
    const idle = callers(scope).filter(({ name }) => !made.has(name) && !name.startsWith("every "));
    assert.deepEqual(idle, []);
  });

  it("says nothing of actions that nobody calls", () => {
    const called = new Set(table.map(({ action }) => action));
    const idle = [...withoutOwner, ...checkedByAws, ...Object.keys(conditions)].filter((action) => !called.has(action));
    assert.deepEqual(idle, []);
  });

  it("has an action behind every endpoint, and an endpoint for every action from inside a network", () => {
    const needed = new Set(table.flatMap(({ endpoints }) => endpoints));
    assert.deepEqual(
      [...needed].sort(),
      planEndpoints(networkScope(spec))
        .map(({ service }) => service)
        .sort(),
    );
  });

  it("is what docs/callers.md shows", () => {
    const shown = readFileSync(path.join(root, "docs/callers.md"), "utf8");
    assert.equal(shown, callersPage(scope), "docs/callers.md is stale: run npm run callers");
  });
});

describe("what runs under each role", () => {
  const compare = (stacks: readonly DeployedStack[]): readonly string[] =>
    workloadRoles(stacks).flatMap((role) => {
      const held = new Set(heldBy(role));
      const called = callsOf(role, stacks);
      return [
        ...[...called]
          .filter((action) => !held.has(action))
          .map((action) => `${role.name} calls ${action}, which it may not`),
        ...[...held]
          .filter((action) => !called.has(action))
          .map((action) => `${role.name} may ${action}, which it never calls`),
      ];
    });

  it("calls what its policy allows, no more and no less", async () => {
    assert.equal(compare(await fixturesDeployed()).join("\n"), "");
  });
  for (const name of variants) {
    it(`calls it with ${name}`, async () => {
      assert.equal(
        byAccount(await variant(name))
          .flatMap(compare)
          .join("\n"),
        "",
      );
    });
  }
});

describe("function plans", () => {
  it("stand for every folder with a handler, and for nothing else", () => {
    assert.deepEqual([...new Set(functionPlans(scope).map(({ purpose }) => purpose))].sort(), functionNames(root));
  });

  it("say where each function runs, what it connects to and when", async () => {
    let seen = 0;
    for (const stacks of [await fixturesDeployed(), ...(await Promise.all(variants.map(variant)))]) {
      for (const { spec: own, resources } of stacks) {
        const groups = new Map(ofType(resources, "SecurityGroup").map(({ id, name }) => [id, name]));
        for (const { inputs } of resources.filter(({ type }) => type === "aws:lambda/function:Function")) {
          const plan = functionPlans(actionScope(own)).find(({ purpose, physicalPurpose = purpose }) =>
            String(inputs["name"]).endsWith(`${own.stack}-${physicalPurpose}`),
          );
          assert.ok(plan, String(inputs["name"]));
          const { purpose, physicalPurpose = purpose } = plan;
          const vpc = inputs["vpcConfig"] as { readonly securityGroupIds: readonly string[] } | undefined;
          assert.equal(vpc === undefined ? "outside" : "network", plan.place, physicalPurpose);
          const group = groups.get(vpc?.securityGroupIds[0] ?? "");
          const ports = ofType(resources, "SecurityGroupEgressRule")
            .filter((rule) => group !== undefined && rule.inputs["securityGroupId"] === vpc?.securityGroupIds[0])
            .map((rule) => [String(rule.inputs["description"]).split(" to ")[1], rule.inputs["fromPort"]] as const)
            .filter(([noun]) => noun !== "endpoints" && noun !== "s3");
          assert.deepEqual(Object.fromEntries(ports), plan.connects ?? {}, physicalPurpose);
          const clock = ofType(resources, "Schedule").find(({ inputs: schedule }) =>
            String(schedule["name"]).endsWith(`${own.stack}-${physicalPurpose}-schedule`),
          );
          assert.equal(clock?.inputs["scheduleExpression"], plan.schedule?.expression, physicalPurpose);
          assert.equal(inputs["timeout"], plan.timeout ?? 60, physicalPurpose);
          seen += 1;
        }
      }
    }
    assert.ok(seen > 60, String(seen));
  });
});
