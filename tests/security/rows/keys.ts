import assert from "node:assert/strict";
import { account, region, type Row } from "../simulate";
import type { World } from "../world";

type Purpose = "data" | "logs" | "secrets" | "sessions";
/** Whose key of a purpose a role may use: of its own stack, of the platform, of every stack. */
type Reach = "own" | "platform" | "every";
type Action = "Decrypt" | "GenerateDataKey" | "CreateGrant" | "GenerateDataKeyWithoutPlaintext";
interface Use {
  readonly purpose: Purpose;
  /** Service that calls KMS for the role; absent: the role itself. */
  readonly via?: string;
  readonly reach?: Reach;
  readonly does?: readonly Action[];
}

const read = ["Decrypt"] as const;
const both = ["Decrypt", "GenerateDataKey"] as const;
/** The key probe's call: it takes data keys, none of them in plaintext. */
const probe = "GenerateDataKeyWithoutPlaintext";
const actions: readonly Action[] = ["Decrypt", "GenerateDataKey", "CreateGrant"];
const queue: Use = { purpose: "data", via: "sqs", does: both };
const secret: Use = { purpose: "secrets", via: "secretsmanager" };
const state: Use = { purpose: "data", via: "s3", reach: "every" };
const start = (reach: Reach): Use => ({ purpose: "data", via: "ec2", reach, does: ["CreateGrant"] });

/** Which keys each role may use, by what its name says it is; nothing else, and no other stack's. First match counts. */
const uses: readonly (readonly [RegExp, readonly Use[]])[] = [
  [/-schedule$/, [{ purpose: "data" }]],
  [
    /-ws-/,
    [
      { purpose: "sessions", reach: "platform" },
      { ...secret },
      { purpose: "data", via: "s3" },
      { purpose: "logs", via: "s3", reach: "platform", does: both },
      { purpose: "data", via: "s3", reach: "platform", does: both },
    ],
  ],
  [/-session$/, [{ purpose: "sessions", reach: "platform", does: ["GenerateDataKey"] }, start("own")]],
  [/-lead$/, [{ purpose: "data", via: "s3", reach: "platform" }, start("own"), secret]],
  [/-operator$/, [{ purpose: "data", via: "s3", reach: "every" }, start("every")]],
  [
    /-auditor$/,
    [
      { purpose: "data", via: "s3", reach: "every" },
      { purpose: "logs", via: "s3", reach: "every" },
    ],
  ],
  [/-idle-stop$/, [queue, start("every")]],
  [/-snapshots$/, [{ purpose: "data", via: "ec2", reach: "every", does: both }]],
  [/-key-rotation$/, [queue, state, { ...secret, reach: "every", does: both }]],
  [/-(access-reconciler|key-admin)$/, [queue, state, secret]],
  [/-langfuse-provisioner$/, [queue, { ...secret, reach: "every", does: both }]],
  [/-trace-certificates$/, [queue, { ...secret, does: both }]],
  [/-langfuse-init-execution$/, [{ ...secret, reach: "every" }]],
  [/-(gateway|collector|langfuse|langfuse-worker)-execution$|-clickhouse$|-langfuse-access$/, [secret]],
  [/-(database-setup|gateway-canary)$/, [queue, secret]],
  [/-spend-check$/, [queue, secret, { purpose: "data", via: "s3" }]],
  [/-batch-runner$/, [queue, secret, state, { purpose: "data", via: "s3", does: both }]],
  [/-usage-report$/, [queue, secret, { purpose: "data", via: "s3", does: both }]],
  [/-artifact-builder$|-langfuse(-worker)?-task$|-bedrock-batch$/, [{ purpose: "data", via: "s3", does: both }]],
  [/-gateway-task$/, [{ purpose: "data", via: "s3" }]],
  [
    /-key-probe$/,
    [
      queue,
      ...(["data", "logs", "secrets", "sessions"] as const).map((purpose): Use => ({
        purpose,
        reach: "every",
        does: [probe],
      })),
    ],
  ],
  [/-(artifact-mirror|budget-stop|certificate|gateway-migration)$/, [queue]],
  [
    /-deployer$/,
    (["data", "logs", "secrets", "sessions"] as const).flatMap((purpose) =>
      ["ec2", "s3", "secretsmanager", "sqs"].map((via): Use => ({
        purpose,
        via,
        reach: "every",
        does: [...both, "CreateGrant"],
      })),
    ),
  ],
  [/-(audit-trail|audit-workflow|break-glass|collector-task|event-forward|flow-logs|model-invocations)$/, []],
];

const services = ["ec2", "s3", "secretsmanager", "sqs"] as const;
const viaService = (service: string) => `${service}.${region}.amazonaws.com`;

