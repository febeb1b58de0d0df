import assert from "node:assert/strict";
import { LiteLLM, tokenOf } from "../../../functions/shared/litellm";
import { FakeLiteLLM } from "../../support/litellm";

const team = { team_id: "a", team_alias: "a", models: ["light"], max_budget: 10, budget_duration: "1mo" };
const settings = { ...team, tpm_limit: 1, rpm_limit: 1, blocked: false, metadata: {} } as Parameters<
  LiteLLM["createTeam"]
>[0];

describe("calls of LiteLLM's management", () => {
  let fake: FakeLiteLLM;
  let litellm: LiteLLM;
  beforeEach(async () => {
    fake = await new FakeLiteLLM().start();
    litellm = new LiteLLM({ url: fake.url, key: fake.master }, [1, 1, 1]);
  });
  afterEach(() => fake.stop());

  for (const status of [502, 503, 504])
    for (const acted of [false, true])
      it(`are repeated after ${status}, ${acted ? "which came too late" : "which did nothing"}`, async () => {
        fake.failure = (call) => (call <= 2 ? { status, acted } : undefined);
        await litellm.createTeam(settings);
        assert.deepEqual(fake.calls.slice(0, 3), Array<string>(3).fill("POST /team/new"));
        fake.failure = (call, path) => (path === "/team/info" && call % 3 !== 0 ? { status, acted } : undefined);
        assert.equal((await litellm.team("a"))?.team.team_id, "a");
        assert.deepEqual([...fake.teams.keys()], ["a"]);
      });

  it("end after three repetitions", async () => {
    fake.failure = () => ({ status: 503, acted: false });
    await assert.rejects(litellm.teamIds(), /^LiteLLMError: \/team\/list answered 503/);
    assert.equal(fake.calls.length, 4);
  });

  it("are not repeated after another refusal", async () => {
    fake.failure = () => ({ status: 500, acted: false });
    await assert.rejects(litellm.teamIds(), /answered 500/);
    assert.equal(fake.calls.length, 1);
  });

  it("that update, unblock, make a key, delete, set back or probe are made once", async () => {
    await litellm.createKey({ key: "sk-mine", team_id: "a", user_id: "p" } as never);
    const token = tokenOf("sk-mine");
    const others = ["GET /team/info", "POST /key/block"];
    const before = fake.calls.length;
    fake.failure = () => (others.includes(fake.calls.at(-1) ?? "") ? undefined : { status: 503, acted: false });
    const once: Readonly<Record<string, () => Promise<unknown>>> = {
      "POST /team/update": () => litellm.updateTeam(settings),
      "POST /key/update": () => litellm.updateKey(token, {}),
      "POST /key/unblock": () => litellm.unblockKey(token),
      "POST /key/generate": () => litellm.createKey({} as Parameters<LiteLLM["createKey"]>[0]),
      "POST /key/delete": () => litellm.revokeKeys([token]),
      "POST /team/member_delete": () => litellm.removeMember("a", "p"),
      "POST /team/a/member/p/reset_spend": () => litellm.resetMemberSpend("a", "p"),
      "GET /v1/models": () => litellm.models(),
    };
    for (const call of Object.values(once)) await assert.rejects(call(), /answered 503/);
    assert.equal(await litellm.readiness(), 503);
    const made = fake.calls.slice(before).filter((call) => !others.includes(call));
    assert.deepEqual(made, [...Object.keys(once), "GET /health/readiness"]);
  });

  it("leave a block that is set between a call and its answer", async () => {
    await litellm.createTeam(settings);
    await litellm.createKey({ key: "sk-mine", team_id: "a", user_id: "p", blocked: true } as never);
    const token = tokenOf("sk-mine");
    fake.failure = (_, path) => {
      if (path !== "/key/unblock") return undefined;
      // It acts; then a lead blocks the key, and the first answer comes too late.
      setImmediate(() => Object.assign(fake.keys.get(token) ?? {}, { blocked: true }));
      return { status: 504, acted: true };
    };
    await assert.rejects(litellm.unblockKey(token), /answered 504/);
    assert.equal(fake.keys.get(token)?.blocked, true);
  });

  it("are repeated where the second leaves the same", async () => {
    await litellm.createTeam(settings);
    const before = fake.calls.length;
    let failures = 0;
    fake.failure = () => (failures++ % 2 === 0 ? { status: 502, acted: true } : undefined);
    await litellm.ensureUser("p");
    await litellm.addMember({ team_id: "a", user_id: "p", max_budget_in_team: 1 } as never);
    await litellm.createKey({ key: "sk-mine", team_id: "a", user_id: "p" } as never).catch(() => undefined);
    failures = 0;
    await litellm.blockKey(tokenOf("sk-mine"));
    await litellm.keysOfTeam("a");
    assert.equal((await litellm.keyInfo(tokenOf("sk-mine")))?.blocked, true);
    const twice = ["/user/new", "/team/member_add", "/team/member_update", "/key/block", "/key/list", "/key/info"];
    const made = fake.calls.slice(before).map((call) => call.replace(/^\w+ /, ""));
    for (const path of twice) assert.equal(made.filter((each) => each === path).length, 2, path);
  });
});
