import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** KMS as Pulumi's secrets provider uses it: Encrypt and Decrypt of one key. No encryption: its account is this test. */
export class KmsServer {
  private constructor(
    private readonly server: Server,
    /** Operations asked for, e.g. `Encrypt`. */
    readonly calls: string[],
  ) {}

  static async start(): Promise<KmsServer> {
    const calls: string[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
        const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, string>;
        const KeyId = "arn:aws:kms:ap-northeast-1:111122223333:key/0eaaf796-ceb9-42de-854b-6d334ef51fa5";
        const turned = Buffer.from(body["Plaintext"] ?? body["CiphertextBlob"] ?? "", "base64")
          .reverse()
          .toString("base64");
        calls.push(operation);
        response.setHeader("content-type", "application/x-amz-json-1.1");
        response.end(JSON.stringify({ KeyId, [operation === "Encrypt" ? "CiphertextBlob" : "Plaintext"]: turned }));
      });
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return new KmsServer(server, calls);
  }

  /** Environment under which Pulumi finds it. */
  get env(): Readonly<Record<string, string>> {
    const { port } = this.server.address() as AddressInfo;
    return {
      AWS_ENDPOINT_URL_KMS: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "engine",
      AWS_SECRET_ACCESS_KEY: "engine",
      AWS_REGION: "ap-northeast-1",
    };
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