/** Every role against every key, directly and through each service, by the role's own policy; and every key's own policy. */
export function keys(world: World): readonly Row[] {
  const stackOf = (alias: string) => alias.split("/")[3] ?? "";
  const ofPurpose = [...world.keys.values()].filter(({ alias }) => /\/(data|logs|secrets|sessions)$/.test(alias));
  const identity = [...world.roles.values()].flatMap(({ name, stack }) => {
    const mine = uses.find(([pattern]) => pattern.test(name))?.[1];
    assert.ok(mine, `${name}: say here which keys it may use`);
    return ofPurpose.flatMap(({ arn, alias }) =>
      [undefined, ...services].flatMap((via) =>
        (name.endsWith("-key-probe") ? [...actions, probe] : actions).map((does): Row => {
          const allowed = mine.some(
            (use) =>
              alias.endsWith(`/${use.purpose}`) &&
              (use.does ?? read).some((action) => action === does) &&
              (use.via === undefined || use.via === via) &&
              (use.reach === "every" || stackOf(alias) === (use.reach === "platform" ? "platform" : stack)),
          );
          return {
            title: `${name} ${allowed ? "may" : "may not"} ${does} with ${alias}${via === undefined ? "" : ` through ${via}`}`,
            as: name,
            does: `kms:${does}`,
            on: arn,
            with: {
              "kms:ResourceAliases": [alias],
              ...(via && { "kms:ViaService": viaService(via) }),
              ...(does === "CreateGrant" && { "kms:GrantIsForAWSResource": "true" }),
            },
            alone: "policy",
            allowed,
          };
        }),
      ),
    );
  });
  const grants = [...world.roles.keys()]
    .filter((name) => /-(session|lead|operator|idle-stop)$/.test(name))
    .map((as): Row => {
      const stack = /^example-([a-z-]+)-(session|lead)$/.exec(as)?.[1] ?? "platform";
      const alias = `alias/cline/example/${stack}/data`;
      return {
        title: `${as} gives no grant but to an AWS resource`,
        as,
        does: "kms:CreateGrant",
        on: world.keys.get(alias)?.arn ?? "",
        with: {
          "kms:ResourceAliases": [alias],
          "kms:ViaService": viaService("ec2"),
          "kms:GrantIsForAWSResource": "false",
        },
        alone: "policy",
        allowed: false,
      };
    });
  // Its statements name every purpose: a key with an alias of another kind shows that each counts.
  const foreign = [...world.roles.keys()]
    .filter((name) => name.endsWith("-key-probe"))
    .map((as): Row => ({
      title: `${as} probes no key with an alias of another kind`,
      as,
      does: `kms:${probe}`,
      on: ofPurpose[0]?.arn ?? "",
      with: { "kms:ResourceAliases": ["alias/other"] },
      alone: "policy",
      allowed: false,
    }));
  return [
    ...identity,
    ...grants,
    ...foreign,
    ...ofPurpose.flatMap((key) => keyPolicy(key.arn, key.alias)),
    ...authorities.flatMap((each) => authority(world, each)),
  ];
}

/** A key's own policy, with every identity policy widened. */
function keyPolicy(on: string, alias: string): readonly Row[] {
  const purpose = alias.split("/").at(-1) as Purpose;
  const stack = alias.split("/")[3] ?? "";
  const row = (title: string, as: Row["as"], does: string, context: Row["with"], allowed: boolean): Row => ({
    title: `${alias}: ${title}`,
    as,
    does: `kms:${does}`,
    on,
    ...(context && { with: context }),
    alone: "resource",
    allowed,
  });
  const admin = { admin: true } as const;
  const through = { data: "ec2", logs: "s3", secrets: "secretsmanager", sessions: undefined }[purpose];
  const service = (name: string, does: string, context: Row["with"], allowed: boolean): Row =>
    row(
      `${name} ${allowed ? "may" : "may not"} ${does} with ${JSON.stringify(context)}`,
      { service: name },
      does,
      context,
      allowed,
    );
  const own = { "aws:SourceAccount": account };
  const other = { "aws:SourceAccount": "999988887777" };
  const granting = purpose === "data" || purpose === "secrets";
  return [
    row("an administrator manages it", admin, "PutKeyPolicy", undefined, true),
    row("an administrator does not decrypt with it", admin, "Decrypt", undefined, false),
    row("an administrator of another account does not use it", { outsider: true }, "Decrypt", undefined, false),
    row(
      "an administrator does not decrypt through another service",
      admin,
      "Decrypt",
      { "kms:ViaService": viaService("workmail") },
      false,
    ),
    row("a role of this organization calls it", "example-platform-idle-stop-schedule", "Decrypt", undefined, true),
    row("Lightsail may not use it in its own name", { service: "lightsail.amazonaws.com" }, "Decrypt", own, false),
    ...(through === undefined
      ? []
      : [
          row(
            `an administrator decrypts through ${through}`,
            admin,
            "Decrypt",
            { "kms:ViaService": viaService(through) },
            true,
          ),
        ]),
    ...(granting
      ? [
          row(
            "a service holds on to it by grant",
            admin,
            "CreateGrant",
            { "kms:ViaService": viaService("rds"), "kms:GrantIsForAWSResource": "true" },
            true,
          ),
          row(
            "nobody else gets a grant",
            admin,
            "CreateGrant",
            { "kms:ViaService": viaService("rds"), "kms:GrantIsForAWSResource": "false" },
            false,
          ),
          row(
            "no grant through another service",
            admin,
            "CreateGrant",
            { "kms:ViaService": viaService("workmail"), "kms:GrantIsForAWSResource": "true" },
            false,
          ),
        ]
      : []),
    ...(purpose === "data" ? dataServices(service, stack, own, other) : []),
    ...(purpose === "logs" ? logServices(service, stack, own, other) : []),
  ];
}

