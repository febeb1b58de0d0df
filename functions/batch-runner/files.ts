import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { awsClient } from "../shared/aws";
import { setting } from "../shared/environment";
import type { ListedObject } from "./plan";

const s3 = awsClient(new S3Client({}));
const bucket = () => setting("BATCH_BUCKET");

/** Everything below a prefix of the batch bucket. */
export async function listFiles(prefix: string): Promise<ListedObject[]> {
  const found: ListedObject[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket(), Prefix: prefix })) {
    for (const { Key: key, ETag: version, Size: bytes = 0, LastModified: sentAt } of Contents) {
      if (key !== undefined && version !== undefined && sentAt !== undefined)
        found.push({ key, version, bytes, sentAt });
    }
  }
  return found;
}

/** A file's text. With `version`, of that upload only. @throws Error when there is no such file. */
export async function readFile(key: string, version?: string): Promise<string> {
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket: bucket(), Key: key, ...(version !== undefined && { IfMatch: version }) }),
  );
  return (await Body?.transformToString("utf8")) ?? "";
}

/** A file's lines, one at a time: answers are larger than what asked for them. */
export async function* readLines(key: string): AsyncGenerator<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket(), Key: key }));
  for await (const line of createInterface({ input: Body as Readable, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== "") yield line;
  }
}

/** Writes a file; its encryption is the bucket's. */
export async function writeFile(key: string, text: string, type = "application/jsonl"): Promise<void> {
  // As bytes: the SDK sends no length with an empty text.
  await s3.send(new PutObjectCommand({ Bucket: bucket(), Key: key, Body: Buffer.from(text), ContentType: type }));
}

/** Removes a request. */
export async function removeFile(key: string): Promise<void> {
  await s3.send(new DeleteObjectCommand({ Bucket: bucket(), Key: key }));
}
