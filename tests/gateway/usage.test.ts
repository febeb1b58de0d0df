import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { planSpendMetrics } from "../../functions/spend-check/plan";
import { planRows, type ActivityPage, type UsageRow } from "../../functions/usage-report/usage";
import { modelTiers, planModel, type ModelTier } from "../../config";
import { OtlpStandIn, type ReceivedSpan } from "./stand-ins/otlp";
import { PromptCache, type InputTokens } from "./stand-ins/prompt-cache";
import { Client, useClient, type Ask } from "./support/client";
import { issueCertificate } from "../support/certificate";
import { startCollector, type RunningCollector } from "./support/collector";
import { departmentState, onboard, profileOf } from "./support/departments";
import { KeySecret, spendCheck, usageReport } from "./support/functions";
import { world } from "./support/hooks";
import { spendOf, until } from "./support/spend";

const priceOf = (tier: ModelTier) => planModel(world().spec.platform, tier).price;

/** Dollars of a call by the catalogue. */
function usdOf(tier: ModelTier, input: Partial<InputTokens>, outputTokens: number): number {
  const { inputTokens = 0, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = input;
  const price = priceOf(tier);
  return (
    (inputTokens * price.input +
      cacheReadInputTokens * price.cacheRead +
      cacheWriteInputTokens * price.cacheWrite +
      outputTokens * price.output) /
    1e6
  );
}

/** The same sum but for the last digits of floating-point numbers. */
function assertUsd(found: number, wanted: number, what: string): void {
  assert.ok(
    Math.abs(found - wanted) <= Math.min(1e-9, wanted * 1e-6),
    `${what}: ${found} instead of ${wanted} dollars`,
  );
}

const cachePoint = { cachePoint: { type: "default" } };

describe("use", () => {
  const client = useClient(world);
  const ask = (more: Ask) => client.chat(more);

  describe("of the prompt cache", () => {
    for (const stream of [false, true]) {
      it(`is marked, read on the next turn, and paid for at its own price${stream ? ", streamed" : ""}`, async () => {
        const department = stream ? "cached-stream" : "cached";
        const keys = await onboard(world(), departmentState(department, { a: {} }));
        const { bedrock } = world();
        const from = bedrock.requests.length;
        const system = { role: "system", content: "You write programs. ".repeat(600) };
        const first = [system, { role: "user", content: "Read this. ".repeat(800) }];
        const second = [
          ...first,
          { role: "assistant", content: "A short answer." },
          { role: "user", content: "And now? ".repeat(100) },
        ];
        for (const messages of [first, second]) {
          const answer = await ask({ key: keys["a"]!, model: "standard", stream, more: { messages } });
          assert.equal(answer.status, 200, Client.words(answer));
        }
        const calls = bedrock.requests.slice(from);
        const cache = new PromptCache();
        const counted = calls.map(({ model, body, arrived }) => {
          assert.deepEqual(body.system?.at(-1), cachePoint, "no mark after the system prompt");
          assert.deepEqual(body.messages.at(-1)?.content.at(-1), cachePoint, "no mark after the conversation");
          return cache.count(model, body, arrived);
        });
        const [cold, warm] = counted as [InputTokens, InputTokens];
        assert.ok(cold.cacheReadInputTokens === 0 && cold.cacheWriteInputTokens > 5000, JSON.stringify(cold));
        assert.equal(warm.cacheReadInputTokens, cold.cacheWriteInputTokens);

        const rows = await until(
          () => spendOf(world(), department),
          (found) => found.length === 2,
        );
        for (const [at, row] of rows.entries()) {
          const input = counted[at]!;
          const { usage_object: usage } = row.metadata as { usage_object: Readonly<Record<string, number>> };
          assert.deepEqual(
            [row.inputTokens, usage["cache_read_input_tokens"], usage["cache_creation_input_tokens"]],
            [
              input.inputTokens + input.cacheReadInputTokens + input.cacheWriteInputTokens,
              input.cacheReadInputTokens,
              input.cacheWriteInputTokens,
            ],
          );
          assertUsd(row.usd, usdOf("standard", input, row.outputTokens), `turn ${at + 1}`);
        }
        const saved =
          1 - rows[1]!.usd / usdOf("standard", { inputTokens: rows[1]!.inputTokens }, rows[1]!.outputTokens);
        console.info(
          `      second turn: ${warm.cacheReadInputTokens} tokens read, ${Math.round(100 * saved)} % cheaper`,
        );
      });
    }
  });

  describe("as traces", () => {
    const text = { prompt: "prompt-of-mine", answer: "answer-of-mine", tool: "tool-of-mine", fault: "fault-of-mine" };
    const input = { inputTokens: 1000, cacheReadInputTokens: 200, cacheWriteInputTokens: 30 };
    const tools = [
      { type: "function", function: { name: "write", description: text.tool, parameters: { type: "object" } } },
    ];

    const keepsText: Readonly<Record<string, boolean>> = {
      traced: false,
      "traced-text": true,
      "traced-one": true,
      "traced-other": true,
    };
    let langfuse: OtlpStandIn;
    let collector: RunningCollector | undefined;

    before(async function () {
      // Long enough to build the collector where it is not in the cache.
      this.timeout(20 * 60_000);
      const identity = await issueCertificate();
      langfuse = await new OtlpStandIn().start(identity);
      const routes = Object.entries(keepsText).map(([department, keepPromptText]) => ({
        department,
        publicKey: `pk-lf-${department}`,
        secretKey: `sk-lf-${department}`,
        keepPromptText,
      }));
      collector = await startCollector(world().folder, routes, { url: langfuse.url, ca: identity.chain });
      world().otlp.onward = collector;
    });
    after(async () => {
      world().otlp.onward = undefined;
      await collector?.server.stop();
      await langfuse.stop();
    });

    /** What a department's project has been sent. */
    const handedOn = (department: string): readonly ReceivedSpan[] => {
      const basic = Buffer.from(`pk-lf-${department}:sk-lf-${department}`).toString("base64");
      return langfuse.spans.filter(({ authorization }) => authorization === `Basic ${basic}`);
    };

    /** One answer, one stream and one failure of a department, and the spans that reach its project. */
    async function traced(department: string): Promise<readonly ReceivedSpan[]> {
      const keepPromptText = keepsText[department] === true;
      const state = departmentState(department, { alice: { models: ["light"] } }, { keepPromptText });
      const key = (await onboard(world(), state))["alice"]!;
      const session = { litellm_session_id: "task-1" };
      world().bedrock.script(profileOf(department, "light"), [
        { text: text.answer, input, outputTokens: 20 },
        { text: text.answer, input, outputTokens: 20 },
        { failure: { error: "ValidationException", message: `Malformed: ${text.fault}` } },
      ]);
      const statuses: number[] = [];
      for (const stream of [false, true, false]) {
        const answer = await ask({ key, stream, content: text.prompt, more: { tools, ...session } });
        statuses.push(answer.status);
      }
      assert.deepEqual(statuses, [200, 200, 400]);
      const seen = await until(
        () => {
          const spans = handedOn(department);
          return { names: spans.map(({ name, status }) => `${name} ${status.code}`), spans };
        },
        ({ spans }) => chats(spans).length === 2 && spans.some(({ status }) => status.code === 2),
        20_000,
      );
      return seen.spans;
    }
    /** The spans of calls of a model that answered. */
    const chats = (spans: readonly ReceivedSpan[]) =>
      spans.filter(
        ({ name, attributes }) => name.startsWith("chat ") && Number(attributes["litellm.cost.total"] ?? 0) > 0,
      );

    for (const keepPromptText of [false, true]) {
      it(`says who, which model, how much and what it cost, and ${keepPromptText ? "with" : "without"} the text`, async () => {
        const department = keepPromptText ? "traced-text" : "traced";
        const spans = await traced(department);
        for (const { attributes } of chats(spans)) {
          for (const [name, value] of [
            ["litellm.team.id", department],
            ["user.id", "alice"],
            ["litellm.metadata.user_api_key_user_id", "alice"],
            ["session.id", "task-1"],
            ["gen_ai.request.model", "light"],
            ["gen_ai.usage.output_tokens", 20],
            ["gen_ai.usage.cache_read.input_tokens", 200],
          ] as const) {
            assert.equal(attributes[name], value, name);
          }
          assertUsd(attributes["litellm.cost.total"] as number, usdOf("light", input, 20), "litellm.cost.total");
          const details = JSON.parse(attributes["langfuse.observation.cost_details"] as string) as { total: number };
          assertUsd(details.total, usdOf("light", input, 20), "Langfuse's cost");
        }
        assert.deepEqual(
          spans.map(({ name }) => name).filter((name) => /^(redis|postgres)/.test(name)),
          [],
        );
        const all = JSON.stringify(spans);
        const found = Object.values(text).filter((word) => all.includes(word));
        assert.deepEqual(found, keepPromptText ? Object.values(text) : []);
      });
    }

    it("goes to nobody else's project", async () => {
      await Promise.all([traced("traced-one"), traced("traced-other")]);
      for (const [department, other] of [
        ["traced-one", "traced-other"],
        ["traced-other", "traced-one"],
      ] as const) {
        assert.ok(!JSON.stringify(handedOn(department)).includes(other));
      }
    });

    it("is not written by whoever names a department in a header, with a key or with none", async () => {
      const key = (await onboard(world(), departmentState("traced-liar", { mallory: {} })))["mallory"]!;
      const headers = { baggage: "litellm.team.id=traced-victim,langfuse.trace.metadata.team_id=traced-victim" };
      // Often enough for every worker to have had one.
      const statuses = await Promise.all(
        Array.from({ length: 20 }, async (_, at) => (await ask({ key: at % 2 ? key : "sk-nobody", headers })).status),
      );
      assert.deepEqual([...new Set(statuses)], [400], "the header is refused before the key is looked at");
      // Without the header, the key's own call leaves a span.
      assert.equal((await ask({ key })).status, 200);
      // Spans are sent every five seconds.
      await sleep(10_000);
      const spans = world().otlp.spans.map((span) => JSON.stringify(span));
      assert.ok(
        spans.some((span) => span.includes("traced-liar")),
        "no span came at all",
      );
      assert.deepEqual(
        spans.filter((span) => span.includes("traced-victim")),
        [],
      );
    });
  });

  describe("in reports", () => {
    const department = "reported";
    const days = () => [new Date(Date.now() - 86_400_000), new Date()].map((day) => day.toISOString().slice(0, 10));
    /** What each developer asks of each model: calls, with tokens of its own so that no two sums are alike. */
    const asked = [
      { developer: "a", tier: "light", calls: 2, tokens: 1000 },
      { developer: "a", tier: "standard", calls: 1, tokens: 2000 },
      { developer: "b", tier: "light", calls: 3, tokens: 3000 },
      { developer: "b", tier: "strong", calls: 1, tokens: 4000 },
    ] as const;

    it("is booked on the developer, whatever keys they had, the model and the department", async () => {
      const keys: Record<string, string> = {
        ...(await onboard(world(), departmentState(department, { a: {}, b: { models: ["light", "strong"] } }))),
      };
      const { bedrock } = world();
      const [first] = days() as [string, string];
      const wanted = new Map<string, number>();
      const add = (developer: string, tier: ModelTier, usd: number) =>
        wanted.set(`${developer} ${tier}`, (wanted.get(`${developer} ${tier}`) ?? 0) + usd);
      for (const { developer, tier, calls, tokens } of asked) {
        const input = { inputTokens: tokens, cacheReadInputTokens: tokens / 10 };
        bedrock.script(
          profileOf(department, tier),
          Array.from({ length: calls }, () => ({ input, outputTokens: 30 })),
        );
        for (let call = 0; call < calls; call++) {
          assert.equal((await ask({ key: keys[developer]!, model: tier })).status, 200);
          add(developer, tier, usdOf(tier, input, 30));
        }
      }
      // The first key of `a` is gone after two rotations; what it used is still theirs.
      const secret = new KeySecret(world(), department, "a");
      for (let rotation = 0; rotation < 2; rotation++) keys["a"] = await secret.rotate();
      bedrock.script(profileOf(department, "light"), [{ input: { inputTokens: 500 }, outputTokens: 10 }]);
      assert.equal((await ask({ key: keys["a"]! })).status, 200);
      add("a", "light", usdOf("light", { inputTokens: 500 }, 10));

      const rowsNow = async (): Promise<readonly UsageRow[]> => {
        const page = (await world().litellm().teamActivity(department, first, days()[1]!, 1)) as ActivityPage;
        assert.ok((page.metadata.total_pages ?? 1) <= 1);
        return planRows(department, [page]);
      };
      const total = (rows: readonly UsageRow[]) => rows.reduce((sum, { requests }) => sum + requests, 0);
      const rows = await until(rowsNow, (found) => total(found) === 8);
      const found = new Map<string, number>();
      for (const row of rows) {
        assert.equal(row.department, department);
        const key = `${row.developer} ${row.model}`;
        found.set(key, (found.get(key) ?? 0) + row.spendUsd);
      }
      assert.deepEqual([...found.keys()].sort(), [...wanted.keys()].sort());
      for (const [key, usd] of wanted) assertUsd(found.get(key)!, usd, key);
      const light = rows.filter(({ developer, model }) => developer === "b" && model === "light");
      assert.deepEqual(
        light.map(({ requests, failedRequests, inputTokens, outputTokens, cacheReadTokens }) => [
          requests,
          failedRequests,
          inputTokens,
          outputTokens,
          cacheReadTokens,
        ]),
        [[3, 0, 3 * 3300, 90, 900]],
      );
    });

    it("is compared with the department's budget as LiteLLM counts it", async () => {
      const usd = spendOf(world(), department).reduce((sum, row) => sum + row.usd, 0);
      assert.ok(usd > 0);
      const percent = (100 * usd) / 100;
      await until(
        async () => {
          const teams = await world().litellm().teams();
          const metrics = planSpendMetrics(teams, { name: "example", budgetUsd: 1000 });
          const valueOf = (metric: string, name: string, value: string) =>
            metrics.find(
              ({ MetricName, Dimensions }) =>
                MetricName === metric && Dimensions?.[0]?.Name === name && Dimensions[0].Value === value,
            )?.Value;
          return {
            spend: valueOf("SpendUsd", "Department", department),
            percent: valueOf("BudgetUsedPercent", "Department", department),
            whole: valueOf("SpendUsd", "Organization", "example"),
            sum: teams.reduce((sum, { spend }) => sum + (spend ?? 0), 0),
          };
        },
        (seen) =>
          Math.abs((seen.spend ?? 0) - usd) < 1e-9 &&
          Math.abs((seen.percent ?? 0) - percent) < 1e-9 &&
          seen.whole === seen.sum,
      );
    });

    it("is reported and measured by the functions as they are deployed", async () => {
      const s3 = new S3Client({ forcePathStyle: true });
      const Bucket = "gateway-tests-reports";
      const CreateBucketConfiguration = { LocationConstraint: "ap-northeast-1" } as const;
      await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
      Object.assign(process.env, { REPORT_BUCKET: Bucket, ORGANIZATION_BUDGET_USD: "1000" });
      const { today, departments } = await usageReport().handler();
      assert.equal((await spendCheck().handler()).departments, departments);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: `departments/${department}/${today}.csv` }));
      const [head, ...lines] = (await Body!.transformToString()).trim().split("\r\n");
      assert.match(head!, /^date,department,developer,model,spendUsd,requests/);
      assert.deepEqual(
        [...new Set(lines.map((line) => line.split(",").slice(1, 4).join(" ")))].sort(),
        asked.map(({ developer, tier }) => `${department} ${developer} ${tier}`).sort(),
      );
    });

    it("has failures of a model in it, at no cost", async () => {
      const name = "reported-failures";
      const keys = await onboard(world(), departmentState(name, { a: { models: ["strong"] } }));
      world().bedrock.plan(profileOf(name, "strong"), { failure: { error: "AccessDeniedException" } });
      assert.notEqual((await ask({ key: keys["a"]!, model: "strong" })).status, 200);
      const [from, today] = days() as [string, string];
      const rows = await until(
        async () => planRows(name, [(await world().litellm().teamActivity(name, from, today, 1)) as ActivityPage]),
        (found) => found.length > 0,
      );
      assert.ok(rows.every(({ developer, model }) => developer === "a" && modelTiers.includes(model as ModelTier)));
      assert.ok(rows.every(({ spendUsd, failedRequests }) => spendUsd === 0 && failedRequests > 0));
    });
  });
});
