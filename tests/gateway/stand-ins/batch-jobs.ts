import type { CreateModelInvocationJobRequest, ModelInvocationJobStatus } from "@aws-sdk/client-bedrock";
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { usageOf, write } from "./answer";
import type { ApiModel } from "./api-model";
import { charactersOf, fault, tokens, type ConverseBody } from "./converse";
import { Loopback } from "./loopback";

/** Where input is read and output written, by S3 URI. */
export interface Files {
  /** @throws Error when there is no such file. */
  read(uri: string): Promise<string>;
  write(uri: string, text: string): Promise<void>;
}

/** A job as it was asked for, and how far it is. */
export interface Job {
  readonly jobArn: string;
  readonly asked: CreateModelInvocationJobRequest;
  readonly submitTime: string;
  status: ModelInvocationJobStatus;
  message?: string;
  /** Lines of output so far. */
  readonly output: OutputLine[];
}

interface OutputLine {
  readonly recordId: string;
  readonly modelInput: ConverseBody;
  readonly modelOutput?: { readonly usage: { readonly inputTokens: number; readonly outputTokens: number } };
  readonly error?: { readonly errorCode: number; readonly errorMessage: string };
}

class Refused extends Error {
  constructor(
    readonly error: "ConflictException" | "ResourceNotFoundException" | "ValidationException",
    message: string,
  ) {
    super(message);
  }
}

const ended: readonly string[] = ["Completed", "Failed", "Stopped"];
/** Bedrock's least for a job. */
const leastRecords = 100;

/**
 * Bedrock's batch jobs on the loopback, in AWS's wire format: create, get, list, stop. Requests are held against AWS's own API model. A job does
 * nothing until a test lets it {@link work}; then it reads its records, answers each as Converse does, and writes output and manifest.
 *
 * Limits: no signatures, roles, keys, models or quotas; Converse jobs on one file only; a list has one page; jobs are never scheduled and never
 * expire. That a name in use is a conflict is how the functions read AWS's documentation; it was not seen on AWS.
 */
export class BatchJobs extends Loopback {
  readonly jobs: Job[] = [];

  constructor(
    private readonly files: Files,
    private readonly model: ApiModel,
  ) {
    super();
  }

  /** Takes every open job further, by so many records at most; ends those that are done or were to stop. */
  async work(records = Infinity): Promise<void> {
    for (const job of this.jobs) if (!ended.includes(job.status)) await this.#work(job, records);
  }

