import { readFileSync } from "node:fs";
import { Agent, createServer, request as httpsRequest, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Certificates } from "../support/certificates";

/**
 * The internal load balancer as far as clients notice it: TLS under its own name, the target with the fewest requests outstanding, targets'
 * certificates not verified, targets out of service left out. It checks no health by itself and keeps no idle times.
 */
export class LoadBalancer {
  private readonly outstanding = new Map<number, number>();
  private readonly agent = new Agent({ keepAlive: true, rejectUnauthorized: false, maxSockets: Infinity });
  private readonly server: Server;

  constructor(certificates: Certificates) {
    const tls = { cert: readFileSync(certificates.certificate), key: readFileSync(certificates.key) };
    this.server = createServer(tls, (request, response) => {
      const port = [...this.outstanding].sort(([, a], [, b]) => a - b)[0]?.[0];
      if (port === undefined) return response.writeHead(503).end();
      this.count(port, 1);
      response.once("close", () => this.count(port, -1));
      const { method, url: path, headers } = request;
      const forwarded = httpsRequest(
        { host: "127.0.0.1", port, method, path, headers, agent: this.agent },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
          answer.once("error", () => response.destroy());
        },
      );
      forwarded.once("error", ({ message }) => {
        if (response.headersSent) return response.destroy();
        // Says what it was, for a test that did not expect it.
        response.writeHead(502).end(`${message}, on a ${forwarded.reusedSocket ? "kept" : "new"} connection`);
      });
      response.once("close", () => forwarded.destroy());
      request.pipe(forwarded);
    });
  }

  private count(port: number, by: number): void {
    const found = this.outstanding.get(port);
    if (found !== undefined) this.outstanding.set(port, found + by);
  }

  /** URL without path. */
  async start(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, "127.0.0.1", listening));
    return `https://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  register(port: number): void {
    this.outstanding.set(port, 0);
  }

  deregister(port: number): void {
    this.outstanding.delete(port);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.agent.destroy();
    await new Promise((closed) => this.server.close(closed));
  }
}
