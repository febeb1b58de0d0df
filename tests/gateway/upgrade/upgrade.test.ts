import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { modelTiers } from "../../../config";
import { migrate, migrationsIn } from "../prisma/migrate";
import { installed, litellmExtras } from "../prisma/paths";
import { useClient } from "../support/client";
import { departmentState, onboard, profileOf, up } from "../support/departments";
import { canary, KeySecret, reconciler } from "../support/functions";
import type { Gateway } from "../support/gateway";
import { world } from "../support/hooks";
import { answeredUsd, Load, sameUsd, settled, summary } from "../support/load";

const department = "upgraded";
const callers = ["anna", "bert", "cleo"];
/** Rotates the key before the first call: a rotated key takes over its spend, which then stands in two keys for a while. */
const rotating = "dora";
const people = [...callers, rotating];
const input = { inputTokens: 1000 };
const outputTokens = 40;
const state = departmentState(department, Object.fromEntries(people.map((id) => [id, { monthlyBudgetUsd: 25 }])), {
  monthlyBudgetUsd: 100,
});

/**
 * The order of a real move, which ECS and the migration's task keep: the schema first, while the earlier version serves on it; then both
 * versions; then the later alone. And back: the earlier version on the later schema, with what the later has written.
 */
describe("a move to another LiteLLM under load, and back", () => {
  const client = useClient(world);
  let load: Load;
  let calling: readonly string[] = callers;
  let earlier: readonly Gateway[];
  let later: Gateway;
  const usd = () => answeredUsd(world(), department, input.inputTokens, outputTokens);

  /** Every call so far is served, and stands in each of LiteLLM's sums. */
  async function nothingLost(phase: string): Promise<void> {
    const sent = await load.stop();
    console.info(`      ${phase}: ${summary(sent)}`);
    assert.deepEqual(
      sent.filter(({ ok }) => !ok),
      [],
    );
    const { spend } = await settled(world(), department, usd, 90);
    for (const [where, spent] of Object.entries(spend) as [string, number][])
      assert.ok(sameUsd(spent, usd()), `${phase}, ${where}: ${spent} of ${usd()} dollars`);
  }

  async function begin(): Promise<void> {
    const keys = await Promise.all(calling.map((id) => new KeySecret(world(), department, id).key()));
    load = new Load(client, keys, 4);
    await sleep(5000);
  }

  const serve = (on: readonly Gateway[], off: readonly Gateway[]) => {
    for (const { ports } of on) world().balancer.register(ports);
    for (const { ports } of off) world().balancer.deregister(ports);
  };

  before(async () => {
    await reconciler().handler({});
    await onboard(world(), state);
    for (const tier of modelTiers) world().bedrock.plan(profileOf(department, tier), { input, outputTokens });
    earlier = [...world().gateways];
  });

  it("migrates the database while the earlier version serves", async () => {
    const { postgres, plan } = world();
    await begin();
    const extras = litellmExtras(installed("GATEWAY_NEXT_PYTHON"));
    await migrate(postgres.url(plan.database.name, plan.database.user), extras, migrationsIn(litellmExtras()));
    await sleep(5000);
    await nothingLost("the earlier version, its schema migrated under it");
  });

  it("serves with both versions, then with the later alone, on the same keys and budgets", async () => {
    later = await world().startRelease("later", installed("GATEWAY_NEXT_PYTHON"));
    world().gateways.push(later);
    await begin();
    serve([later], []);
    await sleep(10_000);
    serve([], earlier);
    await sleep(5000);
    await nothingLost("both versions, then the later");
  });

  it("rotates keys, reconciles without a change and passes the canary on the later version", async () => {
    assert.equal((await up(world(), state)).writes, 0);
    const secret = new KeySecret(world(), department, rotating);
    const first = await secret.key();
    assert.notEqual(await secret.rotate(), first);
    calling = people;
    await canary().handler();
    await begin();
    await nothingLost("the later version alone");
  });

  it("goes back: the earlier version serves on the later schema, with the later's keys and spend", async () => {
    await begin();
    serve(earlier, [later]);
    await sleep(10_000);
    assert.equal((await up(world(), state)).writes, 0);
    await nothingLost("the earlier version again");
    // A task of the earlier version that starts on the later schema, as after a rollback of the service.
    const again = await world().startGateway("again");
    world().gateways.push(again);
    serve([again], earlier);
    await begin();
    await nothingLost("a new task of the earlier version");
    serve(earlier, [again]);
  });
});
