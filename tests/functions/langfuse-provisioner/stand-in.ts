import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Issued } from "../../../functions/certificate/issue";

/** Langfuse as far as the provisioner uses it: what a start with LANGFUSE_INIT_* makes, keys, and NextAuth's sign-in. */
export class LangfuseStandIn {
  /** Public and secret key by project. */
  readonly keys = new Map<string, string>();
  /** Password by e-mail address. */
  readonly users = new Map<string, string>();
  /** Owners by organization. */
  readonly owners = new Map<string, Set<string>>();
  readonly #server: Server;

  constructor({ certificate, privateKey }: Issued) {
    this.#server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
      void this.#answer(request).then(([status, body, cookies = []]) => {
        response.writeHead(status, { "content-type": "application/json", "set-cookie": cookies });
        response.end(JSON.stringify(body));
      });
    });
  }

  /** Listens on the loopback. Resolves with the base URL. */
  open(): Promise<string> {
    return new Promise((resolve) =>
      this.#server.listen(0, "127.0.0.1", () =>
        resolve(`https://localhost:${String((this.#server.address() as AddressInfo).port)}`),
      ),
    );
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** What web/src/initialize.ts of Langfuse 4 does at a start: it makes what is missing, and changes no password. */
  start(env: Readonly<Record<string, string>>): void {
    const of = (name: string) => env[`LANGFUSE_INIT_${name}`];
    const organization = of("ORG_ID");
    if (organization === undefined) return;
    const owners = this.owners.get(organization) ?? new Set<string>();
    this.owners.set(organization, owners);
    const [project, publicKey, secretKey] = [of("PROJECT_ID"), of("PROJECT_PUBLIC_KEY"), of("PROJECT_SECRET_KEY")];
    if (project && publicKey && secretKey) this.keys.set(project, `${publicKey}:${secretKey}`);
    const [email, password] = [of("USER_EMAIL")?.toLowerCase(), of("USER_PASSWORD")];
    if (!email || !password) return;
    if (!this.users.has(email)) this.users.set(email, password);
    owners.add(email);
  }

  async #answer(request: IncomingMessage): Promise<readonly [status: number, body: unknown, cookies?: string[]]> {
    const body = await text(request);
    const { pathname } = new URL(request.url ?? "", "https://localhost");
    if (pathname === "/api/public/projects") {
      const given = Buffer.from(String(request.headers.authorization).slice("Basic ".length), "base64").toString();
      return [[...this.keys.values()].includes(given) ? 200 : 401, {}];
    }
    if (pathname === "/api/auth/csrf") {
      const token = randomUUID();
      const cookies = [`next-auth.csrf-token=${token}%7Chash; Path=/; HttpOnly`, "next-auth.callback-url=x; Path=/"];
      return [200, { csrfToken: token }, cookies];
    }
    if (pathname === "/api/auth/callback/credentials" && request.method === "POST") {
      const { csrfToken = "", email = "", password, json } = JSON.parse(body) as Readonly<Record<string, string>>;
      // NextAuth sends a stale token to its form, with 200, and answers by a redirection where no JSON is asked for.
      if (!request.headers.cookie?.includes(`csrf-token=${csrfToken}%7C`)) return [200, { url: "/api/auth/signin" }];
      if (json !== "true") return [302, {}];
      if (this.users.get(email.toLowerCase()) !== password) return [401, { url: "/api/auth/error" }];
      return [200, { url: "/" }, ["next-auth.session-token=eyJ; Path=/; HttpOnly"]];
    }
    return [404, {}];
  }
}
