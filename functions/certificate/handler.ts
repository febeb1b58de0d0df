import {
  ACMClient,
  DeleteCertificateCommand,
  GetCertificateCommand,
  ImportCertificateCommand,
  paginateListCertificates,
} from "@aws-sdk/client-acm";
import { KMSClient } from "@aws-sdk/client-kms";
import { awsClient } from "../shared/aws";
import { setting } from "../shared/environment";
import { log } from "../shared/log";
import { authorityOf } from "./authority";
import { issue, stillGood, type Standing } from "./issue";

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

const acm = awsClient(new ACMClient({}));
const kms = awsClient(new KMSClient({}));

/** What ACM has. */
interface Imported extends Standing {
  readonly arn: string;
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
  const authority = await authorityOf(kms, setting("AUTHORITY_KEY"), host);
  if (before && stillGood(before, authority, host, new Date())) {
    return { certificateArn: before.arn, caCertificate: before.chain };
  }
  const issued = await issue(authority, host, before?.chain, new Date());
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
