import assert from "node:assert/strict";
import { modelTiers, planModel, type ModelTier } from "../../config";
import type { ErrorName } from "./stand-ins/bedrock";
import { Client, useClient, type Answer, type Ask } from "./support/client";
import { departmentState, onboard, profileOf } from "./support/departments";
import { world } from "./support/hooks";
import { redisSays } from "./support/redis";
import { spendOf, until } from "./support/spend";

const failures: readonly ErrorName[] = ["ThrottlingException", "AccessDeniedException", "ServiceUnavailableException"];

/** The tiers whose profile of the department was asked since `from` requests, in order, each run of the same once. */
function tiersAsked(department: string, from: number): ModelTier[] {
  const tiers = world()
    .bedrock.requests.slice(from)
    .map(({ model }) => modelTiers.find((tier) => profileOf(department, tier) === model))
    .filter((tier) => tier !== undefined);
  return tiers.filter((tier, at) => tier !== tiers[at - 1]);
}

/** Text of a streamed answer, put together, and whether it came to its end. */
function streamed({ text }: Answer): { readonly text: string; readonly whole: boolean } {
  const events = text.split("\n").filter((line) => line.startsWith("data: "));
  const parts = events
    .map((line) => line.slice("data: ".length))
    .filter((data) => data !== "[DONE]")
    .map((data) => JSON.parse(data) as { choices?: { delta?: { content?: string } }[] });
  return {
    text: parts.map(({ choices = [] }) => choices[0]?.delta?.content ?? "").join(""),
    whole: events.at(-1) === "data: [DONE]",
  };
}

/** Places taken of a model group, over all workers, as the hook's queue counts them. */
function placesTaken(tier: ModelTier): number {
  return Number(redisSays(world().redis, world().certificates, "zcard", `cline:{${tier}}:leases`));
}

