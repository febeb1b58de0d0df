import assert from "node:assert/strict";
import {
  BedrockClient,
  CreateModelInvocationJobCommand,
  GetModelInvocationJobCommand,
  ListModelInvocationJobsCommand,
  StopModelInvocationJobCommand,
  type CreateModelInvocationJobRequest,
} from "@aws-sdk/client-bedrock";
import { ApiModel } from "./api-model";
import { BatchJobs } from "./batch-jobs";

describe("the stand-in for Bedrock's batch jobs, called by the AWS SDK", () => {
  const files = new Map<string, string>();
  const uri = "s3://files/jobs/a/";
  let jobs: BatchJobs;
  let client: BedrockClient;

  before(async () => {
    const read = (name: string) => {
      const text = files.get(name);
      return text === undefined ? Promise.reject(new Error(`no ${name}`)) : Promise.resolve(text);
    };
    const write = (name: string, text: string) => Promise.resolve(void files.set(name, text));
    jobs = await new BatchJobs({ read, write }, ApiModel.load("bedrock")).start();
    const credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "example" };
    client = new BedrockClient({ endpoint: jobs.url, region: "ap-northeast-1", credentials, maxAttempts: 1 });
  });
  after(async () => {
    client.destroy();
    await jobs.stop();
  });
  beforeEach(() => {
    jobs.jobs.length = 0;
    files.clear();
    files.set(`${uri}input.jsonl`, records(100));
  });

  const records = (count: number, text = "Hello") =>
    Array.from({ length: count }, (_, n) =>
      JSON.stringify({ recordId: String(n), modelInput: { messages: [{ role: "user", content: [{ text }] }] } }),
    ).join("\n");
  const asked: CreateModelInvocationJobRequest = {
    jobName: "example.engineering.a",
    clientRequestToken: "a",
    roleArn: "arn:aws:iam::111122223333:role/batch",
    modelId: "jp.anthropic.claude-haiku-4-5-20251001-v1:0",
    inputDataConfig: { s3InputDataConfig: { s3Uri: `${uri}input.jsonl`, s3InputFormat: "JSONL" } },
    outputDataConfig: { s3OutputDataConfig: { s3Uri: `${uri}output/` } },
    timeoutDurationInHours: 48,
    tags: [{ key: "Department", value: "engineering" }],
  };
  const create = async (over: Partial<CreateModelInvocationJobRequest> = {}) =>
    (await client.send(new CreateModelInvocationJobCommand({ ...asked, ...over }))).jobArn!;
  const get = (jobIdentifier: string) => client.send(new GetModelInvocationJobCommand({ jobIdentifier }));
  const stop = (jobIdentifier: string) => client.send(new StopModelInvocationJobCommand({ jobIdentifier }));
  const output = (jobArn: string, name: string) => files.get(`${uri}output/${jobArn.split("/").at(-1)!}/${name}`)!;

  it("answers every record, and says in the manifest how many and with how many tokens", async () => {
    const arn = await create();
    await jobs.work(60);
    const { status, processedRecordCount, submitTime, jobName } = await get(arn);
    assert.deepEqual([status, processedRecordCount, jobName], ["InProgress", 60, asked.jobName]);
    assert.ok(submitTime instanceof Date);
    assert.equal(output(arn, "manifest.json.out"), undefined);
    await jobs.work();
    assert.equal((await get(arn)).status, "Completed");
    const lines = output(arn, "input.jsonl.out").trimEnd().split("\n");
    assert.equal(lines.length, 100);
    const { recordId, modelOutput } = JSON.parse(lines[7]!) as {
      recordId: string;
      modelOutput: { output: { message: { content: { text: string }[] } }; usage: { inputTokens: number } };
    };
    assert.deepEqual([recordId, modelOutput.output.message.content.length, modelOutput.usage.inputTokens], ["7", 1, 2]);
    const manifest = JSON.parse(output(arn, "manifest.json.out")) as Record<string, number>;
    assert.deepEqual(
      [manifest["totalRecordCount"], manifest["successRecordCount"], manifest["inputTokenCount"]],
      [100, 100, 200],
    );
  });

  it("gives a record that Converse would refuse its error", async () => {
    files.set(`${uri}input.jsonl`, records(100, " "));
    const arn = await create();
    await jobs.work();
    assert.match(output(arn, "input.jsonl.out"), /"error":\{"errorCode":400,"errorMessage":"The text field/);
    assert.equal((JSON.parse(output(arn, "manifest.json.out")) as Record<string, number>)["errorRecordCount"], 100);
  });

  it("stops with what was answered by then, and not again", async () => {
    const arn = await create();
    await jobs.work(30);
    await stop(arn);
    assert.equal((await get(arn)).status, "Stopping");
    await jobs.work();
    assert.equal((await get(arn)).status, "Stopped");
    assert.equal(output(arn, "input.jsonl.out").trimEnd().split("\n").length, 30);
    await assert.rejects(stop(arn), { name: "ConflictException" });
  });

  it("gives the same token the same job, and another the name once only", async () => {
    const arn = await create();
    assert.equal(await create(), arn);
    await assert.rejects(create({ clientRequestToken: "b" }), { name: "ConflictException" });
    const other = await create({ clientRequestToken: "b", jobName: "example.data.b" });
    const named = async (nameContains: string, statusEquals?: "Stopping") => {
      const found = await client.send(new ListModelInvocationJobsCommand({ nameContains, statusEquals }));
      return found.invocationJobSummaries!.map(({ jobArn }) => jobArn);
    };
    assert.deepEqual(await named("example."), [arn, other]);
    assert.deepEqual(await named("example.data"), [other]);
    await stop(other);
    assert.deepEqual(await named("example.", "Stopping"), [other]);
  });

  it("fails a job with too few records or without input", async () => {
    files.set(`${uri}input.jsonl`, records(99));
    const arn = await create();
    const lost = await create({
      clientRequestToken: "b",
      jobName: "b",
      inputDataConfig: { s3InputDataConfig: { s3Uri: `${uri}other.jsonl` } },
    });
    await jobs.work();
    const [few, none] = [await get(arn), await get(lost)];
    assert.deepEqual([few.status, none.status], ["Failed", "Failed"]);
    assert.match(few.message!, /at least 100/);
  });

  it("refuses what AWS's API model refuses, and jobs that it does not have", async () => {
    const attempts: [Partial<CreateModelInvocationJobRequest>, RegExp][] = [
      [{ jobName: "x".repeat(64) }, /at 'jobName'.*length from 1 to 63/],
      [{ jobName: "no spaces" }, /at 'jobName'.*regular expression/],
      [{ timeoutDurationInHours: 12 }, /at 'timeoutDurationInHours'.*from 24 to 168/],
      [{ roleArn: "batch" }, /at 'roleArn'/],
      [{ tags: [{ key: "Who", value: "<me>" }] }, /at 'tags\.1\.member\.value'/],
      [{ inputDataConfig: { s3InputDataConfig: { s3Uri: "https://files/input" } } }, /at 'inputDataConfig/],
      [{ modelInvocationType: "Chat" as "Converse" }, /enum value set: \[InvokeModel, Converse\]/],
      [{ modelId: undefined }, /at 'modelId' failed.*must not be null/],
    ];
    for (const [over, words] of attempts)
      await assert.rejects(create(over), (error: Error) => {
        assert.equal(error.name, "ValidationException");
        assert.match(error.message, words);
        return true;
      });
    await assert.rejects(get("arn:aws:bedrock:ap-northeast-1:111122223333:model-invocation-job/none"), {
      name: "ResourceNotFoundException",
    });
    assert.equal(jobs.jobs.length, 0);
  });
});
