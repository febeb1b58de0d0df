import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";

/** What is known of a secret without its value. */
export interface SecretState {
  readonly name: string;
  /** Version ids by stage: AWSCURRENT, AWSPENDING, AWSPREVIOUS. */
  readonly versions: Readonly<Partial<Record<string, string>>>;
}

/** One secret's versions, as the rotation needs them. */
export interface Vault {
  state(): Promise<SecretState>;
  /** A version's value; undefined while it has none. */
  value(version: string): Promise<string | undefined>;
  /** Gives the pending version its value. Fails when it has another. */
  putPending(version: string, value: string): Promise<void>;
  /** Makes a version the current one; what was current becomes AWSPREVIOUS. */
  promote(version: string, from: string | undefined): Promise<void>;
  /** Gives a pending version up, so that the next rotation starts anew. */
  abandon(version: string): Promise<void>;
}

/** The secret of this ARN in Secrets Manager. */
export function vaultOf(client: SecretsManagerClient, secretId: string): Vault {
  const move = async (stage: string, to: string | undefined, from: string | undefined) => {
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: secretId,
        VersionStage: stage,
        ...(to === undefined ? {} : { MoveToVersionId: to }),
        ...(from === undefined ? {} : { RemoveFromVersionId: from }),
      }),
    );
  };
  return {
    async state() {
      const { Name = "", VersionIdsToStages = {} } = await client.send(
        new DescribeSecretCommand({ SecretId: secretId }),
      );
      const versions = Object.entries(VersionIdsToStages).flatMap(([id, stages]) =>
        stages.map((stage) => [stage, id] as const),
      );
      return { name: Name, versions: Object.fromEntries(versions) };
    },
    async value(version) {
      try {
        const { SecretString } = await client.send(
          new GetSecretValueCommand({ SecretId: secretId, VersionId: version }),
        );
        return SecretString;
      } catch (fault) {
        // A pending version has no value until the rotation stores one.
        if ((fault as Error).name === "ResourceNotFoundException") return undefined;
        throw fault;
      }
    },
    async putPending(version, value) {
      await client.send(
        new PutSecretValueCommand({
          SecretId: secretId,
          ClientRequestToken: version,
          SecretString: value,
          VersionStages: ["AWSPENDING"],
        }),
      );
    },
    promote: (version, from) => move("AWSCURRENT", version, from),
    abandon: (version) => move("AWSPENDING", undefined, version),
  };
}
