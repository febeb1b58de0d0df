/** The few DER encodings that a certificate needs (X.690). */

function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.from(body.length.toString(16).padStart(body.length > 0xff ? 4 : 2, "0"), "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => element(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Buffer => element(0x31, ...parts);
export const octets = (content: Uint8Array): Buffer => element(0x04, content);
export const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text, "utf8"));
export const boolean = (value: boolean): Buffer => element(0x01, Buffer.from([value ? 0xff : 0]));

/** A bit string of whole octets, or with unused bits at its end. */
export const bits = (content: Uint8Array, unused = 0): Buffer => element(0x03, Buffer.from([unused]), content);

/** A positive integer, given as its big-endian octets. */
export function integer(content: Uint8Array): Buffer {
  const first = content.findIndex((octet) => octet !== 0);
  const trimmed = first < 0 ? Buffer.from([0]) : Buffer.from(content.subarray(first));
  return (trimmed[0] ?? 0) & 0x80 ? element(0x02, Buffer.from([0]), trimmed) : element(0x02, trimmed);
}

/** `[n] EXPLICIT`. */
export const explicit = (n: number, content: Uint8Array): Buffer => element(0xa0 | n, content);

/** `[n] IMPLICIT` over octets. */
export const implicit = (n: number, content: Uint8Array): Buffer => element(0x80 | n, content);

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const octetsOf = (arc: number): number[] => {
    const base128 = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      base128.unshift((left & 0x7f) | 0x80);
    return base128;
  };
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(octetsOf)]));
}

/** UTCTime until 2049, GeneralizedTime from then on, as X.509 asks. */
export function time(date: Date): Buffer {
  const text = `${date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, "")}Z`;
  return date.getUTCFullYear() < 2050 ? element(0x17, Buffer.from(text.slice(2))) : element(0x18, Buffer.from(text));
}
