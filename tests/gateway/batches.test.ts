import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { BatchJob, BatchLedger } from "../../functions/shared/batch-ledger";
import { batchKeys, batchPriceFactor, planModel } from "../../config";
import type { Job } from "./stand-ins/batch-jobs";
import { Batches } from "./support/batches";
import { useClient } from "./support/client";
import { departmentState, onboard } from "./support/departments";
import { askKeyAdmin } from "./support/functions";
import { world } from "./support/hooks";

describe("batches", () => {
  const client = useClient(world);
  let batches: Batches;

  before(async () => {
    batches = await new Batches(world()).start();
  });
  after(() => batches.stop());

  /** A request file of 100 lines. */
  const lines = (body: Readonly<Record<string, unknown>> = {}) =>
    Array.from({ length: 100 }, (_, n) => {
      const messages = [{ role: "user", content: `Translate sentence ${n}.` }];
      return { custom_id: `sentence-${n}`, body: { model: "light", messages, max_tokens: 1000, ...body } };
    });
  const status = async (department: string, developer: string, name: string) =>
    (await batches.answers(department, developer, `${name}.status.json`))[0]!;
  const jobsOf = (department: string) =>
    batches.bedrock.jobs.filter(({ asked }) => asked.jobName!.split(".")[1] === department);
  const tagOf = ({ asked }: Job, tag: string) => asked.tags!.find(({ key }) => key === tag)?.value;
  /** Budgets that LiteLLM keeps to: the department's and a developer's. */
  const budgets = async (department: string, developer: string) => {
    const { team, members } = (await world().litellm().team(department))!;
    const member = members.find(({ user_id }) => user_id === developer);
    return [team.max_budget, member?.litellm_budget_table?.max_budget];
  };
  const cents = (usd: number) => Math.floor(usd * 100 + 1e-6) / 100;

  it("goes from a developer's file to answers: reserved, started once, followed, delivered and booked", async () => {
    const department = "translators";
    await onboard(world(), departmentState(department, { anna: {}, bert: {} }, { monthlyBudgetUsd: 10 }));
    await batches.send(department, "anna", "book.jsonl", lines());
    await batches.run();
    const [reserved] = (await batches.ledger(department)).jobs;
    const { reservedUsd } = reserved!;
    assert.equal((await status(department, "anna", "book"))["state"], "reserved");
    assert.deepEqual(await budgets(department, "anna"), [cents(10 - reservedUsd), cents(5 - reservedUsd)]);
    assert.deepEqual(jobsOf(department), [], "a job before its cost is out of the budgets");

    await batches.run(2);
    // A run that was cut off after it had started the job knows of the reservation only.
    const begun = await batches.ledger(department);
    await world().putState(batchKeys.ledgerOf(department), { ...begun, jobs: [reserved!] } satisfies BatchLedger);
    await batches.run(2);
    const [job, ...more] = jobsOf(department);
    assert.deepEqual(more, []);
    const tags = ["Department", "Developer", "CostCenter"].map((key) => tagOf(job!, key));
    assert.deepEqual(tags, [department, "anna", "CC-1042"]);
    assert.equal(job!.asked.outputDataConfig?.s3OutputDataConfig?.s3EncryptionKeyId, process.env["DATA_KEY"]);

    await batches.bedrock.work(40);
    await batches.run();
    assert.equal((await status(department, "anna", "book"))["state"], "running");
    await batches.bedrock.work();
    await batches.run();
    const { state, costUsd, inputTokens, outputTokens } = (await batches.ledger(department)).jobs[0]!;
    assert.equal(state, "ended");
    const { price } = planModel(world().spec.platform, "light");
    const exact = ((inputTokens! * price.input + outputTokens! * price.output) / 1e6) * batchPriceFactor;
    assert.ok(Math.abs(costUsd! - exact) < 1e-12 && costUsd! > 0, `booked ${costUsd}, at Bedrock's prices ${exact}`);
    assert.deepEqual(await budgets(department, "anna"), [cents(10 - costUsd!), cents(5 - costUsd!)]);
    const answers = await batches.answers(department, "anna", "book.answers.jsonl");
    assert.deepEqual(
      answers.map((answer) => answer["custom_id"]),
      lines().map((line) => line.custom_id),
    );
    assert.deepEqual(await batches.answers(department, "anna", "book.errors.jsonl"), []);
    console.info(`      reserved $${reservedUsd.toFixed(4)}, booked $${costUsd!.toFixed(4)}`);
  });

  it("ends a job whose developer a lead blocks, and delivers and books what was answered by then", async () => {
    const department = "blockers";
    await onboard(world(), departmentState(department, { anna: {}, bert: {} }));
    for (const person of ["anna", "bert"]) await batches.send(department, person, "notes.jsonl", lines());
    await batches.run();
    await batches.run(2);
    await batches.bedrock.work(30);
    await askKeyAdmin(department, "block", "anna");
    await batches.run();
    assert.deepEqual(
      jobsOf(department).map((job) => [tagOf(job, "Developer"), job.status]),
      [
        ["anna", "Stopping"],
        ["bert", "InProgress"],
      ],
    );
    await batches.bedrock.work(30);
    await batches.run();
    const [annas, berts] = (await batches.ledger(department)).jobs as [BatchJob, BatchJob];
    assert.deepEqual([annas.state, annas.succeeded, berts.state], ["ended", 30, "running"]);
    assert.ok(annas.costUsd! > 0 && annas.costUsd! < annas.reservedUsd / 3);
    assert.match(annas.stopReason!, /no virtual key that works/);
    assert.equal((await batches.answers(department, "anna", "notes.answers.jsonl")).length, 30);
    const errors = await batches.answers(department, "anna", "notes.errors.jsonl");
    assert.equal(errors.length, 70);
    assert.match(JSON.stringify(errors[0]), /"custom_id":"sentence-30".*not_processed/);
  });

  it("starts nothing beyond a share or outside a model list, and says so to the developer", async () => {
    const department = "refused";
    const people = { anna: { monthlyBudgetUsd: 0.1 }, bert: { models: ["light" as const] } };
    await onboard(world(), departmentState(department, people));
    await batches.send(department, "anna", "large.jsonl", lines());
    await batches.send(department, "bert", "strong.jsonl", lines({ model: "strong" }));
    await batches.send(department, "bert", "endpoint.jsonl", lines({ api_base: "https://elsewhere.example.com" }));
    await batches.run();
    await batches.run(2);
    assert.deepEqual(jobsOf(department), []);
    const faults = async (developer: string, name: string) => {
      const { state, faults } = await status(department, developer, name);
      return `${String(state)}: ${(faults as string[]).join("; ")}`;
    };
    assert.match(
      await faults("anna", "large"),
      /^refused: your share: the batch can cost up to 0\.2\d USD; of 0\.10 USD/,
    );
    assert.match(await faults("bert", "strong"), /^refused: body\.model: found strong; allowed light/);
    assert.match(await faults("bert", "endpoint"), /^refused: line 1\.body: found api_base; allowed model, messages/);
  });

  it("stop the chats of a developer while they take the whole share, and let them go on once they are booked", async () => {
    const department = "batching";
    const keys = await onboard(world(), departmentState(department, { anna: {}, bert: {} }, { monthlyBudgetUsd: 2 }));
    const chats = async () => {
      await sleep(6000);
      const statuses = ["anna", "bert"].map(async (person) => (await client.chat({ key: keys[person]! })).status);
      return Promise.all(statuses);
    };
    assert.deepEqual(await chats(), [200, 200]);
    // $.996 of anna's dollar; her first chat has cost less than the rest.
    await batches.send(department, "anna", "most.jsonl", lines({ max_tokens: 3580 }));
    await batches.run();
    assert.deepEqual(await chats(), [422, 200]);
    await batches.run(2);
    await batches.bedrock.work();
    await batches.run();
    assert.deepEqual(await chats(), [200, 200]);
  });
});
