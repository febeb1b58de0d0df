import { createHash, randomBytes } from "node:crypto";

/** Payload types of Session Manager's messages (the plugin's src/message/clientmessage.go). */
export const payload = { output: 1, size: 3, handshake: 5, answer: 6, complete: 7, flag: 10 } as const;

/** Flags: 2 is the client's end of the session, 3 the agent's word that it reached no port. */
export const flag = { terminate: 2, noPort: 3 } as const;

/** A message of the plugin. */
export interface Message {
  readonly type: string;
  readonly sequence: number;
  readonly id: string;
  readonly payloadType: number;
  readonly data: Buffer;
}

/** Bytes before the payload: 4 for the header's length, and the header. */
const head = 120;

export function encode(type: string, sequence: number, payloadType: number, data: Buffer): Buffer {
  const bytes = Buffer.alloc(head);
  bytes.writeUInt32BE(head - 4, 0);
  bytes.write(type.padEnd(32), 4, "utf8");
  bytes.writeUInt32BE(1, 36);
  bytes.writeBigUInt64BE(BigInt(Date.now()), 40);
  bytes.writeBigInt64BE(BigInt(sequence), 48);
  randomBytes(16).copy(bytes, 64);
  createHash("sha256").update(data).digest().copy(bytes, 80);
  bytes.writeUInt32BE(payloadType, 112);
  bytes.writeUInt32BE(data.length, 116);
  return Buffer.concat([bytes, data]);
}

/** @throws Error where the digest is not the payload's */
export function decode(bytes: Buffer): Message {
  const data = Buffer.from(bytes.subarray(head, head + bytes.readUInt32BE(116)));
  const digest = createHash("sha256").update(data).digest();
  if (!digest.equals(bytes.subarray(80, 112))) throw new Error("a message with a wrong digest");
  return {
    type: bytes.toString("utf8", 4, 36).replace(/[ \0]+$/, ""),
    sequence: Number(bytes.readBigInt64BE(48)),
    id: bytes.toString("hex", 64, 80),
    payloadType: bytes.readUInt32BE(112),
    data,
  };
}

export const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
