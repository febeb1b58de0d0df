import assert from "node:assert/strict";
import { BedrockClient } from "@aws-sdk/client-bedrock";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { handler } from "../../../functions/batch-runner/handler";
import type { BatchLedger } from "../../../functions/shared/batch-ledger";
import { planKey, planMember, planTeam } from "../../../functions/shared/entitlements";
import { stateKeys } from "../../../config";
import { awsError, fakeAws, type AwsAnswers } from "../../support/aws-calls";
import { declaredDepartment, declaredPlatform } from "../../support/declared";
import { FakeS3 } from "../../support/fake-s3";
import { FakeLiteLLM } from "../../support/litellm";
import { models, requestFile } from "./requests";

const state = declaredDepartment();
const platform = declaredPlatform();
const today = "2026-11-22";
const mine = (name: string) => `requests/engineering/suzuki/${name}`;
const answer = (name: string) => `answers/engineering/suzuki/${name}`;

interface Job {
  status: string;
  message?: string;
  processedRecordCount?: number;
  readonly input: Record<string, unknown>;
}

describe("batch-runner", () => {
  const gateway = new FakeLiteLLM();
  const clock = Date.now;
  let s3: FakeS3;
  let jobs: Map<string, Job>;
  let fake: ReturnType<typeof fakeAws> | undefined;
  let bedrock: AwsAnswers;
  let minutes = 0;

  before(() => gateway.start());
  after(() => gateway.stop());

  beforeEach(async () => {
    Object.assign(process.env, {
      ORGANIZATION: "example",
      STACK: "platform",
      GATEWAY_MANAGEMENT_URL: gateway.url,
      GATEWAY_CA: "",
      MASTER_KEY_SECRET_NAME: "master",
      STATE_BUCKET: "books",
      BATCH_BUCKET: "files",
      BATCH_ROLE: "arn:aws:iam::111122223333:role/cline/example-platform-bedrock-batch",
      DATA_KEY: "arn:aws:kms:ap-northeast-1:111122223333:key/1",
      MODELS: JSON.stringify(models),
    });
    minutes = 0;
    const start = Date.parse(`${today}T10:00:00Z`);
    Date.now = () => start + minutes * 60_000;
    s3 = new FakeS3();
    s3.put("books", stateKeys.platform, JSON.stringify(platform));
    s3.put("books", stateKeys.department("engineering"), JSON.stringify(state));
    gateway.teams.clear();
    gateway.members.clear();
    gateway.keys.clear();
    const master = gateway.client();
    await master.createTeam(planTeam(platform, state, today));
    for (const developer of state.developers) {
      await master.addMember(planMember(platform, state, developer, today));
      await master.createKey(planKey(platform, state, developer, today, `v-${developer.id}`));
    }
    jobs = new Map();
    bedrock = {
      CreateModelInvocationJob: (input) => {
        const jobArn = `arn:${String(input.clientRequestToken)}`;
        if (!jobs.has(jobArn)) jobs.set(jobArn, { status: "Submitted", input });
        return { jobArn };
      },
      GetModelInvocationJob: ({ jobIdentifier }) => jobs.get(String(jobIdentifier)),
      StopModelInvocationJob: ({ jobIdentifier }) => {
        jobs.get(String(jobIdentifier))!.status = "Stopping";
        return {};
      },
    };
  });
  afterEach(() => {
    fake?.restore();
    Date.now = clock;
  });

  /** Runs the function once, `after` minutes later. */
  async function run(after = 5): Promise<void> {
    minutes += after;
    fake?.restore();
    fake = fakeAws([S3Client, BedrockClient, SecretsManagerClient], {
      ...s3.answers,
      ...bedrock,
      GetSecretValue: () => ({ SecretString: gateway.master }),
    });
    await handler();
  }
  const ledger = () => JSON.parse(s3.text("books", "state/batch/engineering.json")!) as BatchLedger;
  const status = (name: string) =>
    JSON.parse(s3.text("files", answer(`${name}.status.json`))!) as Record<string, unknown>;
  const team = () =>
    gateway.teams.get("engineering")! as unknown as { max_budget: number; spend?: number; blocked: boolean };
  const suzuki = () => gateway.members.get("engineering")!.get("suzuki")!;
  const memberBudget = () => suzuki().litellm_budget_table["max_budget"] as number;
  const onlyJob = () => {
    assert.equal(jobs.size, 1);
    return [...jobs.values()][0]!;
  };
  /** Bedrock has answered every record with ten tokens in and twenty out. */
  function complete(records: number): void {
    const [job] = ledger().jobs.filter((each) => each.state !== "ended");
    const output = Array.from({ length: records }, (_, index) =>
      JSON.stringify({
        recordId: String(index).padStart(11, "0"),
        modelInput: {},
        modelOutput: {
          output: { message: { role: "assistant", content: [{ text: `answer ${String(index)}` }] } },
          stopReason: "end_turn",
          usage: { inputTokens: 10, outputTokens: 20 },
        },
      }),
    ).join("\n");
    s3.put("files", `jobs/${job!.id}/output/abc/input.jsonl.out`, `${output}\n`);
    const counts = { inputTokenCount: 10 * records, outputTokenCount: 20 * records, successRecordCount: records };
    s3.put("files", `jobs/${job!.id}/output/abc/manifest.json.out`, JSON.stringify(counts));
    onlyJob().status = "Completed";
  }

  it("reserves, starts, follows and books a batch, and the gateway's budgets follow", async () => {
    s3.put("files", mine("a.jsonl"), requestFile(100, { max_tokens: 38_400 }));
    await run();
    const [reserved] = ledger().jobs;
    const usd = reserved!.reservedUsd;
    assert.ok(usd > 10 && usd < 11, String(usd));
    assert.equal(jobs.size, 0, "nothing runs before its cost is out of the gateway's reach");
    assert.equal(team().max_budget, Math.floor((3000 - usd) * 100) / 100);
    assert.equal(memberBudget(), Math.floor((300 - usd) * 100) / 100);
    assert.equal(status("a").state, "reserved");
    assert.deepEqual(s3.keys("files", "requests/"), []);

    await run();
    const { input } = onlyJob();
    assert.equal(input.jobName, `example.engineering.${reserved!.id}`);
    assert.match(input.jobName, /^[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9+\-.]){0,63}$/);
    assert.equal(input.modelId, models.light.profileArn);
    assert.equal(input.modelInvocationType, "Converse");
    const place = `s3://files/jobs/${reserved!.id}/`;
    assert.deepEqual(input.inputDataConfig, {
      s3InputDataConfig: { s3Uri: `${place}input.jsonl`, s3InputFormat: "JSONL" },
    });
    const tags = Object.fromEntries(
      (input.tags as { key: string; value: string }[]).map(({ key, value }) => [key, value]),
    );
    assert.equal(tags["Department"], "engineering");
    assert.equal(tags["ModelSpend"], "engineering");
    assert.equal(tags["ModelSpendOrganization"], "example");
    assert.equal(tags["CostCenter"], "CC-1042");
    assert.equal(status("a").state, "running");

    complete(100);
    await run();
    const [ended] = ledger().jobs;
    assert.equal(ended!.costUsd!.toFixed(5), ((1000 * 0.55 + 2000 * 2.75) / 1e6).toFixed(5));
    assert.deepEqual([ended!.outcome, ended!.succeeded], ["Completed", 100]);
    assert.equal(team().max_budget, 2999.99);
    assert.equal(memberBudget(), 299.99);
    const answers = s3.text("files", answer("a.answers.jsonl"))!.trim().split("\n");
    assert.equal(answers.length, 100);
    assert.match(answers[7]!, /"custom_id":"r7".*"content":"answer 7"/);
    assert.equal(s3.text("files", answer("a.errors.jsonl")), "");
    assert.equal(status("a").state, "ended");
  });

  it("changes nothing when nothing has happened", async () => {
    s3.put("files", mine("a.jsonl"), requestFile(100));
    await run();
    await run();
    const before = gateway.calls.length;
    await run();
    assert.deepEqual(
      fake!.calls.filter(({ name }) => /^(Put|Delete|Create|Stop)/.test(name)),
      [],
    );
    assert.deepEqual(
      gateway.calls.slice(before).filter((call) => call.startsWith("POST")),
      [],
    );
  });

  it("refuses what exceeds share or department, with the numbers, and takes nothing from the budgets", async () => {
    team().spend = 2995;
    s3.put("files", mine("a.jsonl"), requestFile(100, { max_tokens: 38_400 }));
    await run();
    assert.match(
      JSON.stringify(status("a").faults),
      /the department's budget.*of 3000\.00 USD this month 2995\.00 are spent/,
    );
    suzuki().spend = 295;
    team().spend = 295;
    s3.put("files", mine("b.jsonl"), requestFile(100, { max_tokens: 38_400 }));
    await run();
    assert.match(JSON.stringify(status("b").faults), /your share.*of 300\.00 USD this month 295\.00 are spent/);
    assert.equal(team().max_budget, 3000);
    assert.equal(s3.text("books", "state/batch/engineering.json"), undefined);
    assert.deepEqual(s3.keys("files", "requests/"), []);
  });

  it("looks at the budgets again before it starts: what was spent meanwhile counts", async () => {
    s3.put("files", mine("a.jsonl"), requestFile(100, { max_tokens: 38_400 }));
    await run();
    suzuki().spend = 299;
    await run();
    assert.equal(jobs.size, 0);
    assert.equal(status("a").state, "refused");
    assert.deepEqual(ledger().jobs, []);
    assert.equal(memberBudget(), 300);
  });

  it("refuses a sender who is blocked, a file too large, and a file at fault, and says each to the sender", async () => {
    s3.put("files", mine("a.jsonl"), requestFile(99));
    s3.put("files", "requests/engineering/nobody/a.jsonl", requestFile(100));
    await run();
    assert.match(JSON.stringify(status("a").faults), /found 99 records/);
    assert.deepEqual(s3.keys("files"), [answer("a.status.json")], "a sender whom nobody declares is told nothing");
    for (const key of gateway.keys.values()) Object.assign(key, { blocked: true });
    s3.put("files", mine("b.jsonl"), requestFile(100));
    await run();
    assert.match(JSON.stringify(status("b").faults), /no virtual key that works/);
  });

  it("refuses a department that the default guardrail serves, and stops what runs when it gets one", async () => {
    s3.put("files", mine("a.jsonl"), requestFile(100));
    await run();
    await run();
    assert.equal(onlyJob().status, "Submitted");
    const guardrails = { default: { id: "gr1", version: 1 } };
    s3.put("books", stateKeys.platform, JSON.stringify({ ...platform, guardrails }));
    s3.put("files", mine("b.jsonl"), requestFile(100));
    await run();
    assert.equal(onlyJob().status, "Stopping");
    assert.match(JSON.stringify(status("b").faults), /engineering has a guardrail, which Bedrock applies to no batch/);
  });

  it("stops what runs when its sender is blocked, the department is closed, or nobody declares them any more", async () => {
    const ways: readonly (() => void)[] = [
      () => [...gateway.keys.values()].forEach((key) => Object.assign(key, { blocked: true })),
      () => (team().blocked = true),
      () => s3.objects.delete(`books/${stateKeys.department("engineering")}`),
    ];
    for (const [at, block] of ways.entries()) {
      jobs.clear();
      s3.objects.delete("books/state/batch/engineering.json");
      s3.put("books", stateKeys.department("engineering"), JSON.stringify(state));
      team().blocked = false;
      for (const key of gateway.keys.values()) Object.assign(key, { blocked: false });
      s3.put("files", mine(`w${String(at)}.jsonl`), requestFile(100));
      await run();
      await run();
      assert.equal(onlyJob().status, "Submitted");
      block();
      await run();
      assert.equal(onlyJob().status, "Stopping", String(at));
      assert.equal(ledger().jobs[0]!.state, "stopping");
      onlyJob().status = "Stopped";
      onlyJob().processedRecordCount = 0;
      await run();
      assert.deepEqual([ledger().jobs[0]!.state, ledger().jobs[0]!.costUsd], ["ended", 0]);
    }
  });

  it("stops a batch that its own sender wants stopped, also one that is only reserved, and nobody else's", async () => {
    s3.put("files", mine("a.jsonl"), requestFile(100));
    await run();
    s3.put("files", mine("a.stop"), "");
    s3.put("files", "requests/engineering/tanaka/a.stop", "");
    await run();
    assert.equal(onlyJob().status, "Stopping");
    assert.equal(ledger().jobs[0]!.stopReason, "asked for by its developer");
    assert.deepEqual(s3.keys("files", "requests/"), []);
  });

  it("takes up what a run that was cut off had begun, and starts no job twice", async () => {
    s3.put("files", mine("a.jsonl"), requestFile(100));
    await run();
    // Cut off after Bedrock has started the job, before that is written down.
    const { CreateModelInvocationJob } = bedrock;
    bedrock = {
      ...bedrock,
      CreateModelInvocationJob: (input, before) => {
        CreateModelInvocationJob!(input, before);
        throw awsError("TimeoutError");
      },
    };
    await assert.rejects(run(), /TimeoutError/);
    assert.equal(ledger().jobs[0]!.state, "reserved");
    bedrock = { ...bedrock, CreateModelInvocationJob: CreateModelInvocationJob! };
    await run();
    onlyJob();
    assert.equal(ledger().jobs[0]!.state, "running");
  });

  it("finds its own job where Bedrock says that it exists", async () => {
    s3.put("files", mine("a.jsonl"), requestFile(100));
    await run();
    const jobName = `example.engineering.${ledger().jobs[0]!.id}`;
    bedrock = {
      ...bedrock,
      CreateModelInvocationJob: () => {
        throw awsError("ConflictException");
      },
      ListModelInvocationJobs: () => ({
        invocationJobSummaries: [{ jobName: `${jobName}x` }, { jobName, jobArn: "arn:it" }],
      }),
    };
    await run();
    assert.equal(ledger().jobs[0]!.jobArn, "arn:it");
  });

  it("keeps a reservation while Bedrock is busy, and gives it back when Bedrock refuses, as the budget stop makes it", async () => {
    s3.put("files", mine("a.jsonl"), requestFile(100, { max_tokens: 38_400 }));
    await run();
    const refuse = (name: string) => {
      bedrock = {
        ...bedrock,
        CreateModelInvocationJob: () => {
          throw awsError(name);
        },
      };
    };
    refuse("ServiceQuotaExceededException");
    await run();
    assert.equal(ledger().jobs[0]!.state, "reserved");
    refuse("AccessDeniedException");
    await run();
    assert.deepEqual(ledger().jobs, []);
    assert.match(JSON.stringify(status("a").faults), /Bedrock refused the batch \(AccessDeniedException\)/);
    assert.equal(team().max_budget, 3000);
  });

  it("lets one department's fault hold up nobody else, and does not hide it", async () => {
    s3.put("files", mine("a.jsonl"), requestFile(100));
    s3.put(
      "books",
      "state/batch/broken.json",
      '{"version":1,"department":"broken","jobs":[{"id":"x","state":"running","jobArn":"arn:gone","developer":"d"}]}',
    );
    bedrock = {
      ...bedrock,
      StopModelInvocationJob: () => {
        throw awsError("ResourceNotFoundException");
      },
      GetModelInvocationJob: () => {
        throw awsError("ResourceNotFoundException");
      },
    };
    await assert.rejects(run(), /broken: ResourceNotFoundException\nx: ResourceNotFoundException/);
    assert.equal(ledger().jobs[0]!.state, "reserved");
  });

  it("forgets no reservation to another run that wrote at the same time", async () => {
    s3.put("files", mine("a.jsonl"), requestFile(100));
    const put = s3.answers["PutObject"]!;
    let raced = false;
    const answers = {
      PutObject: (input: Record<string, unknown>, before: number) => {
        if (!raced && String(input.Key).startsWith("state/batch/")) {
          raced = true;
          s3.put("books", String(input.Key), '{"version":1,"department":"engineering","jobs":[]}');
        }
        return put(input, before);
      },
    };
    bedrock = { ...bedrock, ...answers };
    await assert.rejects(run(), /PreconditionFailed/);
    assert.deepEqual(s3.keys("files", "requests/"), [mine("a.jsonl")]);
    await run();
    assert.equal(ledger().jobs[0]!.state, "reserved");
  });
});
