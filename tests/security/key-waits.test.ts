import assert from "node:assert/strict";
import type { DocumentResource } from "../../offline/in-process";
import { fixturesDeployed, type DeployedStack } from "../support/deployed";
import { listed, statementsOf } from "../support/resources";
import { variant, variants } from "./variants";

/** Resources whose creation runs code with a role of the stack. */
const starters: readonly string[] = [
  "aws:ec2/instance:Instance",
  "aws:ecs/service:Service",
  "aws:lambda/invocation:Invocation",
  "aws:secretsmanager/secretRotation:SecretRotation",
];

/** Actions by which a function starts code with another role, which cannot repeat a denied call. */
const handsOver: readonly string[] = ["codebuild:StartBuild", "ecs:RunTask", "iam:PassRole"];

const isWait = ({ type, name }: DocumentResource) =>
  type === "aws:lambda/invocation:Invocation" && /-usable$/.test(name);

/** Every URN that a resource depends on, its own included. */
function behind(resource: DocumentResource, byUrn: ReadonlyMap<string, DocumentResource>): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [resource.urn];
  for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
    if (seen.has(urn)) continue;
    seen.add(urn);
    open.push(...(byUrn.get(urn)?.dependencies ?? []));
  }
  return seen;
}

const allowed = (policy: unknown) => statementsOf(policy).filter(({ Effect }) => Effect === "Allow");

/** The roles of all stacks whose policies allow the use of a key by its alias, by the role's name. */
function rolesByAlias(stacks: readonly DeployedStack[]): ReadonlySet<string> {
  return new Set(
    stacks.flatMap(({ resources }) =>
      resources
        .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
        .filter(({ inputs }) => JSON.stringify(allowed(inputs["policy"])).includes("kms:ResourceAliases"))
        .map(({ inputs }) => String(inputs["role"])),
    ),
  );
}

/** A function of any stack as far as the wait is concerned. */
interface Callee {
  readonly waitSeconds: number;
  readonly usesKeys: boolean;
  readonly handsOver: boolean;
}

function functionsOf(stacks: readonly DeployedStack[]): ReadonlyMap<string, Callee> {
  const roles = rolesByAlias(stacks);
  const resources = stacks.flatMap((stack) => stack.resources);
  const policies = new Map(
    resources
      .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
      .map(({ inputs }) => [String(inputs["role"]), allowed(inputs["policy"])]),
  );
  const functions = resources.filter(({ type }) => type === "aws:lambda/function:Function");
  return new Map(
    functions.map(({ inputs }) => {
      const role = String(inputs["role"]).split("/").at(-1) ?? "";
      const environment = (inputs["environment"] as { variables: Record<string, string> }).variables;
      const actions = (policies.get(role) ?? []).flatMap(({ Action }) => listed(Action));
      return [
        String(inputs["name"]),
        {
          waitSeconds: Number(environment["KEY_WAIT_SECONDS"]),
          usesKeys: roles.has(role),
          handsOver: actions.some((action) => handsOver.includes(action)),
        },
      ];
    }),
  );
}

/** Name of the function that an invocation or a rotation calls. */
const calleeOf = ({ inputs }: DocumentResource): string => {
  const callee = inputs["functionName"] ?? inputs["rotationLambdaArn"];
  return typeof callee === "string" ? (callee.split(":").at(-1) ?? "") : "";
};

/** Each use of a key whose permission depends on an alias, and why it is safe; undefined: nothing waits. */
function uses(stacks: readonly DeployedStack[]): readonly (readonly [use: string, waits: string | undefined])[] {
  const functions = functionsOf(stacks);
  const roles = rolesByAlias(stacks);
  return stacks.flatMap(({ spec, resources }) => {
    const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    return resources
      .filter((resource) => starters.includes(resource.type) && !isWait(resource))
      .flatMap((resource): [string, string | undefined][] => {
        const all = [...behind(resource, byUrn)].flatMap((urn) => byUrn.get(urn) ?? []);
        const callee = functions.get(calleeOf(resource));
        const role = all.find(({ type, inputs }) => type === "aws:iam/role:Role" && roles.has(String(inputs["name"])));
        if (!callee?.usesKeys && role === undefined) return [];
        const use = `${spec.stack} ${resource.name}`;
        if (all.some(isWait)) return [[use, "starts after the wait"]];
        const repeats = callee !== undefined && !callee.handsOver && callee.waitSeconds >= 360;
        return [[use, repeats ? "its function repeats denied calls" : undefined]];
      });
  });
}

const without = (stacks: readonly DeployedStack[]) => uses(stacks).flatMap(([use, waits]) => (waits ? [] : [use]));

describe("a key whose use depends on its alias", () => {
  it("is waited for by everything that uses it during up", async () => {
    const found = uses(await fixturesDeployed());
    assert.deepEqual(without(await fixturesDeployed()), []);
    const of = (how: string) => found.filter(([, waits]) => waits === how).map(([use]) => use);
    for (const use of [
      "platform artifacts-mirrored",
      "engineering tanaka-instance",
      "engineering gateway-langfuse-project",
    ])
      assert.ok(
        of("starts after the wait").some((each) => each === use),
        use,
      );
    for (const use of ["platform gateway-certificate-issued", "engineering gateway-reconciled"])
      assert.ok(
        of("its function repeats denied calls").some((each) => each === use),
        use,
      );
    assert.ok(found.length > 25, String(found.length));
  });
  for (const name of variants)
    it(`is waited for with ${name}`, async () => assert.deepEqual(without(await variant(name)), []));

  it("is noticed where nothing waits, and where a function has no time", async () => {
    const stacks = await fixturesDeployed();
    const impatient = (each: DocumentResource): DocumentResource =>
      each.name === "gateway-certificate-issuer-function"
        ? { ...each, inputs: { ...each.inputs, environment: { variables: { KEY_WAIT_SECONDS: "0" } } } }
        : each;
    const spoiled = stacks.map((stack) => ({
      ...stack,
      resources: stack.resources.map((each) =>
        isWait(each) && stack.spec.stack === "platform" ? { ...each, name: "keys-other" } : impatient(each),
      ),
    }));
    const missing = without(spoiled);
    for (const use of ["platform artifacts-mirrored", "platform gateway-certificate-issued"]) {
      assert.ok(missing.includes(use), `${use} of ${missing.join(", ")}`);
    }
  });

  it("is probed for every key of its stack, by a function that each stack's foundation has", async () => {
    for (const { spec, resources } of await fixturesDeployed()) {
      const [wait] = resources.filter(isWait);
      assert.ok(wait, spec.stack);
      const { keys } = JSON.parse(String(wait.inputs["input"])) as { keys: string[] };
      const own = resources.filter(({ type, urn }) => type === "aws:kms/key:Key" && urn.includes("KeyRing"));
      assert.deepEqual([...keys].sort(), own.map(({ outputs }) => String(outputs["arn"])).sort());
      const [before, alias] = [
        new Set(wait.dependencies),
        resources.filter(({ type, urn }) => type === "aws:kms/alias:Alias" && urn.includes("KeyRing")),
      ];
      assert.deepEqual(
        alias.filter(({ urn }) => !before.has(urn)),
        [],
        spec.stack,
      );
    }
  });
});
