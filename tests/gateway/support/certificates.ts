import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { issueCertificate } from "../../support/certificate";

/** PEM files of an authority and of a server called `localhost`. */
export interface Certificates {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** A certificate of {@link issueCertificate} as files. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const issued = await issueCertificate();
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
