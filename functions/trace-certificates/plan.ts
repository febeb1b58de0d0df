import type { Service } from "@aws-sdk/client-ecs";
import { issue, stillGood, type Issued } from "../certificate/issue";
import type { Authority } from "../certificate/x509";

/** A server of the trace store. */
export interface Server {
  /** DNS name that clients check. */
  readonly host: string;
  /** Secrets Manager name of its key and certificate. */
  readonly secret: string;
  /** ECS service that reads them at its start; absent where the server looks for itself. */
  readonly service?: string;
}

/** A secret's current text, and when it became that. */
export interface Stored {
  readonly text: string;
  readonly since: Date;
  /** Id of the version. */
  readonly version: string;
}

/** What there is, and what there should be. */
export interface Situation {
  readonly authority: Authority;
  readonly servers: readonly Server[];
  /** Secrets Manager name of the authority's certificate. */
  readonly trust: string;
  /** Texts of the secrets by name; absent: a secret without a value. */
  readonly before: ReadonlyMap<string, string>;
}

/** Secrets to write, in this order, and the authority that clients trust then. */
export interface CertificatePlan {
  readonly writes: ReadonlyMap<string, string>;
  /** PEM. */
  readonly authority: string;
}

/** A server's secret: PEM of its certificate with the authority's behind it, of its key, and both in one for HAProxy. */
export const serverSecret = ({ certificate, chain, privateKey }: Issued): string =>
  JSON.stringify({ certificate, chain, privateKey, bundle: `${certificate}${privateKey}` });

/** Reads a server's secret; undefined where a field lacks, as in `{}`. @throws Error without repeating the text. */
function parsed(text: string): Issued | undefined {
  try {
    const { certificate, chain, privateKey } = JSON.parse(text) as Partial<Issued>;
    return certificate && chain && privateKey ? { certificate, chain, privateKey } : undefined;
  } catch {
    throw new Error("a server's certificate secret is not JSON");
  }
}

/** Keeps each certificate that is still good, and issues the others below the authority's certificate that is trusted already. */
export async function planCertificates(
  { authority, servers, trust, before }: Situation,
  now: Date,
): Promise<CertificatePlan> {
  const writes = new Map<string, string>();
  let trusted = before.get(trust);
  for (const { host, secret } of servers) {
    const text = before.get(secret);
    const standing = text === undefined ? undefined : parsed(text);
    if (standing && standing.chain === trusted && stillGood(standing, authority, host, now)) continue;
    const issued = await issue(authority, host, trusted, now);
    trusted = issued.chain;
    writes.set(secret, serverSecret(issued));
  }
  if (trusted === undefined) throw new Error("no server to issue a certificate for");
  // First what clients trust, then what servers show.
  return {
    authority: trusted,
    writes: new Map([...(trusted === before.get(trust) ? [] : [[trust, trusted] as const]), ...writes]),
  };
}

/** Services whose newest deployment began before what they read at their start changed. `changed`: by service name. */
export function staleServices(
  services: readonly Pick<Service, "serviceName" | "status" | "deployments">[],
  changed: ReadonlyMap<string, Date>,
): readonly string[] {
  return services.flatMap(({ serviceName = "", status, deployments = [] }) => {
    const since = changed.get(serviceName);
    const newest = Math.max(0, ...deployments.map(({ createdAt }) => createdAt?.getTime() ?? 0));
    return status === "ACTIVE" && since !== undefined && newest < since.getTime() ? [serviceName] : [];
  });
}
