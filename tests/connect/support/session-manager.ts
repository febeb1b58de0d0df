import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { Agent, type Machine } from "./agent";
import { planSession, type SessionDocument } from "./document";
import { Websocket } from "./websocket";

/** A call of the API, as the service saw it. */
export interface ApiCall {
  readonly action: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Access key that signed it. */
  readonly keyId: string | undefined;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

const ok = (body: object): Answer => ({ status: 200, body });
const refusal = (code: string, message: string): Answer => ({ status: 400, body: { __type: code, message } });

/** A session: the agent, and the token that opens its channel once. */
export interface Session {
  readonly id: string;
  readonly agent: Agent;
  token: string | undefined;
  /** Sockets so far; the first begins the session. */
  sockets: number;
  /** The service no longer knows it: it timed out, or was ended by a call. */
  gone?: "timed out" | "call";
}

/**
 * A stand-in of Session Manager on loopback, for AWS's own command line and plugin: its API, KMS's data
 * keys for it, the message gateway's websocket and an agent. It checks a request's date, the tokens,
 * the documents' parameters and the messages' digests. It checks no signature and no policy, holds
 * nobody back, encrypts only with its own data keys and speaks without TLS.
 */
export class SessionManager {
  readonly calls: ApiCall[] = [];
  readonly sessions: Session[] = [];
  /** Every token that it gave out. */
  readonly tokens: string[] = [];
  /** Refusals of the next calls, by action: code and message. */
  readonly refusals: Record<string, [string, string][]> = {};
  /** What happens on the person's machine while the service makes a session. */
  meanwhile: (port: number) => Promise<void> = () => Promise.resolve();
  /** The agent is connected to the service. */
  connected = true;
  /** The agent never answers: the channel opens, and nothing comes. */
  silent = false;
  /** The service's clock is ahead of this machine's by so many minutes. */
  minutesAhead = 0;
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  private constructor(
    private readonly documents: Readonly<Record<string, SessionDocument>>,
    private readonly machine: Machine,
  ) {
    this.#server.on("upgrade", (request: IncomingMessage, socket: Duplex) => this.#upgrade(request, socket));
  }

  static async start(documents: Readonly<Record<string, SessionDocument>>, machine: Machine): Promise<SessionManager> {
    const service = new SessionManager(documents, machine);
    await new Promise<void>((resolve) => service.#server.listen(0, "127.0.0.1", resolve));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  actions(): string[] {
    return this.calls.map(({ action }) => action);
  }

  /** Breaks off every session's websocket. */
  drop(): void {
    for (const { agent } of this.sessions) agent.channel.drop();
  }

  stop(): void {
    this.drop();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString();
    const keyId = /Credential=([^/]+)/.exec(request.headers.authorization ?? "")?.[1];
    const action = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    const body = JSON.parse(text || "{}") as Record<string, unknown>;
    this.calls.push({ action, body, keyId });
    const { localPortNumber } = (body["Parameters"] ?? {}) as Record<string, string[] | undefined>;
    if (localPortNumber) await this.meanwhile(Number(localPortNumber[0]));
    const [code, message] = this.refusals[action]?.shift() ?? [];
    const { status, body: answer } =
      this.#skew(String(request.headers["x-amz-date"])) ??
      (code === undefined ? this.#act(action, body) : refusal(code, message ?? ""));
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(answer));
  }

  /** AWS takes requests of five minutes around its own time. */
  #skew(date: string): Answer | undefined {
    const [now, sent] = [
      Date.now() + this.minutesAhead * 60_000,
      date.replace(/(....)(..)(...)(..)(..)/, "$1-$2-$3$4:$5:"),
    ];
    if (Math.abs(now - Date.parse(sent)) < 5 * 60_000) return undefined;
    const own = new Date(now).toISOString().replace(/[-:]|\.\d+/g, "");
    return refusal(
      "InvalidSignatureException",
      `Signature expired: ${date} is now earlier than ${own} (${own} - 5 min.)`,
    );
  }

  #act(action: string, body: Readonly<Record<string, unknown>>): Answer {
    const id = String(body["SessionId"]);
    const session = this.sessions.find((each) => each.id === id);
    switch (action) {
      case "StartSession":
        return this.#start(body);
      case "GetConnectionStatus":
        return ok({ Target: body["Target"], Status: this.connected ? "connected" : "notconnected" });
      case "ResumeSession":
        if (session && session.gone === undefined) session.token = this.#token();
        // A session that is gone has no token.
        return ok({ SessionId: id, StreamUrl: "", ...(session?.gone === undefined && { TokenValue: session?.token }) });
      case "TerminateSession":
        if (session) session.gone = "call";
        session?.agent.channel.close();
        return ok({ SessionId: id });
      case "GenerateDataKey":
        return this.#dataKey(body);
      default:
        return refusal("UnknownOperationException", action);
    }
  }

  #start({ Target, DocumentName, Parameters = {} }: Readonly<Record<string, unknown>>): Answer {
    if (!this.connected) return refusal("TargetNotConnected", `${String(Target)} is not connected.`);
    const document = this.documents[String(DocumentName)];
    if (document === undefined)
      return refusal("InvalidDocument", `Document with name ${String(DocumentName)} does not exist.`);
    const plan = planSession(document, Parameters as Record<string, string[]>);
    if ("fault" in plan) return refusal("InvalidParameters", plan.fault);
    const id = `tanaka-${randomBytes(8).toString("hex")}`;
    const token = this.#token();
    this.sessions.push({ id, agent: new Agent(id, plan, this.machine), token, sockets: 0 });
    const StreamUrl = `${this.url.replace("http", "ws")}/v1/data-channel/${id}?role=publish_subscribe`;
    return ok({ SessionId: id, TokenValue: token, StreamUrl });
  }

  #token(): string {
    const token = randomBytes(16).toString("hex");
    this.tokens.push(token);
    return token;
  }

  #dataKey({ KeyId, EncryptionContext }: Readonly<Record<string, unknown>>): Answer {
    const id = (EncryptionContext as Record<string, string>)["aws:ssm:SessionId"];
    const session = this.sessions.find((each) => each.id === id);
    if (session === undefined) return refusal("AccessDeniedException", "no such session");
    const keys = randomBytes(64);
    session.agent.channel.keys = keys;
    return ok({ KeyId, CiphertextBlob: randomBytes(80).toString("base64"), Plaintext: keys.toString("base64") });
  }

  #upgrade(request: IncomingMessage, socket: Duplex): void {
    const id = /data-channel\/([^?]+)/.exec(request.url ?? "")?.[1];
    const session = this.sessions.find((each) => each.id === id);
    if (session === undefined || session.gone !== undefined) {
      socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
      return;
    }
    const end: Websocket = Websocket.accept(request, socket, (data, isText) => {
      if (isText) this.#open(session, end, data);
      else if (!this.silent) session.agent.channel.take(data);
    });
  }

  /** The first message holds the token, which opens the channel once. */
  #open(session: Session, end: Websocket, data: Buffer): void {
    const { TokenValue } = JSON.parse(data.toString()) as { TokenValue?: string };
    if (TokenValue === undefined || TokenValue !== session.token) {
      end.drop();
      return;
    }
    session.token = undefined;
    session.agent.channel.attach(end);
    if (session.sockets++ === 0 && !this.silent) session.agent.begin();
  }
}
