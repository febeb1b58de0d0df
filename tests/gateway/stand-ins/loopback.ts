import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** PEM of a certificate for `localhost`, and of its key. */
export interface Identity {
  readonly certificate: string;
  readonly privateKey: string;
}

/** What the stand-ins are: an HTTP server on a free loopback port that keeps connections. */
export abstract class Loopback {
  #server: Server | undefined;
  #url = "";
  /** TLS connections that a client broke off, because it does not trust the certificate. */
  distrusted = 0;

  /** Answers a request whose body has come whole. */
  protected abstract answerTo(request: IncomingMessage, response: ServerResponse, body: Buffer): void;

  /** Without path; empty until it is started. */
  get url(): string {
    return this.#url;
  }

  /** @param identity the server then speaks TLS only. */
  async start(identity?: Identity): Promise<this> {
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => this.answerTo(request, response, Buffer.concat(chunks)));
    };
    const server = identity
      ? createTlsServer({ cert: identity.certificate, key: identity.privateKey }, answer)
      : createServer(answer);
    server.on("tlsClientError", () => (this.distrusted += 1));
    // A pooled connection that the server closes looks like a fault of the service to the caller.
    server.keepAliveTimeout = 600_000;
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    this.#server = server;
    const port = String((server.address() as AddressInfo).port);
    this.#url = identity ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
    return this;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((ended) => server.close(ended));
  }
}
