import { z } from "zod";
import { keptBuckets, keptLogGroups, keptSecrets } from "../kept-names";
import { kind, mapping, text } from "./kinds";
import { setting } from "./setting";

const keyPattern = "arn:aws:kms:[a-z0-9-]+:\\d{12}:key/[0-9a-f-]{36}";
const exampleKey = "arn:aws:kms:ap-northeast-1:111122223333:key/0f1e2d3c-1111-4222-8333-444455556666";

/** ARN of a KMS key that is kept, never of an alias. */
export const keptKey = text("the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID", new RegExp(`^${keyPattern}$`));

const named = <Z extends z.ZodType>(what: string, names: readonly string[], value: Z) =>
  kind(
    z.record(
      setting(text(names.join(", "), new RegExp(`^(${names.join("|")})$`)), { meaning: what, example: names[0] }),
      value,
    ),
    `a mapping of ${names.join(", ")}`,
  );

/** What an earlier stack of the same name left in the account, and this one takes over. */
export const kept = mapping({
  buckets: setting(
    named(
      "A bucket by its purpose.",
      Object.keys(keptBuckets),
      setting(text("the ARN of a KMS key, or none", new RegExp(`^(none|${keyPattern})$`)), {
        meaning: "The key of its objects, which stays its key; none for access-logs.",
        example: exampleKey,
      }),
    ),
    {
      meaning: "Buckets that are taken over instead of made.",
      example: { "audit-trail": exampleKey },
      default: {},
      words: "none",
    },
  ),
  logGroups: setting(
    named(
      "A log group by its purpose.",
      keptLogGroups,
      setting(keptKey, { meaning: "The key of its events, which stays its key.", example: exampleKey }),
    ),
    {
      meaning: "Log groups that are taken over instead of made.",
      example: { "audit-trail": exampleKey },
      default: {},
      words: "none",
    },
  ),
  secrets: setting(
    named(
      "A salt by its purpose.",
      keptSecrets,
      setting(
        mapping({
          arn: setting(
            text(
              "the ARN of a secret, with its six characters at the end",
              /^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/-]+-\w{6}$/,
            ),
            {
              meaning: "The secret.",
              example:
                "arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:cline/example/platform/gateway-salt-AbCdEf",
            },
          ),
          key: setting(keptKey, { meaning: "The key of its value.", example: exampleKey }),
        }),
        { meaning: "The kept secret, which no stack changes.", example: { arn: "arn:…", key: exampleKey } },
      ),
    ),
    {
      meaning: "Salts that are read instead of made, for a database that is restored.",
      example: {},
      default: {},
      words: "none",
    },
  ),
});
export const keptWords = {
  meaning:
    "What an earlier stack of this name left in the account, to take over instead of making it anew. Runbook: a stack comes back.",
  example: { buckets: { "audit-trail": exampleKey } },
  default: {},
  words: "nothing",
} as const;