describe("answers", () => {
  const client = useClient(world);
  const ask = (more: Ask) => client.chat(more);

  describe("while a model's profile fails", () => {
    const department = "fallen";
    let keys: Readonly<Record<string, string>>;
    const fail = (tier: ModelTier, error: ErrorName | undefined) =>
      world().bedrock.plan(profileOf(department, tier), error && { failure: { error } });

    before(async () => {
      const people = { any: {}, pair: { models: ["light", "strong"] as const }, only: { models: ["strong"] as const } };
      keys = await onboard(world(), departmentState(department, people));
    });
    afterEach(() => {
      for (const tier of modelTiers) fail(tier, undefined);
    });

    for (const error of failures) {
      for (const stream of [false, true]) {
        const how = stream ? "a stream" : "an answer";
        it(`gives ${how} of the nearest model that is allowed: ${error}`, async () => {
          fail("strong", error);
          for (const [person, tier] of [
            ["any", "standard"],
            ["pair", "light"],
          ] as const) {
            const from = world().bedrock.requests.length;
            const answer = await ask({ key: keys[person]!, model: "strong", stream });
            assert.equal(answer.status, 200, Client.words(answer));
            assert.deepEqual(tiersAsked(department, from), ["strong", tier]);
            if (stream) assert.deepEqual(streamed(answer), { text: "A short answer.", whole: true });
          }
        });

        it(`gives ${how} of no model outside the key's list: ${error}`, async () => {
          fail("strong", error);
          const from = world().bedrock.requests.length;
          const answer = await ask({ key: keys["only"]!, model: "strong", stream });
          assert.ok([403, 429, 503].includes(answer.status), Client.words(answer));
          assert.deepEqual(tiersAsked(department, from), ["strong"]);
          assert.doesNotMatch(answer.text, /Traceback|test-secret/);
        });
      }
    }

    it("goes on through all that is allowed, and answers with the failure when nothing is left", async () => {
      fail("strong", "ThrottlingException");
      fail("standard", "ServiceUnavailableException");
      const from = world().bedrock.requests.length;
      assert.equal((await ask({ key: keys["any"]!, model: "strong" })).status, 200);
      assert.deepEqual(tiersAsked(department, from), ["strong", "standard", "light"]);
      fail("light", "ThrottlingException");
      const answer = await ask({ key: keys["any"]!, model: "strong" });
      assert.ok([429, 503].includes(answer.status), Client.words(answer));
    });

    it("keeps the model for departments whose own profile works", async () => {
      const beside = await onboard(world(), departmentState("fallen-beside", { b: {} }));
      fail("strong", "AccessDeniedException");
      const calls = Array.from({ length: 10 }, () => ask({ key: keys["only"]!, model: "strong" }));
      assert.ok((await Promise.all(calls)).every(({ status }) => status !== 200));
      const from = world().bedrock.requests.length;
      const served = await Promise.all(
        Array.from({ length: 8 }, () => ask({ key: beside["b"]!, model: "strong", more: { max_tokens: 20 } })),
      );
      assert.deepEqual([...new Set(served.map(({ status }) => status))], [200]);
      assert.deepEqual(tiersAsked("fallen-beside", from), ["strong"]);
    });

    it("books the model that answered, at its price, and what failed at nothing", async () => {
      const booked = await onboard(world(), departmentState("fallen-books", { a: {}, b: {} }));
      world().bedrock.plan(profileOf("fallen-books", "strong"), { failure: { error: "ThrottlingException" } });
      world().bedrock.plan(profileOf("fallen-books", "standard"), { input: { inputTokens: 1000 }, outputTokens: 50 });
      for (const stream of [false, true]) {
        assert.equal((await ask({ key: booked["a"]!, model: "strong", stream })).status, 200);
      }
      const { price } = planModel(world().spec.platform, "standard");
      const usd = (1000 * price.input + 50 * price.output) / 1e6;
      const rows = await until(
        () => spendOf(world(), "fallen-books").filter(({ usd }) => usd > 0),
        (found) => found.length === 2,
      );
      for (const row of rows) {
        assert.deepEqual([row.tier, row.developer], ["standard", "a"]);
        assert.ok(Math.abs(row.usd - usd) < 1e-9, `${row.usd} instead of ${usd} dollars`);
      }
    });
  });

  describe("to a prompt longer than the light model's window", () => {
    // About a token a word, for LiteLLM's count too.
    const long = "word ".repeat(210_000);

    it("come from a larger model that is allowed, and from none that is not", async () => {
      const people = { both: { models: ["light", "standard"] as const }, small: { models: ["light"] as const } };
      const keys = await onboard(world(), departmentState("long", people));
      const from = world().bedrock.requests.length;
      const answer = await ask({ key: keys["both"]!, content: long });
      assert.equal(answer.status, 200, Client.words(answer));
      assert.deepEqual(tiersAsked("long", from), ["standard"]);
      const refused = await ask({ key: keys["small"]!, content: long });
      assert.equal(refused.status, 400, Client.words(refused));
      assert.deepEqual(tiersAsked("long", from), ["standard"]);
    });

    it("come from a larger model when only Bedrock finds that it is too long", async () => {
      const people = { both: { models: ["light", "standard"] as const }, small: { models: ["light"] as const } };
      const keys = await onboard(world(), departmentState("longer", people));
      const failure = { error: "ValidationException", message: "Input is too long for requested model." } as const;
      world().bedrock.plan(profileOf("longer", "light"), { failure });
      for (const stream of [false, true]) {
        const from = world().bedrock.requests.length;
        const answer = await ask({ key: keys["both"]!, stream });
        assert.equal(answer.status, 200, Client.words(answer));
        assert.deepEqual(tiersAsked("longer", from), ["light", "standard"]);
        assert.equal((await ask({ key: keys["small"]!, stream })).status, 400);
      }
    });
  });

  it("hold for longer than a minute, written or waited for", async () => {
    const keys = await onboard(world(), departmentState("slow", { a: {} }));
    const text = "slowly but surely ".repeat(14);
    world().bedrock.script(profileOf("slow", "light"), [{ text, pieces: 14, pieceMs: 5000 }]);
    world().bedrock.script(profileOf("slow", "standard"), [{ text, firstByteMs: 65_000 }]);
    world().bedrock.script(profileOf("slow", "strong"), [{ text, firstByteMs: 65_000 }]);
    const [written, silent, whole] = await Promise.all([
      ask({ key: keys["a"]!, model: "light", stream: true, more: { max_tokens: 500 } }),
      ask({ key: keys["a"]!, model: "standard", stream: true, more: { max_tokens: 500 } }),
      ask({ key: keys["a"]!, model: "strong", more: { max_tokens: 500 } }),
    ]);
    for (const answer of [written, silent]) {
      assert.equal(answer.status, 200, Client.words(answer));
      assert.ok(answer.ms > 62_000, `${answer.ms} ms`);
      assert.deepEqual(streamed(answer), { text, whole: true });
    }
    assert.ok(written.firstByteMs < 30_000, `first byte after ${written.firstByteMs} ms`);
    assert.equal(whole.status, 200, Client.words(whole));
    assert.ok(whole.ms > 62_000 && whole.text.includes("slowly but surely"));
  });

  describe("that nobody waits for any more", () => {
    /** A department of its own, so that what is booked on it is of one call. */
    const keyOf = async (department: string) => (await onboard(world(), departmentState(department, { a: {} })))["a"]!;
    /** Asks and hangs up after so many milliseconds. */
    async function hangUp(key: string, stream: boolean, afterMs: number): Promise<void> {
      const call = ask({ key, stream, more: { max_tokens: 2000 }, signal: AbortSignal.timeout(afterMs) });
      await assert.rejects(call);
    }
    const free = () =>
      until(
        () => placesTaken("light"),
        (taken) => taken === 0,
        30_000,
      );
    const booked = (department: string) =>
      until(
        () => spendOf(world(), department),
        (rows) => rows.length > 0,
      );

    // LiteLLM notices that a caller is gone when Bedrock's answer has begun. Until then Bedrock works on it, and the place is rightly taken.
    for (const stream of [false, true]) {
      it(`give their place back when Bedrock's ${stream ? "stream begins" : "answer comes"}`, async () => {
        const department = stream ? "gone-stream" : "gone-answer";
        const key = await keyOf(department);
        const { bedrock } = world();
        const slow = { text: "word ".repeat(1000), pieces: 100, pieceMs: 1000 };
        bedrock.script(profileOf(department, "light"), [{ ...slow, firstByteMs: 12_000 }]);
        const from = bedrock.requests.length;
        const gone = hangUp(key, stream, 6000);
        await until(
          () => placesTaken("light"),
          (taken) => taken === 1,
        );
        await gone;
        await free();
        const calls = await until(
          () => bedrock.requests.slice(from),
          (found) => found.every(({ ended }) => ended !== undefined),
        );
        assert.deepEqual(
          calls.map(({ failed }) => failed),
          [stream ? "abandoned" : undefined],
        );
        assert.ok(calls[0]!.ended! - calls[0]!.arrived < 40_000, "the whole stream was waited for");
      });
    }

    it("give their place back in the middle of a stream, and what was written is paid for", async () => {
      const department = "gone";
      const key = await keyOf(department);
      const { bedrock } = world();
      bedrock.script(profileOf(department, "light"), [{ text: "word ".repeat(1000), pieces: 100, pieceMs: 500 }]);
      const from = bedrock.requests.length;
      await hangUp(key, true, 12_000);
      await free();
      const [call] = bedrock.requests.slice(from);
      assert.equal(call!.failed, "abandoned");
      // Ten words a piece. LiteLLM counts by itself: Bedrock's own count comes at a stream's end.
      const words = 10 * Math.ceil((call!.ended! - call!.arrived) / 500);
      const [row] = await booked(department);
      const { price } = planModel(world().spec.platform, "light");
      const { inputTokens, outputTokens, usd } = row!;
      console.info(`      ${words} words written, ${outputTokens} tokens booked: $${usd}`);
      assert.equal(row!.developer, "a");
      assert.ok(outputTokens > words / 2 && outputTokens < words * 1.5 && outputTokens < 1000, `${words}`);
      const wanted = (inputTokens * price.input + outputTokens * price.output) / 1e6;
      assert.ok(Math.abs(usd - wanted) < 1e-9, `${usd} instead of ${wanted} dollars`);
    });
  });
});