  async #work(job: Job, most: number): Promise<void> {
    try {
      const records = await this.#records(job);
      const stopping = job.status === "Stopping";
      if (!stopping) job.output.push(...records.slice(job.output.length).slice(0, most).map(lineOf));
      const done = job.output.length === records.length;
      if ((stopping || done) && job.output.length > 0) await this.#write(job, records.length);
      job.status = stopping ? "Stopped" : done ? "Completed" : "InProgress";
    } catch (error) {
      job.status = "Failed";
      job.message = (error as Error).message;
    }
  }

  async #records({ asked }: Job): Promise<InputLine[]> {
    const text = await this.files.read(asked.inputDataConfig!.s3InputDataConfig!.s3Uri!);
    const records = text.trimEnd().split("\n");
    if (records.length < leastRecords)
      throw new Error(`Input has ${records.length} records; at least ${leastRecords} are needed.`);
    return records.map((line) => JSON.parse(line) as InputLine);
  }

  async #write({ jobArn, asked, output }: Job, totalRecordCount: number): Promise<void> {
    const { s3Uri } = asked.outputDataConfig!.s3OutputDataConfig!;
    const place = `${s3Uri!.replace(/\/$/, "")}/${jobArn.split("/").at(-1)!}`;
    const file = asked.inputDataConfig!.s3InputDataConfig!.s3Uri!.split("/").at(-1)!;
    const sum = (part: "inputTokens" | "outputTokens") =>
      output.reduce((total, { modelOutput }) => total + (modelOutput?.usage[part] ?? 0), 0);
    const successRecordCount = output.filter(({ modelOutput }) => modelOutput !== undefined).length;
    const manifest = {
      totalRecordCount,
      processedRecordCount: output.length,
      successRecordCount,
      errorRecordCount: output.length - successRecordCount,
      inputTokenCount: sum("inputTokens"),
      outputTokenCount: sum("outputTokens"),
    };
    await this.files.write(`${place}/${file}.out`, output.map((line) => `${JSON.stringify(line)}\n`).join(""));
    await this.files.write(`${place}/manifest.json.out`, JSON.stringify(manifest));
  }

  protected answerTo({ method, url = "" }: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const [, collection, identifier, action] = pathname.split("/").map(decodeURIComponent);
    const route = [method, collection, identifier && "one", action].filter((part) => part !== undefined).join(" ");
    const answer = (): object => {
      switch (route) {
        case "POST model-invocation-job":
          return this.#create(JSON.parse(body.toString()) as CreateModelInvocationJobRequest);
        case "GET model-invocation-job one":
          return seen(this.#job(identifier!));
        case "POST model-invocation-job one stop":
          return this.#end(this.#job(identifier!));
        case "GET model-invocation-jobs":
          return { invocationJobSummaries: this.#list(searchParams) };
        default:
          throw new Refused("ResourceNotFoundException", `The stand-in has no ${route}.`);
      }
    };
    const reply = (status: number, headers: Record<string, string>, content: object): void => {
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(content));
    };
    try {
      reply(200, {}, answer());
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const status = error.error === "ResourceNotFoundException" ? 404 : 400;
      reply(status, { "x-amzn-errortype": error.error }, { message: error.message });
    }
  }

  #create(asked: CreateModelInvocationJobRequest): { readonly jobArn: string } {
    const wrong = this.model.fault("CreateModelInvocationJob", asked);
    if (wrong !== undefined) throw new Refused("ValidationException", wrong);
    const again = this.jobs.find((job) => job.asked.clientRequestToken === asked.clientRequestToken);
    if (asked.clientRequestToken !== undefined && again) return { jobArn: again.jobArn };
    if (this.jobs.some((job) => job.asked.jobName === asked.jobName))
      throw new Refused("ConflictException", `The job name ${asked.jobName} is already in use.`);
    const id = randomBytes(6).toString("hex");
    const jobArn = `arn:aws:bedrock:ap-northeast-1:111122223333:model-invocation-job/${id}`;
    this.jobs.push({ jobArn, asked, submitTime: new Date().toISOString(), status: "Submitted", output: [] });
    return { jobArn };
  }

  #job(identifier: string): Job {
    const found = this.jobs.find(({ jobArn }) => jobArn === identifier || jobArn.endsWith(`/${identifier}`));
    if (!found) throw new Refused("ResourceNotFoundException", `No job ${identifier}.`);
    return found;
  }

  #end(job: Job): object {
    if (ended.includes(job.status)) throw new Refused("ConflictException", `The job is ${job.status} already.`);
    job.status = "Stopping";
    return {};
  }

  #list(query: URLSearchParams): object[] {
    const [status, part] = [query.get("statusEquals"), query.get("nameContains") ?? ""];
    return this.jobs
      .filter((job) => (status === null || job.status === status) && job.asked.jobName!.includes(part))
      .map(seen);
  }
}

interface InputLine {
  readonly recordId: string;
  readonly modelInput: ConverseBody;
}

/** A record's answer, as Converse gives it; where Converse would refuse, its error. */
function lineOf({ recordId, modelInput }: InputLine): OutputLine {
  const wrong = fault(modelInput);
  if (wrong !== undefined) return { recordId, modelInput, error: { errorCode: 400, errorMessage: wrong } };
  const blocks = [...(modelInput.system ?? []), ...modelInput.messages.flatMap(({ content }) => content)];
  const inputTokens = tokens(blocks.reduce((sum, block) => sum + charactersOf(block), 0));
  const { content, outputTokens, stopReason } = write({}, modelInput);
  const usage = usageOf({ inputTokens, cacheReadInputTokens: 0, cacheWriteInputTokens: 0 }, outputTokens);
  const modelOutput = { output: { message: { role: "assistant", content } }, stopReason, usage };
  return { recordId, modelInput, modelOutput };
}

/** A job as `GetModelInvocationJob` and the list show it. */
function seen({ jobArn, asked, submitTime, status, message, output }: Job): object {
  const { tags: _, ...kept } = asked;
  return { jobArn, ...kept, status, message, submitTime, processedRecordCount: output.length };
}
