import type { StackDifference } from "./difference";
import { nameOf, typeOf } from "./names";

/** Types of irreplaceable resources, and their common names. */
const nouns: Readonly<Record<string, string>> = {
  "aws:ebs/volume:Volume": "volume",
  "aws:rds/cluster:Cluster": "database",
  "aws:rds/instance:Instance": "database",
  "aws:secretsmanager/secret:Secret": "secret",
  "aws:kms/key:Key": "KMS key",
  "aws:s3/bucket:Bucket": "bucket",
  "aws:s3/bucketV2:BucketV2": "bucket",
};

/** A component whose secret goes with its person: a first password at Langfuse, which another one replaces. */
const lostOnPurpose = "cline:gateway:LangfuseAccount$";

/**
 * Homes, databases, secrets, keys and buckets that a change removes: one alarm each, deleted ones
 * before retained ones.
 */
export function planAlarms({ stack, replaced, removed }: StackDifference): string[] {
  const alarms = [
    ...replaced.flatMap(({ urn, properties, forcedBy, retained }) => {
      const why = properties.find(({ path }) => path === forcedBy[0]);
      const what = titleOf(urn);
      if (!what || !why) return [];
      const values = `${why.path} changes from ${why.from ?? "nothing"} to ${why.to ?? "nothing"}`;
      const old = retained ? "the old one stays in the account" : "the old one is deleted";
      return [{ retained, text: `${what} of ${stack} is REPLACED by a new one: ${values}; ${old}` }];
    }),
    ...removed.flatMap(({ urn, retained, alias }) => {
      const what = titleOf(urn);
      if (!what) return [];
      const named = alias === undefined ? "" : ` without ${alias}: what it encrypts needs it`;
      const fate = retained ? `leaves the stack and stays in the account${named}` : "is DELETED";
      return [{ retained, text: `${what} of ${stack} ${fate}` }];
    }),
  ];
  return [...alarms.filter((alarm) => !alarm.retained), ...alarms.filter((alarm) => alarm.retained)].map(
    ({ text }) => text,
  );
}

function titleOf(urn: string): string | undefined {
  const noun = urn.includes(lostOnPurpose) ? undefined : nouns[typeOf(urn)];
  const name = nameOf(urn);
  return noun && `${noun === "volume" && name.endsWith("-home") ? "home " : ""}${noun} ${name}`;
}
