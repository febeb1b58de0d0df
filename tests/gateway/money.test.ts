import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { perToken } from "../../components/gateway/litellm-config";
import { catalogueModel, embeddingModel, modelNames, modelTiers } from "../../config";
import { runCommand } from "../engine/support/command";
import { installed } from "./prisma/paths";
import { Client, useClient } from "./support/client";
import { departmentState, onboard, profileOf } from "./support/departments";
import { world } from "./support/hooks";
import { redisSays } from "./support/redis";
import { billedUsd, bookedOn, spendOf, until } from "./support/spend";

/** Price fields of LiteLLM's map for what no request of this gateway can ask for: other service tiers, batches, AWS's own search. */
const notAsked = /_(batches|priority|flex)$|^search_context_cost_per_query$/;

describe("money", () => {
  const client = useClient(world);

  it("has every price of LiteLLM's map pinned by the catalogue, at the map's value", async () => {
    const program =
      "import json, os, litellm\n" +
      "print(json.dumps(json.load(open(os.path.join(os.path.dirname(litellm.__file__), 'model_prices_and_context_window_backup.json')))))";
    const { stdout, stderr } = await runCommand(installed("GATEWAY_PYTHON"), ["-c", program], {
      cwd: "/",
      env: { PATH: process.env["PATH"], LITELLM_LOCAL_MODEL_COST_MAP: "True" },
      deadlineMs: 120_000,
    });
    const map = JSON.parse(stdout.slice(stdout.indexOf("{"))) as Readonly<
      Record<string, Readonly<Record<string, unknown>>>
    >;
    assert.ok(map["sample_spec"], stderr);
    let seen = 0;
    for (const name of modelNames) {
      const { id, prices } = catalogueModel(name);
      for (const [residency, price] of Object.entries(prices)) {
        const entry = map[`${residency}.${id}`];
        if (!entry) continue;
        const pinned: Readonly<Record<string, number>> = {
          input_cost_per_token: price.input,
          output_cost_per_token: price.output,
          cache_read_input_token_cost: price.cacheRead,
          cache_creation_input_token_cost: price.cacheWrite,
          ...(price.cacheWriteHour !== undefined && {
            cache_creation_input_token_cost_above_1hr: price.cacheWriteHour,
          }),
        };
        for (const [field, value] of Object.entries(entry)) {
          if (!field.includes("cost") || notAsked.test(field)) continue;
          assert.ok(
            field in pinned,
            `${residency}.${id} has ${field} of ${String(value)}, which the catalogue does not pin`,
          );
          // The pinned price may be higher, never lower: a price that is too low lets budgets overrun.
          assert.ok(perToken(pinned[field]!) >= (value as number) * (1 - 1e-9), `${residency}.${id}.${field}`);
          seen++;
        }
      }
    }
    assert.ok(seen > 100, `${seen} prices compared`);
    const { input_cost_per_token: price, output_cost_per_token: none, ...entry } = map[embeddingModel.id]!;
    assert.ok(perToken(embeddingModel.price) >= (price as number));
    assert.deepEqual([none, entry["max_input_tokens"]], [0, embeddingModel.contextWindow]);
    assert.deepEqual(
      Object.keys(entry).filter((field) => field.includes("cost")),
      [],
    );
  });

  for (const stream of [false, true]) {
    it(`books what is written to the cache for an hour at its own price${stream ? ", streamed" : ""}`, async () => {
      const department = stream ? "hour-stream" : "hour";
      const keys = await onboard(world(), departmentState(department, { a: {} }));
      const hour = { cache_control: { type: "ephemeral", ttl: "1h" } };
      const messages = [
        { role: "system", content: [{ type: "text", text: "You write programs. ".repeat(600), ...hour }] },
        {
          role: "user",
          content: [{ type: "text", text: "Read this. ".repeat(800), cache_control: { type: "ephemeral" } }],
        },
      ];
      const from = world().bedrock.requests.length;
      for (const model of modelTiers) {
        const answer = await client.chat({ key: keys["a"]!, model, stream, more: { messages } });
        assert.equal(answer.status, 200, Client.words(answer));
      }
      const calls = world().bedrock.requests.slice(from);
      const rows = await until(
        () => spendOf(world(), department),
        (found) => found.length === modelTiers.length,
      );
      for (const [at, tier] of modelTiers.entries()) {
        const details = calls[at]!.billed!.cacheDetails!;
        assert.deepEqual(
          details.map(({ ttl }) => ttl),
          ["1h", "5m"],
          tier,
        );
        const usd = rows.find((row) => row.tier === tier)!.usd;
        assert.ok(Math.abs(usd - billedUsd(world(), tier, [calls[at]!])) < 1e-9, `${tier}: ${usd}`);
      }
    });
  }

  it("answers 400 when an hour is marked after five minutes, without asking another model", async () => {
    const keys = await onboard(world(), departmentState("hour-late", { a: {} }));
    const mark = (ttl: string) => ({
      type: "text",
      text: "x ".repeat(3000),
      cache_control: { type: "ephemeral", ttl },
    });
    const messages = [{ role: "user", content: [mark("5m"), mark("1h")] }];
    const from = world().bedrock.requests.length;
    const answer = await client.chat({ key: keys["a"]!, more: { messages } });
    assert.equal(answer.status, 400, Client.words(answer));
    assert.deepEqual(
      world()
        .bedrock.requests.slice(from)
        .map(({ model }) => model),
      [profileOf("hour-late", "light")],
    );
  });

  it("of 200 abandoned streams is never counted below what AWS bills, and booked within 2 %", async () => {
    const department = "abandoned";
    const people = Array.from({ length: 10 }, (_, at) => `d${String(at)}`);
    const keys = await onboard(world(), departmentState(department, Object.fromEntries(people.map((id) => [id, {}]))));
    const { bedrock } = world();
    bedrock.plan(profileOf(department, "light"), {
      text: "word ".repeat(800),
      input: { inputTokens: 400 },
      outputTokens: 1000,
      pieces: 20,
      pieceMs: 60,
    });
    const from = bedrock.requests.length;
    const calls = () => bedrock.requests.slice(from);
    const agent = new Agent({ keepAlive: true, ca: readFileSync(world().certificates.ca), maxSockets: 64 });
    /** Reads the beginning of a stream, and hangs up. */
    const abandon = (key: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const sent = request(
          new URL("/v1/chat/completions", world().url),
          { method: "POST", agent, headers: { authorization: `Bearer ${key}`, "content-type": "application/json" } },
          (answer) => {
            if (answer.statusCode !== 200) reject(new Error(`answered ${String(answer.statusCode)}`));
            answer.once("data", (part: Buffer) => {
              sent.destroy();
              resolve(part.toString());
            });
            answer.once("error", () => undefined);
          },
        );
        sent.once("error", (error: NodeJS.ErrnoException) => {
          if (error.code !== "ECONNRESET") reject(error);
        });
        sent.end(
          JSON.stringify({
            model: "light",
            stream: true,
            max_tokens: 1200,
            messages: [{ role: "user", content: "Go on." }],
          }),
        );
      });
    /** What the budget's counter holds; LiteLLM drops one that nobody asks for, and takes the database's sum then. */
    const counted = (): number | undefined => {
      const found = redisSays(world().redis, world().certificates, "get", `spend:team:${department}`);
      return found === "" ? undefined : Number(found);
    };
    /** Least share of what AWS had billed by then that the budget's counter held. */
    let least = Number.POSITIVE_INFINITY;
    const over = new AbortController();
    const watch = (async () => {
      while (!over.signal.aborted) {
        const billed = billedUsd(world(), "light", calls());
        const held = counted();
        if (billed > 0 && held !== undefined) least = Math.min(least, held / billed);
        await sleep(100);
      }
    })();
    // Each person one stream after the other.
    await Promise.all(
      people.map(async (id) => {
        for (let at = 0; at < 20; at++) await abandon(keys[id]!);
      }),
    );
    agent.destroy();
    await until(calls, (found) => found.length === 200 && found.every(({ ended }) => ended !== undefined));
    const { usd: booked } = await until(
      () => bookedOn(world(), department),
      (found) => found.calls === 200,
      120_000,
    );
    over.abort();
    await watch;
    assert.deepEqual([...new Set(calls().map(({ failed }) => failed))], [undefined], "streams were cut");
    const billed = billedUsd(world(), "light", calls());
    console.info(
      `      200 streams: $${billed.toFixed(5)} billed, $${booked.toFixed(5)} booked; the counter held at least ${(100 * least).toFixed(1)} %`,
    );
    assert.ok(booked >= billed * (1 - 1e-9) && booked <= billed * 1.02, `${booked} of ${billed} dollars`);
    assert.ok(least >= 1 - 1e-9, `the budget's counter held ${least} of what was billed`);
  });
});
