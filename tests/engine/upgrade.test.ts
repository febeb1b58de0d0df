import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { keptForLife, LiveDeployment, lostBy, wouldReplace, type Upgrade } from "./support/upgrade";
import type { StateResource } from "./support/state";
import { root } from "./support/workbench";

/** The state of the project that stands at its users. It stays where it is: moving it on would hide what an upgrade loses. */
const base = "296f7db125c97a0cc9a8e2171737a306c86c79a6";

/** What `base` deploys here and AWS refuses: no live deployment has it, so an upgrade loses nothing by it. */
const neverLive: readonly { readonly urn: RegExp; readonly because: string }[] = [
  {
    urn: /::gateway-load-balancer-(balancer|targets|https)$/,
    because: "The base left these names to Pulumi. They exceed AWS's limits, and the real provider refuses them.",
  },
  {
    urn: /^urn:pulumi:research::.*:InferenceProfile::gateway-(light|standard|strong)$/,
    because: "The base copied the profiles of a department in its own account from the platform's account.",
  },
];

/** What an upgrade replaces or gives up by design. Never of a type that is kept for life. */
const replaceable: readonly { readonly urn: RegExp; readonly because: string }[] = [
  {
    urn: /::pulumi:providers:aws::default_/,
    because: "The program makes its provider itself: Pulumi's default one goes, and nothing in the account with it.",
  },
  {
    urn: /:BucketObject::gateway-[0-9a-f]{12}-/,
    because: "The gateway's configuration stands under its content's hash: new tasks read new objects.",
  },
  {
    urn: /:TaskDefinition::/,
    because: "ECS registers each change of a task definition as its next revision.",
  },
  {
    urn: /:Invocation::artifacts-mirrored$/,
    because: "An invocation of other images is a new one: the mirror copies what the earlier revision did not pin.",
  },
  {
    urn: /:Invocation::gateway-reconciled$/,
    because: "Its input is the SHA-256 of what the stack declares: other content asks the access reconciler again.",
  },
  {
    urn: /:Invocation::gateway-langfuse-project$/,
    because: "Its input names no owner any more: each lead's account has an invocation of its own.",
  },
  {
    urn: /:(Role::access-break-glass-role|RolePolicy::access-break-glass-policy)$/,
    because: "Bootstrap makes this role outside of Pulumi (docs/day-2.md), so that it can repair the program's own.",
  },
  {
    urn: /cline:lambda:LambdaFunction\$aws:vpc\/securityGroupEgressRule:SecurityGroupEgressRule::.*-to-gateway$/,
    because: "Functions call the gateway at its management listener: another port, and so another rule.",
  },
  {
    urn: /:VpcEndpoint::network-endpoint-lambda$/,
    because: "Nothing inside a network calls Lambda.",
  },
];

const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";
const stacks = { platform: "shared by departments", "data-science": "shares the platform's", research: "stands alone" };

describe("what an upgrade loses", () => {
  const bucket = (urn: string, id = "b-1", name = "b"): StateResource => ({
    urn: `urn:pulumi:s::cline::aws:s3/bucket:Bucket::${urn}`,
    type: "aws:s3/bucket:Bucket",
    id,
    inputs: { bucket: name },
  });
  const of = (before: StateResource[], after: StateResource[], calls: Upgrade["calls"] = []): Upgrade => ({
    before: { deployment: { resources: before } },
    after: { deployment: { resources: after } },
    calls,
  });

  it("is what is deleted, made anew or dropped from the state, not what has another name", () => {
    const [a, renamed] = [bucket("a"), bucket("b")];
    assert.deepEqual(lostBy(of([a], [a])), []);
    assert.deepEqual(lostBy(of([a], [renamed])), []);
    assert.deepEqual(lostBy(of([a], [a], [{ rpc: "update", urn: a.urn, preview: false }])), []);
    assert.deepEqual(lostBy(of([a], [])), [a.urn]);
    assert.deepEqual(lostBy(of([a], [bucket("a", "b-2")])), [a.urn]);
    for (const rpc of ["create", "delete"] as const)
      assert.deepEqual(lostBy(of([a], [a], [{ rpc, urn: a.urn, preview: false }])), [a.urn]);
  });

  it("is also what AWS would have to replace, without the provider's table", () => {
    assert.deepEqual(wouldReplace(of([bucket("a")], [bucket("a")])), []);
    assert.equal(wouldReplace(of([bucket("a")], [bucket("a", "b-1", "other")])).length, 1);
  });
});

describe(`the upgrade of a live deployment of ${base.slice(0, 7)}`, () => {
  let live: LiveDeployment | undefined;
  before(async () => {
    live = await LiveDeployment.of(base, Object.keys(stacks));
  });
  after(() => live?.close());

  it("gives up the break-glass role for bootstrap to make, by the command of docs/day-2.md, and nothing else", async () => {
    assert.ok(live);
    const page = readFileSync(path.join(root, "docs/day-2.md"), "utf8");
    const [, target = ""] = /pulumi destroy --stack platform --target-dependents --target '(.*)'/.exec(page) ?? [];
    const deleted = await live.destroyed("platform", ["--target-dependents", "--target", target]);
    assert.deepEqual(
      deleted.map((urn) => urn.split("::").at(-1)),
      ["access-break-glass-role", "access-break-glass-policy"],
    );
  });

  for (const [stack, kind] of Object.entries(stacks))
    it(`keeps every home, database, key, secret, bucket and profile of ${stack} (${kind})`, async () => {
      assert.ok(live);
      const upgrade = await live.upgrade(stack);
      const kept = (upgrade.before.deployment.resources ?? []).filter(({ type }) => keptForLife.includes(type));
      assert.ok(kept.length > 5, `${kept.length} resources to keep`);
      const couldBeLive = (urn: string) => !neverLive.some((each) => each.urn.test(urn));
      const lost = lostBy(upgrade).filter(couldBeLive);
      for (const urn of lost) console.log(`      replaced or deleted: ${urn}`);
      assert.deepEqual(
        lost.filter((urn) => keptForLife.includes(typeOf(urn))),
        [],
      );
      assert.deepEqual(
        wouldReplace(upgrade).filter((found) => couldBeLive(found.split(" ")[0] ?? "")),
        [],
      );
      assert.deepEqual(
        lost.filter((urn) => !replaceable.some((each) => each.urn.test(urn))),
        [],
      );
      const counted = (rpc: string) => upgrade.calls.filter((call) => call.rpc === rpc).length;
      console.log(
        `      ${kept.length} kept for life; created ${counted("create")}, updated ${counted("update")}, deleted ${counted("delete")}`,
      );
    });
});
