import { connect } from "node:net";
import { Channel } from "./channel";
import type { SessionPlan } from "./document";
import { serveStreams, type Dial, type FarEnd } from "./streams";
import { flag, json, payload, type Message } from "./wire";

/** The machine that the agent runs on. */
export interface Machine {
  /** Ports that documents name → ports of this machine. A port without an entry refuses. */
  readonly ports: Readonly<Record<string, number>>;
  /** A shell: takes a typed line and prints; `undefined` ends it. */
  readonly shell: (line: string) => string | undefined;
}

/** Above 3.1.1511, which ended smux's own keep-alive. */
const version = "3.3.2299.0";

/** An agent in one session: shakes hands, then is a forwarded port, a raw port or a shell, as the document says. */
export class Agent {
  readonly channel: Channel;
  /** How the plugin ended the session; undefined while it has not. */
  ended?: "flag" | "agent";
  /** The handshake is done: input reaches the port, or the shell. */
  isReady = false;
  #input: FarEnd = { write: () => undefined, end: () => undefined };

  constructor(
    id: string,
    private readonly plan: SessionPlan,
    private readonly machine: Machine,
  ) {
    this.channel = new Channel(id, (message) => this.#take(message));
  }

  /** The plugin's first connection. */
  begin(): void {
    const { sessionType, properties, keyId } = this.plan;
    const encryption = { ActionType: "KMSEncryption", ActionParameters: { KMSKeyId: keyId } };
    const session = {
      ActionType: "SessionType",
      ActionParameters: { SessionType: sessionType, Properties: properties },
    };
    const RequestedClientActions = keyId === undefined ? [session] : [encryption, session];
    this.channel.post(payload.handshake, json({ AgentVersion: version, RequestedClientActions }));
  }

  #take({ payloadType, data }: Message): void {
    if (payloadType === payload.answer) {
      this.channel.post(payload.complete, json({ HandshakeTimeToComplete: 1_000_000, CustomerMessage: "" }));
      this.#input = this.#start();
      this.isReady = true;
    } else if (payloadType === payload.output) this.#input.write(data);
    else if (payloadType === payload.flag && data.readUInt32BE(0) === flag.terminate) this.ended = "flag";
  }

  #start(): FarEnd {
    const { sessionType, properties } = this.plan;
    if (sessionType !== "Port") return this.#shell();
    const dial = this.#dialler(this.machine.ports[properties["portNumber"] ?? ""]);
    const output = (data: Buffer): void => this.channel.output(data);
    if (properties["type"] !== "LocalPortForwarding") return dial(output, () => this.#end());
    return { write: serveStreams(dial, output), end: () => undefined };
  }

  #dialler =
    (port = 1): Dial =>
    (send, close) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("data", send).once("close", close);
      socket.once("error", () => this.channel.post(payload.flag, Buffer.from([0, 0, 0, flag.noPort])));
      return { write: (data) => void socket.write(data), end: () => void socket.end() };
    };

  #shell(): FarEnd {
    let line = "";
    return {
      write: (data) => {
        line += data.toString();
        if (line.endsWith("\u0003")) {
          line = "";
          this.channel.output(Buffer.from("^C\n"));
        }
        // The plugin sends a lone line feed as a carriage return.
        if (!/[\r\n]$/.test(line)) return;
        const printed = this.machine.shell(line.trim());
        line = "";
        if (printed === undefined) this.#end();
        else this.channel.output(Buffer.from(printed));
      },
      end: () => undefined,
    };
  }

  #end(): void {
    this.ended ??= "agent";
    this.channel.close();
  }
}
