import { readFileSync } from "node:fs";
import { Agent, createServer, request as httpsRequest, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { listenerRules, noSuchRoute } from "../../../components/gateway/listeners";
import { idleSeconds } from "../../../components/gateway/load-balancer";
import type { GatewayExtra, GatewayListener } from "../../../config";
import type { Certificates } from "../support/certificates";

/** What an Application Load Balancer adds to each request ("Request tracing", "HTTP headers and Application Load Balancers"). */
const added = {
  "x-amzn-trace-id": "Root=1-67891233-abcdef012345678912345678",
  "x-forwarded-for": "10.64.0.9",
  "x-forwarded-port": "443",
  "x-forwarded-proto": "https",
};

type PerListener<T> = Readonly<Record<GatewayListener, T>>;

/**
 * The internal load balancer as far as clients notice it: TLS under its own name, the deployed rules of its two listeners, the target with the
 * fewest requests outstanding, targets' certificates not verified, targets out of service left out. It checks no health by itself and keeps no
 * idle times. It admits every caller to both listeners: security groups are AWS's.
 */
export class LoadBalancer {
  /** Requests outstanding, by a target's port for the API. */
  private readonly outstanding = new Map<number, { readonly ports: PerListener<number>; requests: number }>();
  private readonly agent = new Agent({ keepAlive: true, rejectUnauthorized: false, maxSockets: Infinity });
  private readonly servers: PerListener<Server>;

  constructor(certificates: Certificates, extras: readonly GatewayExtra[]) {
    const tls = { cert: readFileSync(certificates.certificate), key: readFileSync(certificates.key) };
    const listen = (listener: GatewayListener) => {
      const forwards = rulesOf(listener, extras);
      // The load balancer keeps a connection for this long; Node would close it after 5 s, under a request that a busy client has just sent.
      return createServer({ ...tls, keepAliveTimeout: 1000 * idleSeconds }, (request, response) => {
        const path = (request.url ?? "").split("?")[0] ?? "";
        if (forwards(request.method ?? "", path)) {
          this.forward(listener, request, response);
          return;
        }
        request.resume();
        response.writeHead(Number(noSuchRoute.statusCode), { "content-type": noSuchRoute.contentType });
        response.end(noSuchRoute.messageBody);
      });
    };
    this.servers = { api: listen("api"), management: listen("management") };
  }

  private forward(listener: GatewayListener, request: IncomingMessage, response: ServerResponse): void {
    const target = [...this.outstanding.values()].sort((a, b) => a.requests - b.requests)[0];
    if (target === undefined) {
      response.writeHead(503).end();
      return;
    }
    target.requests++;
    response.once("close", () => target.requests--);
    const { method, url: path } = request;
    const headers = { ...request.headers, ...added };
    const forwarded = httpsRequest(
      { host: "127.0.0.1", port: target.ports[listener], method, path, headers, agent: this.agent },
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
  }

  /** URLs of the listeners, without path. */
  async start(): Promise<PerListener<string>> {
    const [api, management] = [await open(this.servers.api), await open(this.servers.management)];
    return { api, management };
  }

  register(ports: PerListener<number>): void {
    this.outstanding.set(ports.api, { ports, requests: 0 });
  }

  deregister({ api }: PerListener<number>): void {
    this.outstanding.delete(api);
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    for (const server of Object.values(this.servers)) {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  }
}

async function open(server: Server): Promise<string> {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

/** Whether a listener's rules forward a request. Patterns match the raw path with case; `*` is any characters. */
function rulesOf(
  listener: GatewayListener,
  extras: readonly GatewayExtra[],
): (method: string, path: string) => boolean {
  const rules = listenerRules(listener, extras).map(({ method, pathPattern }) => {
    const literal = pathPattern.split("*").map((part) => part.replaceAll(/[.?+^$()[\]{}|\\]/g, "\\$&"));
    return { method, pattern: new RegExp(`^${literal.join(".*")}$`) };
  });
  return (method, path) => rules.some((rule) => rule.method === method && rule.pattern.test(path));
}
