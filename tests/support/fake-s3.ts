import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { awsError, type AwsAnswers } from "./aws-calls";

interface StoredObject {
  readonly text: string;
  readonly version: string;
  readonly modified: Date;
}

/** Objects in memory, with S3's conditional reads and writes: answers for `fakeAws`. */
export class FakeS3 {
  readonly objects = new Map<string, StoredObject>();

  put(bucket: string, key: string, text: string, modified = new Date()): void {
    const version = `"${createHash("md5").update(text).update(modified.toISOString()).digest("hex")}"`;
    this.objects.set(`${bucket}/${key}`, { text, version, modified });
  }

  text(bucket: string, key: string): string | undefined {
    return this.objects.get(`${bucket}/${key}`)?.text;
  }

  keys(bucket: string, prefix = ""): string[] {
    const whole = `${bucket}/${prefix}`;
    return [...this.objects.keys()]
      .filter((key) => key.startsWith(whole))
      .map((key) => key.slice(bucket.length + 1))
      .sort();
  }

  readonly answers: AwsAnswers = {
    ListObjectsV2: ({ Bucket, Prefix }) => ({
      Contents: this.keys(String(Bucket), String(Prefix)).map((Key) => {
        const { text, version, modified } = this.objects.get(`${String(Bucket)}/${Key}`)!;
        return { Key, ETag: version, Size: Buffer.byteLength(text), LastModified: modified };
      }),
    }),
    GetObject: ({ Bucket, Key, IfMatch }) => {
      const found = this.objects.get(`${String(Bucket)}/${String(Key)}`);
      if (!found) throw awsError("NoSuchKey");
      if (IfMatch !== undefined && IfMatch !== found.version) throw awsError("PreconditionFailed");
      const Body = Object.assign(Readable.from([Buffer.from(found.text)]), {
        transformToString: () => Promise.resolve(found.text),
      });
      return { Body, ETag: found.version };
    },
    PutObject: ({ Bucket, Key, Body, IfMatch, IfNoneMatch }) => {
      const present = this.objects.get(`${String(Bucket)}/${String(Key)}`);
      if (IfNoneMatch === "*" && present) throw awsError("PreconditionFailed");
      if (IfMatch !== undefined && IfMatch !== present?.version) throw awsError("PreconditionFailed");
      this.put(String(Bucket), String(Key), String(Body));
      return { ETag: this.objects.get(`${String(Bucket)}/${String(Key)}`)!.version };
    },
    DeleteObject: ({ Bucket, Key }) => {
      this.objects.delete(`${String(Bucket)}/${String(Key)}`);
      return {};
    },
  };
}
