import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { authorityCertificate, serverCertificate, type Authority } from "./x509";

const day = 24 * 3_600_000;

/**
 * Lifetime of a server certificate in days. A daily run renews it when fewer than `renewBefore` are
 * left.
 */
export const serverDays = 90;
export const renewBefore = 45;
const authorityDays = 3650;

/** A certificate in use. */
export interface Standing {
  readonly certificate: string;
  /** PEM of the authority. */
  readonly chain: string;
}

/** A new certificate. Its private key is made here and goes to the server's own store only. */
export interface Issued extends Standing {
  readonly privateKey: string;
}

const daysLeft = (pem: string, now: Date) => (Date.parse(new X509Certificate(pem).validTo) - now.getTime()) / day;

/** Whether a certificate can stay: for this host, of this authority, with time left. */
export function stillGood(
  { certificate, chain }: Standing,
  { publicKey }: Pick<Authority, "publicKey">,
  host: string,
  now: Date,
): boolean {
  const server = new X509Certificate(certificate);
  return (
    server.checkHost(host) !== undefined &&
    daysLeft(certificate, now) > renewBefore &&
    isOf(chain, publicKey) &&
    server.verify(new X509Certificate(chain).publicKey)
  );
}

const isOf = (chain: string, publicKey: Uint8Array) =>
  new X509Certificate(chain).publicKey.export({ type: "spki", format: "der" }).equals(publicKey);

/**
 * Issues a server key and certificate. The authority's certificate stays the trusted one while it
 * lasts; only the servers' stores keep it.
 * @param trusted PEM of the authority's certificate that clients trust already
 */
export async function issue(
  authority: Authority,
  host: string,
  trusted: string | undefined,
  now: Date,
): Promise<Issued> {
  const from = new Date(now.getTime() - 3_600_000);
  const keep = trusted !== undefined && isOf(trusted, authority.publicKey) && daysLeft(trusted, now) > 400;
  const chain = keep
    ? trusted
    : await authorityCertificate(authority, { from, until: new Date(now.getTime() + authorityDays * day) });
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const certificate = await serverCertificate(authority, {
    host,
    publicKey: publicKey.export({ type: "spki", format: "der" }),
    from,
    until: new Date(now.getTime() + serverDays * day),
  });
  return { certificate, chain, privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}
