import { crc32 } from "node:zlib";

const textHeader = 7;

function header(name: string, value: string): Buffer {
  const [key, text] = [Buffer.from(name), Buffer.from(value)];
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([Buffer.from([key.length]), key, Buffer.from([textHeader]), length, text]);
}

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** One message of `application/vnd.amazon.eventstream`: lengths and their checksum, headers, payload, checksum of all that. */
export function message(headers: Readonly<Record<string, string>>, payload: unknown): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const body = Buffer.from(JSON.stringify(payload));
  const lengths = Buffer.concat([number(4 + 4 + 4 + head.length + body.length + 4), number(head.length)]);
  const checked = Buffer.concat([lengths, number(crc32(lengths)), head, body]);
  return Buffer.concat([checked, number(crc32(checked))]);
}

/** An event of a stream, `messageStart` say. */
export const event = (type: string, payload: unknown): Buffer =>
  message({ ":event-type": type, ":content-type": "application/json", ":message-type": "event" }, payload);

/** An exception within a stream; its name there starts with a small letter. */
export const exception = (name: string, text: string): Buffer =>
  message(
    {
      ":exception-type": name.charAt(0).toLowerCase() + name.slice(1),
      ":content-type": "application/json",
      ":message-type": "exception",
    },
    { message: text },
  );
