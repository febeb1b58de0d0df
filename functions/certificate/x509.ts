import { createHash, randomBytes } from "node:crypto";
import { bits, boolean, explicit, implicit, integer, octets, oid, sequence, set, time, utf8 } from "./der";

/** Signs bytes with the authority's key: ECDSA on P-256 over SHA-256, as a DER signature. */
export type Sign = (tbsCertificate: Buffer) => Promise<Uint8Array>;

/** The private authority: its public key (SubjectPublicKeyInfo in DER) and how it signs. */
export interface Authority {
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly sign: Sign;
  /** The DNS name that it may vouch for, with the names below it. */
  readonly domain: string;
}

/** Validity of a certificate. */
export interface Period {
  readonly from: Date;
  readonly until: Date;
}

const ecdsaWithSha256 = sequence(oid("1.2.840.10045.4.3.2"));

const commonName = (name: string) => sequence(set(sequence(oid("2.5.4.3"), utf8(name))));

/** RFC 5280, 4.2.1.2: SHA-1 over the public key's bits. It names the key, it secures nothing. */
const keyIdentifier = (spki: Uint8Array) =>
  // The bit string of a P-256 key is the last 65 octets of its SubjectPublicKeyInfo.
  createHash("sha1").update(spki.subarray(-65)).digest();

const extension = (id: string, critical: boolean, value: Buffer) =>
  sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));

interface Certificate {
  readonly issuer: string;
  readonly subject: string;
  readonly period: Period;
  readonly publicKey: Uint8Array;
  readonly extensions: readonly Buffer[];
}

async function signed(certificate: Certificate, sign: Sign): Promise<string> {
  const { issuer, subject, period, publicKey, extensions } = certificate;
  const tbs = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    ecdsaWithSha256,
    commonName(issuer),
    sequence(time(period.from), time(period.until)),
    commonName(subject),
    Buffer.from(publicKey),
    explicit(3, sequence(...extensions)),
  );
  const der = sequence(tbs, ecdsaWithSha256, bits(await sign(tbs)));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** The authority's own certificate, PEM. A name constraint limits it to its domain. */
export function authorityCertificate(authority: Authority, period: Period): Promise<string> {
  const { name, publicKey, sign, domain } = authority;
  return signed(
    {
      issuer: name,
      subject: name,
      period,
      publicKey,
      extensions: [
        // cA, pathLenConstraint 0.
        extension("2.5.29.19", true, sequence(boolean(true), integer(Buffer.from([0])))),
        // keyCertSign, cRLSign.
        extension("2.5.29.15", true, bits(Buffer.from([0x06]), 1)),
        // nameConstraints: permittedSubtrees [0], one dNSName [2].
        extension("2.5.29.30", true, sequence(explicit(0, sequence(implicit(2, Buffer.from(domain)))))),
        extension("2.5.29.14", false, octets(keyIdentifier(publicKey))),
      ],
    },
    sign,
  );
}

/** A server and how long its certificate holds. */
export interface Server extends Period {
  /** DNS name, inside the authority's domain. */
  readonly host: string;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
}

/** A server's certificate for its host, PEM. */
export function serverCertificate(authority: Authority, { host, publicKey, ...period }: Server): Promise<string> {
  const { name, sign } = authority;
  return signed(
    {
      issuer: name,
      // A common name has 64 characters at most; the name that counts is the alternative one.
      subject: host.slice(0, 64),
      period,
      publicKey,
      extensions: [
        extension("2.5.29.19", true, sequence()),
        // digitalSignature.
        extension("2.5.29.15", true, bits(Buffer.from([0x80]), 7)),
        // serverAuth.
        extension("2.5.29.37", false, sequence(oid("1.3.6.1.5.5.7.3.1"))),
        // subjectAltName: dNSName [2].
        extension("2.5.29.17", false, sequence(implicit(2, Buffer.from(host)))),
        extension("2.5.29.14", false, octets(keyIdentifier(publicKey))),
        // authorityKeyIdentifier: keyIdentifier [0].
        extension("2.5.29.35", false, sequence(implicit(0, keyIdentifier(authority.publicKey)))),
      ],
    },
    sign,
  );
}
