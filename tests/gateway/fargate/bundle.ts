import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Certificates } from "../support/certificates";

/** Authorities of a region's bundle of RDS: RSA of two lengths and an elliptic curve. */
const authorities = {
  "ecc384-g1": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
  "rsa4096-g1": ["-newkey", "rsa:4096"],
  "rsa2048-g1": ["-newkey", "rsa:2048"],
} as const;

/**
 * A bundle as RDS publishes it for a region, with three roots of different keys; and a server called `localhost` that the last of them has
 * signed. LiteLLM reduces such a bundle to one root; a bundle of one it leaves as it is.
 */
export function makeBundle(folder: string): Certificates {
  const at = (name: string) => path.join(folder, name);
  const openssl = (...args: readonly string[]) => execFileSync("openssl", args, { stdio: ["ignore", "pipe", "pipe"] });
  // Python verifies strictly since 3.13: key usage of an authority, key identifiers on both sides, as RDS's certificates have them.
  const authority = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
  const roots = Object.entries(authorities).map(([name, key]) => {
    const subject = `/C=US/O=Tests in Amazon RDS's place/CN=RDS ap-northeast-1 Root CA ${name}`;
    const files = ["-keyout", at(`${name}.key`), "-out", at(`${name}.pem`)];
    openssl("req", "-x509", "-nodes", "-days", "30", "-subj", subject, ...authority, ...key, ...files);
    return readFileSync(at(`${name}.pem`), "utf8");
  });
  writeFileSync(at("bundle.pem"), roots.join(""));
  const extensions = {
    subjectAltName: "DNS:localhost",
    basicConstraints: "CA:FALSE",
    subjectKeyIdentifier: "hash",
    authorityKeyIdentifier: "keyid",
  };
  const lines = Object.entries(extensions).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(at("extensions"), lines.join(""));
  const request = ["-keyout", at("rds.key"), "-out", at("rds.csr")];
  openssl("req", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=localhost", ...request);
  const signer = ["-CA", at("rsa2048-g1.pem"), "-CAkey", at("rsa2048-g1.key"), "-CAcreateserial"];
  const signed = ["-extfile", at("extensions"), "-out", at("rds.pem")];
  openssl("x509", "-req", "-days", "30", "-in", at("rds.csr"), ...signer, ...signed);
  return { ca: at("bundle.pem"), certificate: at("rds.pem"), key: at("rds.key") };
}
