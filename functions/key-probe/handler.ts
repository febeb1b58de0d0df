import { GenerateDataKeyWithoutPlaintextCommand, KMSClient } from "@aws-sdk/client-kms";
import { awsClient } from "../shared/aws";
import { log } from "../shared/log";

/** What `up` sends. */
export interface Event {
  /** ARNs of keys with a new alias. */
  readonly keys: readonly string[];
}

const kms = awsClient(new KMSClient({}));

/** Calls of each key that must succeed in a row: authorization changes on one KMS host after another. */
const rounds = 5;

/**
 * Returns when KMS has admitted every key, in several rounds.
 * @throws KMS's denial after the wait of {@link awsClient}.
 */
export async function handler({ keys }: Event): Promise<{ readonly keys: number }> {
  for (let round = 1; round <= rounds; round++) {
    await Promise.all(
      keys.map((KeyId) => kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: "AES_256" }))),
    );
  }
  log("keys usable", { keys: keys.length });
  return { keys: keys.length };
}