type ServiceRow = (name: string, does: string, context: Row["with"], allowed: boolean) => Row;
type Accounts = Readonly<Record<string, string>>;

function dataServices(service: ServiceRow, stack: string, own: Accounts, other: Accounts): Row[] {
  const cluster = (owner: string, name: string) => ({
    "kms:EncryptionContext:aws:ecs:clusterAccount": owner,
    "kms:EncryptionContext:aws:ecs:clusterName": name,
  });
  const mine = `example-${stack}-gateway`;
  const fargate = "fargate.amazonaws.com";
  return [
    ...["budgets", "cloudwatch", "sns"].flatMap((name) => [
      service(`${name}.amazonaws.com`, "GenerateDataKey", own, true),
      service(`${name}.amazonaws.com`, "GenerateDataKey", other, false),
    ]),
    service("events.amazonaws.com", "GenerateDataKey", undefined, true),
    service(fargate, "GenerateDataKeyWithoutPlaintext", cluster(account, mine), true),
    service(fargate, "GenerateDataKeyWithoutPlaintext", cluster("999988887777", mine), false),
    service(fargate, "GenerateDataKeyWithoutPlaintext", cluster(account, "payroll"), false),
    service(fargate, "CreateGrant", { ...cluster(account, mine), "kms:GrantOperations": ["Decrypt"] }, true),
    service(fargate, "CreateGrant", { ...cluster(account, mine), "kms:GrantOperations": ["Encrypt"] }, false),
    service(fargate, "CreateGrant", { ...cluster("999988887777", mine), "kms:GrantOperations": ["Decrypt"] }, false),
    service(fargate, "CreateGrant", { ...cluster(account, "payroll"), "kms:GrantOperations": ["Decrypt"] }, false),
  ];
}

function logServices(service: ServiceRow, stack: string, own: Accounts, other: Accounts): Row[] {
  const group = (name: string) => ({
    "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${account}:log-group:${name}`,
  });
  const logs = `logs.${region}.amazonaws.com`;
  const trail = (owner: string) => ({
    "aws:SourceArn": `arn:aws:cloudtrail:${region}:${owner}:trail/example-platform`,
  });
  return [
    service(logs, "Encrypt", group(`/cline/example/${stack}/gateway`), true),
    service(logs, "Encrypt", group("/cline/example/some-other-stack/gateway"), false),
    service(logs, "Encrypt", group(`/aws/rds/cluster/example-${stack}-gateway-database/postgresql`), true),
    service(logs, "Encrypt", group(`/aws/ecs/containerinsights/example-${stack}-gateway/performance`), true),
    service(logs, "Encrypt", group("/aws/ecs/containerinsights/payroll/performance"), false),
    service(logs, "Encrypt", group("/payroll"), false),
    service("cloudtrail.amazonaws.com", "GenerateDataKey", { ...own, ...trail(account) }, true),
    service("cloudtrail.amazonaws.com", "GenerateDataKey", { ...other, ...trail(account) }, false),
    service("cloudtrail.amazonaws.com", "GenerateDataKey", { ...own, ...trail("999988887777") }, false),
    service("delivery.logs.amazonaws.com", "GenerateDataKey", own, true),
    service("delivery.logs.amazonaws.com", "GenerateDataKey", other, false),
  ];
}

/** The certificate authorities of the gateway and of the trace store, and the one issuer of each. */
const authorities = [
  ["certificate-authority", "example-platform-certificate", "example-platform-trace-certificates"],
  ["traces-authority", "example-platform-trace-certificates", "example-platform-certificate"],
] as const;

function authority(world: World, [purpose, issuer, other]: (typeof authorities)[number]): readonly Row[] {
  const alias = `alias/cline/example/platform/${purpose}`;
  const key = world.keys.get(alias);
  assert.ok(key, alias);
  const sign = (title: string, as: Row["as"], allowed: boolean, more: Partial<Row> = {}): Row => ({
    title: `${purpose}: ${title}`,
    as,
    does: "kms:Sign",
    on: key.arn,
    with: { "kms:ResourceAliases": [alias] },
    allowed,
    ...more,
  });
  return [
    sign("the issuer signs", issuer, true),
    sign("the other authority's issuer does not sign", other, false),
    sign("an administrator does not sign", { admin: true }, false),
    sign("no other role signs", "example-platform-key-rotation", false, { alone: "resource" }),
    sign("the issuer signs with no other key", issuer, false, {
      alone: "policy",
      with: { "kms:ResourceAliases": ["alias/cline/example/platform/other-authority"] },
    }),
  ];
}
