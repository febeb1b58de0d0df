import { createPublicKey, generateKeyPairSync, sign as signWith } from "node:crypto";
import { issue, type Issued } from "../../functions/certificate/issue";
import type { Authority } from "../../functions/certificate/x509";

/** An authority for a domain, with a key in memory in KMS's place. */
export function memoryAuthority(domain: string): Authority {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    name: "Tests authority",
    domain,
    publicKey: createPublicKey(privateKey).export({ type: "spki", format: "der" }),
    sign: (tbs) => Promise.resolve(signWith("sha256", tbs, privateKey)),
  };
}

/** A key and certificate for a server by the program's own issuer, under an authority of its own. */
export const issueCertificate = (host = "localhost"): Promise<Issued> =>
  issue(memoryAuthority(host), host, undefined, new Date());
