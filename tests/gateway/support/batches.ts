import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { contextOf } from "../../../components/context-of";
import { batchModels } from "../../../components/gateway/batch";
import { batchRoleArn } from "../../../components/gateway/batch-policies";
import type { BatchLedger } from "../../../functions/shared/batch-ledger";
import { batchBucketPurpose, batchKeys, names } from "../../../config";
import { ApiModel } from "../stand-ins/api-model";
import { BatchJobs, type Files } from "../stand-ins/batch-jobs";
import { batchRunner } from "./functions";
import type { World } from "./world";

/** Batches as a developer, Bedrock and the batch runner's clock see them: the bucket on moto's server, and a stand-in for Bedrock's jobs. */
export class Batches {
  readonly bedrock: BatchJobs;
  private readonly bucket: string;

  constructor(private readonly world: World) {
    const { spec, organization } = world;
    this.bucket = names(organization).bucket(spec.stack, batchBucketPurpose, spec.accountId, "tests");
    const keyOf = (uri: string) => uri.slice(`s3://${this.bucket}/`.length);
    const files: Files = {
      read: (uri) => this.read(keyOf(uri)),
      write: (uri, text) => this.put(keyOf(uri), text),
    };
    this.bedrock = new BatchJobs(files, ApiModel.load("bedrock"));
  }

  async start(): Promise<this> {
    const { s3, spec } = this.world;
    const where = { LocationConstraint: "ap-northeast-1" } as const;
    await s3.send(new CreateBucketCommand({ Bucket: this.bucket, CreateBucketConfiguration: where }));
    await this.bedrock.start();
    Object.assign(process.env, {
      STACK: spec.stack,
      BATCH_BUCKET: this.bucket,
      BATCH_ROLE: batchRoleArn(contextOf(spec)),
      DATA_KEY: "arn:aws:kms:ap-northeast-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef",
      MODELS: JSON.stringify(batchModels(contextOf(spec), spec.platform)),
      AWS_ENDPOINT_URL_BEDROCK: this.bedrock.url,
    });
    return this;
  }

  stop(): Promise<void> {
    return this.bedrock.stop();
  }

  async put(Key: string, Body: string): Promise<void> {
    await this.world.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key, Body }));
  }

  async read(Key: string): Promise<string> {
    const { Body } = await this.world.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key }));
    return Body!.transformToString();
  }

  /** Sends a request file as a developer's workspace does. */
  send(department: string, developer: string, name: string, lines: readonly object[]): Promise<void> {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    return this.put(`${batchKeys.requestsOf(department, developer)}${name}`, text);
  }

  /** What the developer finds, as JSON lines; a status is the one line of its file. */
  async answers(department: string, developer: string, name: string): Promise<readonly Record<string, unknown>[]> {
    const text = await this.read(`${batchKeys.answersOf(department, developer)}${name}`);
    const lines = name.endsWith(".jsonl") ? text.split("\n").filter((line) => line !== "") : [text];
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  async ledger(department: string): Promise<BatchLedger> {
    const { s3, plan } = this.world;
    const { Body } = await s3.send(
      new GetObjectCommand({ Bucket: plan.configBucket, Key: batchKeys.ledgerOf(department) }),
    );
    return JSON.parse(await Body!.transformToString()) as BatchLedger;
  }

  /** A run of the batch runner whose clock is so many minutes ahead: a reservation has to rest before its job starts. */
  async run(minutesAhead = 0): Promise<void> {
    const { now } = Date;
    Date.now = () => now() + minutesAhead * 60_000;
    try {
      await batchRunner().handler();
    } finally {
      Date.now = now;
    }
  }
}
