/** The far end of one stream. */
export interface FarEnd {
  readonly write: (data: Buffer) => void;
  readonly end: () => void;
}

/** Connects a stream. @param send hands bytes to the client @param close tells the client that no more come */
export type Dial = (send: (data: Buffer) => void, close: () => void) => FarEnd;

const commands = { open: 0, close: 1, data: 2 } as const;
const head = 8;

/** Largest data of one frame. */
const mostData = 32_768;

function frame(command: number, id: number, data: Buffer = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(head);
  bytes.writeUInt8(1, 0);
  bytes.writeUInt8(command, 1);
  bytes.writeUInt16LE(data.length, 2);
  bytes.writeUInt32LE(id, 4);
  return Buffer.concat([bytes, data]);
}

/**
 * The agent's end of smux, version 1, in which the plugin carries the connections of a forwarded
 * port. It holds nobody back: version 1 has no windows. @returns takes the client's bytes
 */
export function serveStreams(dial: Dial, send: (data: Buffer) => void): (data: Buffer) => void {
  const streams = new Map<number, FarEnd>();
  let rest: Buffer = Buffer.alloc(0);
  const open = (id: number): FarEnd =>
    dial(
      (data) => {
        for (let at = 0; at < data.length; at += mostData)
          send(frame(commands.data, id, data.subarray(at, at + mostData)));
      },
      () => send(frame(commands.close, id)),
    );
  return (data) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= head && rest.length >= head + rest.readUInt16LE(2)) {
      const [command, size, id] = [rest.readUInt8(1), rest.readUInt16LE(2), rest.readUInt32LE(4)];
      const body = Buffer.from(rest.subarray(head, head + size));
      rest = rest.subarray(head + size);
      if (command === commands.open) streams.set(id, open(id));
      else if (command === commands.data) streams.get(id)?.write(body);
      else if (command === commands.close) streams.get(id)?.end();
    }
  };
}
