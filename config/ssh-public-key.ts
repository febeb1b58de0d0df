/** Key types that a workspace's sshd admits. */
const kinds = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
  "ssh-rsa",
];

/** Minimum bytes of an RSA key's modulus: 3072 bits. */
const rsaModulusBytes = 3072 / 8;

/**
 * Whether a text is one line of an OpenSSH public key (RFC 4253, 6.6). The line holds a key type,
 * base64 whose first field names the same type, and an optional comment. Options before the key
 * type (command=…) are refused, because authorized_keys would apply them.
 */
export function isSshPublicKey(text: string): boolean {
  const match = /^([a-z0-9@.-]+) ([A-Za-z0-9+/]+={0,2})( [\x20-\x7e]*)?$/.exec(text.trim());
  const [, kind, body] = match ?? [];
  if (kind === undefined || body === undefined || !kinds.includes(kind)) return false;
  const fields = sshFields(Buffer.from(body, "base64"));
  if (!fields || fields[0]?.toString("latin1") !== kind) return false;
  if (kind === "ssh-ed25519") return fields.length === 2 && fields[1]?.length === 32;
  // kind, exponent, modulus; a leading zero byte keeps the modulus positive.
  if (kind === "ssh-rsa") return fields.length === 3 && (fields[2]?.length ?? 0) >= rsaModulusBytes;
  return fields.length >= 3;
}

/** The length-prefixed fields of a key's body; undefined when lengths do not add up. */
function sshFields(body: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < body.length) {
    if (at + 4 > body.length) return undefined;
    const end = at + 4 + body.readUInt32BE(at);
    if (end > body.length) return undefined;
    fields.push(body.subarray(at + 4, end));
    at = end;
  }
  return fields;
}
