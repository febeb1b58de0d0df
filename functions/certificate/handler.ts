import {
  ACMClient,
  DeleteCertificateCommand,
  GetCertificateCommand,
  ImportCertificateCommand,
  paginateListCertificates,
} from "@aws-sdk/client-acm";
import { GetPublicKeyCommand, KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { createHash } from "node:crypto";
import { setting } from "../shared/environment";
import { log } from "../shared/log";
import { issue, stillGood, type Imported } from "./issue";
import type { Authority } from "./x509";

/** What `up` and the daily schedule send; `tf` says what becomes of the resource that invokes. */
export interface Event {
  readonly host: string;
  readonly tf?: { readonly action: "create" | "update" | "delete" };
}

/** What the load balancer and its clients need. */
export interface Outcome {
  readonly certificateArn: string;
  /** PEM. */
  readonly caCertificate: string;
}

const acm = new ACMClient({});
const kms = new KMSClient({});

async function authorityOf(host: string): Promise<Authority> {
  const KeyId = setting("AUTHORITY_KEY");
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }));
  if (PublicKey === undefined) throw new Error(`${KeyId}: KMS gives no public key`);
  return {
    name: `Cline Landing Zone authority ${createHash("sha256").update(host).digest("hex").slice(0, 16)}`,
    publicKey: PublicKey,
    host,
    sign: async (tbs) => {
      const { Signature } = await kms.send(
        new SignCommand({
          KeyId,
          Message: createHash("sha256").update(tbs).digest(),
          MessageType: "DIGEST",
          SigningAlgorithm: "ECDSA_SHA_256",
        }),
      );
      if (Signature === undefined) throw new Error(`${KeyId}: KMS gives no signature`);
      return Signature;
    },
  };
}

/** The certificate imported for this host; the host's name is this stack's alone. */
async function importedFor(host: string): Promise<Imported | undefined> {
  const pages = paginateListCertificates({ client: acm }, { Includes: { keyTypes: ["EC_prime256v1"] } });
  for await (const { CertificateSummaryList = [] } of pages) {
    const own = CertificateSummaryList.find(({ DomainName, Type }) => DomainName === host && Type === "IMPORTED");
    if (own?.CertificateArn === undefined) continue;
    const found = await acm.send(new GetCertificateCommand({ CertificateArn: own.CertificateArn }));
    return { arn: own.CertificateArn, certificate: found.Certificate ?? "", chain: found.CertificateChain ?? "" };
  }
  return undefined;
}

const tagsOf = (text: string) =>
  Object.entries(JSON.parse(text) as Record<string, string>).map(([Key, Value]) => ({ Key, Value }));

/**
 * Issues the certificate, renews it in time, and deletes it with its stack. Repeating it changes
 * nothing.
 */
export async function handler({ host, tf }: Event): Promise<Outcome | undefined> {
  const before = await importedFor(host);
  if (tf?.action === "delete") {
    if (before) await acm.send(new DeleteCertificateCommand({ CertificateArn: before.arn }));
    log("certificate deleted", { host });
    return undefined;
  }
  const authority = await authorityOf(host);
  if (before && stillGood(before, authority, new Date())) {
    return { certificateArn: before.arn, caCertificate: before.chain };
  }
  const issued = await issue(authority, before, new Date());
  const { CertificateArn = "" } = await acm.send(
    new ImportCertificateCommand({
      Certificate: Buffer.from(issued.certificate),
      CertificateChain: Buffer.from(issued.chain),
      PrivateKey: Buffer.from(issued.privateKey),
      // An import in place keeps the tags it has.
      ...(before ? { CertificateArn: before.arn } : { Tags: tagsOf(setting("CERTIFICATE_TAGS")) }),
    }),
  );
  log("certificate issued", { host, certificate: CertificateArn });
  return { certificateArn: CertificateArn, caCertificate: issued.chain };
}
