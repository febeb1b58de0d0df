import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Websocket } from "./websocket";
import { decode, encode, json, payload, type Message } from "./wire";

/** Bytes of output in one message, as the agent sends them. */
const mostOutput = 1024;

/** What is not acknowledged goes out again after so many milliseconds: the plugin leaves out what comes before it is ready. */
const again = 200;

/**
 * The service's end of a session's data channel: numbers what it sends, keeps it until the plugin has
 * acknowledged it, and sends it again on a socket that takes another's place.
 */
export class Channel {
  /** 32 bytes for the agent's output, 32 for the plugin's input, where the document names a key. */
  keys?: Buffer;
  #socket?: Websocket;
  #sent = 0;
  #expected = 0;
  #timer?: NodeJS.Timeout;
  /** Messages that came before their turn, by number. */
  readonly #early = new Map<number, Message>();
  readonly #unacknowledged = new Map<number, Buffer>();

  constructor(
    private readonly id: string,
    private readonly onMessage: (message: Message) => void,
  ) {}

  /** Nothing that was sent waits for the plugin's word. */
  get isQuiet(): boolean {
    return this.#unacknowledged.size === 0;
  }

  attach(socket: Websocket): void {
    this.#socket = socket;
    const repeat = (): void => this.#unacknowledged.forEach((bytes) => socket.send(bytes));
    repeat();
    clearInterval(this.#timer);
    this.#timer = setInterval(repeat, again).unref();
  }

  drop(): void {
    clearInterval(this.#timer);
    this.#socket?.drop();
  }

  post(type: number, data: Buffer): void {
    const sealed = this.keys !== undefined && type === payload.output ? seal(this.keys.subarray(0, 32), data) : data;
    const bytes = encode("output_stream_data", this.#sent, type, sealed);
    this.#unacknowledged.set(this.#sent++, bytes);
    this.#socket?.send(bytes);
  }

  output(data: Buffer): void {
    for (let at = 0; at < data.length; at += mostOutput) this.post(payload.output, data.subarray(at, at + mostOutput));
  }

  /** Ends the session. @param words why, where it is not the agent's own end */
  close(words = ""): void {
    const content = { MessageType: "channel_closed", SessionId: this.id, Output: words, SchemaVersion: 1 };
    this.#socket?.send(encode("channel_closed", 0, 0, json(content)));
  }

  /** Takes a message of the plugin, which repeats what was not acknowledged. */
  take(bytes: Buffer): void {
    const message = decode(bytes);
    const { type, id, sequence, data } = message;
    if (type === "acknowledge") {
      const { AcknowledgedMessageSequenceNumber: known } = JSON.parse(data.toString()) as Record<string, number>;
      this.#unacknowledged.delete(known ?? -1);
      return;
    }
    const acknowledged = {
      AcknowledgedMessageType: type,
      AcknowledgedMessageId: id,
      AcknowledgedMessageSequenceNumber: sequence,
      IsSequentialMessage: true,
    };
    this.#socket?.send(encode("acknowledge", 0, 0, json(acknowledged)));
    // Acknowledged is kept: on a new socket a message may come before one that the old socket lost.
    if (sequence >= this.#expected) this.#early.set(sequence, message);
    for (let next = this.#early.get(this.#expected); next !== undefined; next = this.#early.get(this.#expected)) {
      this.#early.delete(this.#expected++);
      this.#deliver(next);
    }
  }

  #deliver(message: Message): void {
    const keys = message.payloadType === payload.output ? this.keys : undefined;
    this.onMessage(keys === undefined ? message : { ...message, data: unseal(keys.subarray(32), message.data) });
  }
}

function seal(key: Buffer, data: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  return Buffer.concat([nonce, cipher.update(data), cipher.final(), cipher.getAuthTag()]);
}

function unseal(key: Buffer, data: Buffer): Buffer {
  const cipher = createDecipheriv("aes-256-gcm", key, data.subarray(0, 12));
  cipher.setAuthTag(data.subarray(-16));
  return Buffer.concat([cipher.update(data.subarray(12, -16)), cipher.final()]);
}
