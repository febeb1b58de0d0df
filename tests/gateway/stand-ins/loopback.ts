import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers a request whose body has come whole. */
type Handle = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

/** An HTTP server on a free loopback port: what the stand-ins answer with. */
export class Loopback {
  #server: Server | undefined;
  #url = "";

  constructor(private readonly handle: Handle) {}

  /** Without path; empty until it is started. */
  get url(): string {
    return this.#url;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => this.handle(request, response, Buffer.concat(chunks)));
    });
    // A pooled connection that the server closes looks like a fault of the service to the caller.
    server.keepAliveTimeout = 600_000;
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    this.#server = server;
    this.#url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((ended) => server.close(ended));
  }
}
