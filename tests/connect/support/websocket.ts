import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** RFC 6455, section 1.3. */
const handshake = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/**
 * A server's end of a websocket, as the plugin uses it: whole messages without extensions. A fragment
 * is an error.
 */
export class Websocket {
  #rest: Buffer = Buffer.alloc(0);

  constructor(
    private readonly socket: Duplex,
    private readonly onMessage: (data: Buffer, isText: boolean) => void,
  ) {
    socket.on("data", (piece: Buffer) => this.#read(piece));
    socket.on("error", () => undefined);
  }

  /** Answers a request to upgrade. */
  static accept(request: IncomingMessage, socket: Duplex, onMessage: (data: Buffer, isText: boolean) => void) {
    const key = `${String(request.headers["sec-websocket-key"])}${handshake}`;
    const accept = createHash("sha1").update(key).digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    return new Websocket(socket, onMessage);
  }

  send(data: Buffer, opcode: number = opcodes.binary): void {
    const long = data.length > 125;
    const head = Buffer.alloc(long ? 4 : 2);
    head[0] = 0x80 | opcode;
    head[1] = long ? 126 : data.length;
    if (long) head.writeUInt16BE(data.length, 2);
    if (!this.socket.destroyed) this.socket.write(Buffer.concat([head, data]));
  }

  /** Breaks the connection off, as a network does. */
  drop(): void {
    this.socket.destroy();
  }

  #read(piece: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, piece]);
    for (let frame = frameOf(this.#rest); frame !== undefined; frame = frameOf(this.#rest)) {
      this.#rest = this.#rest.subarray(frame.length);
      if (frame.opcode === opcodes.ping) this.send(frame.data, opcodes.pong);
      else if (frame.opcode === opcodes.close) this.drop();
      else if (frame.opcode !== opcodes.pong) this.onMessage(frame.data, frame.opcode === opcodes.text);
    }
  }
}

/** The first frame of a client's bytes; undefined where it is not whole. */
function frameOf(bytes: Buffer) {
  if (bytes.length < 2) return undefined;
  const [first, second] = [bytes.readUInt8(0), bytes.readUInt8(1)];
  if ((first & 0x80) === 0 || (second & 0x80) === 0) throw new Error("a fragment, or a frame without a mask");
  const short = second & 0x7f;
  if (short === 127) throw new Error("a frame above 64 KiB");
  const start = short === 126 ? 8 : 6;
  if (bytes.length < start) return undefined;
  const size = short === 126 ? bytes.readUInt16BE(2) : short;
  if (bytes.length < start + size) return undefined;
  const mask = bytes.subarray(start - 4, start);
  const data = Buffer.from(bytes.subarray(start, start + size)).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  return { opcode: first & 0x0f, data: Buffer.from(data), length: start + size };
}
