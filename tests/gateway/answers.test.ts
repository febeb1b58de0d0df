import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { modelTiers, planModel, type ModelTier } from "../../config";
import type { ErrorName } from "./stand-ins/bedrock";
import { Client, useClient, type Answer, type Ask } from "./support/client";
import { departmentState, onboard, profileOf } from "./support/departments";
import { world } from "./support/hooks";
import { redisSays } from "./support/redis";
import { spendOf, until } from "./support/spend";

/** What another model can mend. */
const failures: readonly ErrorName[] = [
  "ThrottlingException",
  "ModelNotReadyException",
  "InternalServerException",
  "ServiceUnavailableException",
];

/** What no other model is asked for, and the status of the answer. */
const faults: readonly (readonly [ErrorName, number])[] = [
  ["ValidationException", 400],
  ["AccessDeniedException", 403],
  ["ResourceNotFoundException", 404],
];

/** The tiers whose profile of the department was asked since `from` requests, in order, each run of the same once. */
function tiersAsked(department: string, from: number): ModelTier[] {
  const tiers = world()
    .bedrock.requests.slice(from)
    .map(({ model }) => modelTiers.find((tier) => profileOf(department, tier) === model))
    .filter((tier) => tier !== undefined);
  return tiers.filter((tier, at) => tier !== tiers[at - 1]);
}

/** Text of a streamed answer, put together, whether it came to its end, and the models that its events name. */
function streamed({ text }: Answer): { readonly text: string; readonly whole: boolean; readonly models: string[] } {
  const events = text.split("\n").filter((line) => line.startsWith("data: "));
  const parts = events
    .map((line) => line.slice("data: ".length))
    .filter((data) => data !== "[DONE]")
    .map((data) => JSON.parse(data) as { model?: string; choices?: { delta?: { content?: string } }[] });
  return {
    models: [...new Set(parts.map(({ model = "none" }) => model))],
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
            if (stream) assert.deepEqual(streamed(answer), { text: "A short answer.", whole: true, models: [tier] });
            else assert.equal((answer.body as { model: string }).model, tier);
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

    for (const [error, status] of faults) {
      for (const stream of [false, true]) {
        it(`answers ${status} and asks no other model${stream ? ", streamed" : ""}: ${error}`, async () => {
          fail("light", error);
          fail("strong", error);
          for (const tier of ["light", "strong"] as const) {
            const from = world().bedrock.requests.length;
            const answer = await ask({ key: keys["any"]!, model: tier, stream });
            assert.equal(answer.status, status, Client.words(answer));
            assert.deepEqual(tiersAsked(department, from), [tier]);
            assert.doesNotMatch(answer.text, /Traceback|test-secret|arn:aws/);
          }
        });
      }
    }

    it("gives an answer of another model when AWS has retired one", async () => {
      world().bedrock.plan(profileOf(department, "strong"), {
        failure: {
          error: "ResourceNotFoundException",
          message: "This model version has reached the end of its life. Please refer to the AWS documentation.",
        },
      });
      const answer = await ask({ key: keys["any"]!, model: "strong" });
      assert.equal(answer.status, 200, Client.words(answer));
      assert.equal((answer.body as { model: string }).model, "standard");
    });

    it("does not go on to a third model when the second refuses the request", async () => {
      fail("strong", "ThrottlingException");
      fail("standard", "ValidationException");
      const from = world().bedrock.requests.length;
      const answer = await ask({ key: keys["any"]!, model: "strong" });
      assert.ok([400, 429].includes(answer.status), Client.words(answer));
      assert.deepEqual(tiersAsked(department, from), ["strong", "standard"]);
    });

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
      const keys = await onboard(world(), departmentState("longer", people));
      const failure = { error: "ValidationException", message: "Input is too long for requested model." } as const;
      world().bedrock.plan(profileOf("longer", "light"), { failure });
      for (const stream of [false, true]) {
        const from = world().bedrock.requests.length;
        const answer = await ask({ key: keys["both"]!, content: long, stream });
        assert.equal(answer.status, 200, Client.words(answer));
        assert.deepEqual(tiersAsked("longer", from), ["light", "standard"]);
        assert.equal((await ask({ key: keys["small"]!, content: long, stream })).status, 400);
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
      const { models, ...rest } = streamed(answer);
      assert.deepEqual(rest, { text, whole: true });
      assert.ok(
        models.every((model) => modelTiers.includes(model as ModelTier)),
        models.join(),
      );
    }
    assert.ok(written.firstByteMs < 30_000, `first byte after ${written.firstByteMs} ms`);
    assert.equal(whole.status, 200, Client.words(whole));
    assert.ok(whole.ms > 62_000 && whole.text.includes("slowly but surely"));
  });

  describe("that nobody waits for any more", () => {
    /** A department of its own, so that what is booked on it is of one call. */
    const keyOf = async (department: string) => (await onboard(world(), departmentState(department, { a: {} })))["a"]!;
    const free = () =>
      until(
        () => placesTaken("light"),
        (taken) => taken === 0,
      );
    const booked = (department: string) =>
      until(
        () => spendOf(world(), department),
        (rows) => rows.length > 0,
      );

    // Bedrock works on for a caller who has left, and AWS bills it: the place is rightly taken, and the whole answer is read.
    for (const [what, stream, firstByteMs] of [
      ["answer, left before it comes", false, 4000],
      ["stream, left before it begins", true, 4000],
      ["stream, left in its middle", true, 0],
    ] as const) {
      it(`give their place back when Bedrock's answer is whole: a ${what}`, async () => {
        const department = `gone-${stream ? "stream" : "answer"}-${String(firstByteMs)}`;
        const key = await keyOf(department);
        const { bedrock } = world();
        let writeOn = (): void => undefined;
        const held = new Promise<void>((resolve) => (writeOn = resolve));
        const plan = { text: "word ".repeat(1000), outputTokens: 1250, pieces: 10, firstByteMs, until: held };
        bedrock.script(profileOf(department, "light"), [plan]);
        const from = bedrock.requests.length;
        const leaving = new AbortController();
        const call = ask({ key, stream, more: { max_tokens: 2000 }, signal: leaving.signal });
        const left = assert.rejects(call);
        const asked = () => bedrock.requests.slice(from);
        await until(asked, (found) => found.length === 1 && (firstByteMs > 0 || found[0]!.status === 200));
        assert.equal(placesTaken("light"), 1);
        leaving.abort();
        await left;
        // Long enough for the departure to reach LiteLLM, which would cut the call.
        await sleep(2000);
        writeOn();
        await free();
        assert.deepEqual(
          asked().map(({ failed }) => failed),
          [undefined],
        );
        const [row] = await booked(department);
        const { price } = planModel(world().spec.platform, "light");
        const { inputTokens, outputTokens } = asked()[0]!.billed!;
        const wanted = (inputTokens * price.input + outputTokens * price.output) / 1e6;
        assert.deepEqual([row!.developer, row!.outputTokens], ["a", 1250]);
        assert.ok(Math.abs(row!.usd - wanted) < 1e-9, `${row!.usd} instead of ${wanted} dollars`);
      });
    }
  });
});
