import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the stand-ins are: an HTTP server on a free loopback port that keeps connections. */
export abstract class Loopback {
  #server: Server | undefined;
  #url = "";

  /** Answers a request whose body has come whole. */
  protected abstract answerTo(request: IncomingMessage, response: ServerResponse, body: Buffer): void;

  /** Without path; empty until it is started. */
  get url(): string {
    return this.#url;
  }

  async start(): Promise<this> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => this.answerTo(request, response, Buffer.concat(chunks)));
    });
    // A pooled connection that the server closes looks like a fault of the service to the caller.
    server.keepAliveTimeout = 600_000;
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    this.#server = server;
    this.#url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    return this;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((ended) => server.close(ended));
  }
}
