import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { GenerateDataKeyWithoutPlaintextCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { awsClient } from "../../../functions/shared/aws";
import { root } from "../../support/project";

const key = "arn:aws:kms:ap-northeast-1:111122223333:key/1234";
const who = "User: arn:aws:sts::111122223333:assumed-role/example-platform-certificate/run";
const kmsDenial = (action: string) =>
  `${who} is not authorized to perform: ${action} on resource: ${key} because no identity-based policy allows the ${action} action`;
const json = (code: string, message: string) => JSON.stringify({ __type: code, message });
const xml = (code: string, message: string) => `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;

describe("AWS clients of functions", () => {
  let server: Server;
  let common: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  let calls: number;
  /** Body and status of a call, from 1. */
  let answer: (call: number) => readonly [status: number, body: string];
  let pauses: number[];
  const pause = (ms: number): Promise<void> => {
    pauses.push(ms);
    return Promise.resolve();
  };

  before(async () => {
    server = createServer((request, response) => {
      request.resume().on("end", () => {
        const [status, body] = answer(++calls);
        response.writeHead(status, { "content-type": body.startsWith("<") ? "application/xml" : "application/json" });
        response.end(body);
      });
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    common = {
      endpoint: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
      region: "ap-northeast-1",
      credentials: { accessKeyId: "id", secretAccessKey: "secret" },
    };
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    delete process.env["KEY_WAIT_SECONDS"];
  });
  beforeEach(() => {
    [calls, pauses] = [0, []];
    process.env["KEY_WAIT_SECONDS"] = "360";
  });

  const sends = {
    kms: () =>
      awsClient(new KMSClient(common), pause).send(
        new GenerateDataKeyWithoutPlaintextCommand({ KeyId: key, KeySpec: "AES_256" }),
      ),
    secrets: () =>
      awsClient(new SecretsManagerClient(common), pause).send(new GetSecretValueCommand({ SecretId: "s" })),
    s3: () =>
      awsClient(new S3Client({ ...common, forcePathStyle: true }), pause).send(
        new GetObjectCommand({ Bucket: "b", Key: "k" }),
      ),
  };

  for (const [from, send, denial] of [
    ["KMS", sends.kms, json("AccessDeniedException", kmsDenial("kms:GenerateDataKeyWithoutPlaintext"))],
    ["Secrets Manager", sends.secrets, json("AccessDeniedException", "Access to KMS is not allowed")],
    [
      "KMS, which does not say whether the key exists",
      sends.secrets,
      json(
        "AccessDeniedException",
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.",
      ),
    ],
    ["S3", sends.s3, xml("AccessDenied", kmsDenial("kms:Decrypt"))],
    ["a service with a code of its own", sends.secrets, json("KMSAccessDeniedException", "no access")],
  ] as const) {
    it(`wait for a key that ${from} denies, until its alias acts`, async () => {
      answer = (call) => (call <= 4 ? [400, denial] : [200, denial.startsWith("<") ? "" : "{}"]);
      await send();
      assert.equal(calls, 5);
      assert.deepEqual(pauses, [5000, 5000, 5000, 5000]);
    });
  }

  it("end with KMS's denial after six minutes, and at once where the function has no time", async () => {
    answer = () => [400, json("AccessDeniedException", "Access to KMS is not allowed")];
    await assert.rejects(sends.secrets(), { name: "AccessDeniedException", message: "Access to KMS is not allowed" });
    assert.equal(pauses.length * 5, 360);
    for (const seconds of ["0", undefined]) {
      [calls, pauses] = [0, []];
      if (seconds === undefined) delete process.env["KEY_WAIT_SECONDS"];
      else process.env["KEY_WAIT_SECONDS"] = seconds;
      await assert.rejects(sends.secrets());
      assert.deepEqual([calls, pauses], [1, []]);
    }
  });

  for (const [what, send, denial] of [
    ["another action", sends.secrets, `${who} is not authorized to perform: secretsmanager:GetSecretValue`],
    ["an object", sends.s3, "Access Denied"],
    [
      "a key by an explicit deny",
      sends.kms,
      `${kmsDenial("kms:Sign")} with an explicit deny in a service control policy`,
    ],
  ] as const) {
    it(`never repeat a call that is denied ${what}`, async () => {
      answer = () =>
        send === sends.s3 ? [403, xml("AccessDenied", denial)] : [400, json("AccessDeniedException", denial)];
      await assert.rejects(send(), /AccessDenied/);
      assert.deepEqual([calls, pauses], [1, []]);
    });
  }

  it("are all made with the wait", () => {
    const bare = readdirSync(path.join(root, "functions"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.startsWith("dist"))
      .flatMap((file) =>
        readFileSync(path.join(root, "functions", file), "utf8")
          .split("\n")
          .filter((line) => /new [A-Z]\w+Client\(/.test(line) && !/awsClient\(new /.test(line))
          .map((line) => `functions/${file}: ${line.trim()}`),
      );
    assert.deepEqual(bare, []);
  });
});
