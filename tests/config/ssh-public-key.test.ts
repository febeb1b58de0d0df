import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { isSshPublicKey } from "../../config/ssh-public-key";

const field = (bytes: Buffer | string) => {
  const body = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
};
const line = (kind: string, ...fields: (Buffer | string)[]) =>
  `${kind} ${Buffer.concat([kind, ...fields].map(field)).toString("base64")}`;

function rsa(modulusLength: number): string {
  const { e, n } = generateKeyPairSync("rsa", { modulusLength }).publicKey.export({ format: "jwk" });
  const [exponent, modulus] = [Buffer.from(e!, "base64url"), Buffer.from(n!, "base64url")];
  return line("ssh-rsa", exponent, Buffer.concat([Buffer.alloc(1), modulus]));
}

const ed25519 = line("ssh-ed25519", Buffer.alloc(32, 7));

describe("SSH public keys", () => {
  it("are admitted by kind, with a comment or none", () => {
    for (const key of [
      ed25519,
      `${ed25519} tanaka@laptop`,
      `${ed25519}\n`,
      line("ecdsa-sha2-nistp256", "nistp256", Buffer.alloc(65, 4)),
      line("sk-ssh-ed25519@openssh.com", Buffer.alloc(32, 7), "ssh:"),
      rsa(3072),
    ]) {
      assert(isSshPublicKey(key), key.slice(0, 40));
    }
  });

  it("are refused when short, cut, of another kind, or with options or a second line", () => {
    for (const key of [
      rsa(2048),
      ed25519.slice(0, -8),
      ed25519.replace("ssh-ed25519 ", "ssh-rsa "),
      line("ssh-ed25519", Buffer.alloc(31)),
      line("ssh-dss", Buffer.alloc(32)),
      `command="sh" ${ed25519}`,
      `${ed25519} a\n${ed25519}`,
      "ssh-ed25519",
      "ssh-ed25519 AAAA",
      "",
    ]) {
      assert(!isSshPublicKey(key), key.slice(0, 40));
    }
  });
});
