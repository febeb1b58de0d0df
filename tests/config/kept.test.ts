import assert from "node:assert/strict";
import { loadStackFile } from "../../config";
import { type Change, faultsOf, files, refuses, type Row } from "../support/fault-rows";

const key = (region = "ap-northeast-1", account = "111122223333") =>
  `arn:aws:kms:${region}:${account}:key/0f1e2d3c-1111-4222-8333-444455556666`;
const secret = (name: string, region = "ap-northeast-1", account = "111122223333") =>
  `arn:aws:secretsmanager:${region}:${account}:secret:cline/example/${name}-AbCdEf`;
const abroad = key("us-east-1");
const foreign = key(undefined, "999988887777");

const keptBy = (kept: object): Change => ({ platform: { "cline:kept": kept } });
const developer = (own: object): Change => ({
  engineering: { "cline:department": { developers: { tanaka: own } } },
});
const alone = {
  "aws:allowedAccountIds": ["444455556666"],
  "cline:network": { cidr: "10.80.0.0/20" },
  "cline:gateway": {},
  "cline:observability": {},
};
const here = /an ARN in ap-northeast-1 of account 111122223333, as the stack's own; copy the ARN/;

const rows: readonly Row[] = [
  [
    "a home's key in another region",
    developer({ homeVolume: "vol-0123456789abcdef0", homeKey: abroad }),
    { "engineering cline:department.developers.tanaka.homeKey": here },
  ],
  [
    "a home's key of another account",
    developer({ homeVolume: "vol-0123456789abcdef0", homeKey: foreign }),
    { "engineering cline:department.developers.tanaka.homeKey": here },
  ],
  [
    "a home's key without its home",
    developer({ homeKey: key() }),
    { "engineering cline:department.developers.tanaka.homeKey": /with homeVolume only: .*add homeVolume/ },
  ],
  [
    "a home's key of the platform's account, where the department has its own",
    {
      engineering: {
        ...alone,
        "cline:department": { developers: { tanaka: { homeVolume: "vol-0123456789abcdef0", homeKey: key() } } },
      },
    },
    { "engineering cline:department.developers.tanaka.homeKey": /of account 444455556666/ },
  ],
  [
    "kept data of a department that shares everything",
    { design: { "cline:kept": { buckets: { reports: key() } } } },
    { "design cline:kept": /with a gateway or observability of its own; remove it; homes are adopted by homeVolume/ },
  ],
  [
    "a bucket of ours without a key",
    keptBy({ buckets: { "audit-trail": "none" } }),
    { "platform cline:kept.buckets.audit-trail": /found "none"; allowed the ARN of the key of its objects; copy/ },
  ],
  [
    "a key of the one bucket that has none",
    keptBy({ buckets: { "access-logs": key() } }),
    { "platform cline:kept.buckets.access-logs": /allowed none: load balancers log under no key of ours; write none/ },
  ],
  [
    "a bucket's key in another region, and one of another account",
    keptBy({ buckets: { reports: abroad, langfuse: foreign } }),
    { "platform cline:kept.buckets.reports": here, "platform cline:kept.buckets.langfuse": here },
  ],
  [
    "a log group's key of another account",
    keptBy({ logGroups: { "session-logs": foreign } }),
    { "platform cline:kept.logGroups.session-logs": here },
  ],
  [
    "a secret and its key in another region",
    keptBy({ secrets: { "gateway-salt": { arn: secret("platform/gateway-salt", "us-east-1"), key: abroad } } }),
    {
      "platform cline:kept.secrets.gateway-salt.arn": here,
      "platform cline:kept.secrets.gateway-salt.key": here,
    },
  ],
  [
    "a secret of another stack",
    keptBy({ secrets: { "gateway-salt": { arn: secret("hub/gateway-salt"), key: key() } } }),
    { "platform cline:kept.secrets.gateway-salt.arn": /allowed secret:cline\/example\/platform\/gateway-salt-XXXXXX/ },
  ],
  [
    "a secret of another name",
    keptBy({ secrets: { "langfuse-salt": { arn: secret("platform/gateway-salt"), key: key() } } }),
    {
      "platform cline:kept.secrets.langfuse-salt.arn": /allowed secret:cline\/example\/platform\/langfuse-salt-XXXXXX/,
    },
  ],
  [
    "adoption in an account whose owner keeps what it has once",
    { platform: { "cline:platform": { account: "shared", adopt: ["trail"] } } },
    { "platform cline:platform.adopt": /found \["trail"\]; allowed none with account: shared/ },
  ],
];

describe("kept data of an earlier stack", () => {
  it("is taken over from the stack's own region and account, by its own names", () => {
    const own = key(undefined, "444455556666");
    const change: Change = {
      ...keptBy({
        buckets: { "access-logs": "none", "audit-trail": key() },
        logGroups: { "audit-trail": key() },
        secrets: { "gateway-salt": { arn: secret("platform/gateway-salt"), key: key() } },
      }),
      engineering: {
        ...alone,
        "cline:kept": { buckets: { gateway: own } },
        "cline:department": { developers: { tanaka: { homeVolume: "vol-0123456789abcdef0", homeKey: own } } },
      },
    };
    assert.deepEqual(faultsOf(files(change)), []);
  });

  refuses(rows);

  it("has its keys named by the preview, each with what it encrypts", () => {
    const other = key().replace(/0f1e/, "9a9a");
    const change: Change = {
      ...keptBy({
        buckets: { "access-logs": "none", "audit-trail": key(), reports: other },
        logGroups: { "audit-trail": key() },
        secrets: { "gateway-salt": { arn: secret("platform/gateway-salt"), key: other } },
      }),
      ...developer({ homeVolume: "vol-0123456789abcdef0", homeKey: other }),
    };
    const notes = (stack: string) =>
      loadStackFile(files(change), stack).notes.filter((note) => note.includes("key of"));
    assert.deepEqual(notes("platform"), [
      `${key()} stays the key of the bucket audit-trail, the log group audit-trail: kept data dies with its key.`,
      `${other} stays the key of the bucket reports, the secret gateway-salt: kept data dies with its key.`,
    ]);
    assert.deepEqual(notes("engineering"), [
      `${other} stays the key of the home of tanaka: kept data dies with its key.`,
    ]);
    assert.deepEqual(notes("design"), []);
  });
});
