import { GetPublicKeyCommand, SignCommand, type KMSClient } from "@aws-sdk/client-kms";
import { createHash } from "node:crypto";
import type { Authority } from "./x509";

/**
 * The private authority whose key stays in KMS.
 * @param KeyId the key's alias
 */
export async function authorityOf(kms: KMSClient, KeyId: string, domain: string): Promise<Authority> {
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }));
  if (PublicKey === undefined) throw new Error(`${KeyId}: KMS gives no public key`);
  return {
    name: `Cline Landing Zone authority ${createHash("sha256").update(domain).digest("hex").slice(0, 16)}`,
    publicKey: PublicKey,
    domain,
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
