import { createPublicKey, generateKeyPairSync, sign as signWith } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { issue } from "../../../functions/certificate/issue";

/** PEM files of an authority and of a server called `localhost`. */
export interface Certificates {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** Certificates made by the program's own issuer, with a key in memory in KMS's place. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const authority = {
    name: "Gateway tests authority",
    host: "localhost",
    publicKey,
    sign: (tbs: Buffer) => Promise.resolve(signWith("sha256", tbs, privateKey)),
  };
  const issued = await issue(authority, undefined, new Date());
  const files = {
    ca: join(folder, "ca.pem"),
    certificate: join(folder, "server.pem"),
    key: join(folder, "server.key"),
  };
  writeFileSync(files.ca, issued.chain);
  writeFileSync(files.certificate, issued.certificate);
  writeFileSync(files.key, issued.privateKey, { mode: 0o600 });
  return files;
}
