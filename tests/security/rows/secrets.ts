import assert from "node:assert/strict";
import { account, region, type Row } from "../simulate";
import type { World } from "../world";

/** Roles that may read each kind of secret's value, by the secret's name; nobody else may. `DEV` and `DEPARTMENT` stand for every one. */
const readers: readonly (readonly [RegExp, (match: RegExpExecArray) => readonly string[]])[] = [
  [
    /\/([a-z-]+)\/virtual-key$/,
    ([, developer]) => [`example-ws-${String(developer)}`, "example-platform-key-rotation"],
  ],
  [
    /platform\/gateway-master-key$/,
    () => [
      "example-platform-gateway-execution",
      "example-platform-access-reconciler",
      "example-platform-key-rotation",
      "example-platform-key-admin",
      "example-platform-usage-report",
      "example-platform-spend-check",
      "example-platform-batch-runner",
    ],
  ],
  [/platform\/gateway-canary-key$/, () => ["example-platform-access-reconciler", "example-platform-gateway-canary"]],
  // Set by the deployer and told to the tasks inside the connections.
  [/platform\/gateway-cache-password$/, () => []],
  [/platform\/gateway-(salt|connections)$/, () => ["example-platform-gateway-execution"]],
  [
    /platform\/langfuse-certificate$/,
    () => [
      "example-platform-langfuse-init-execution",
      "example-platform-langfuse-execution",
      "example-platform-trace-certificates",
    ],
  ],
  [
    /platform\/langfuse-database-owner$/,
    () => [
      "example-platform-langfuse-database-setup",
      "example-platform-langfuse-execution",
      "example-platform-langfuse-worker-execution",
      "example-platform-langfuse-init-execution",
    ],
  ],
  [
    /platform\/langfuse-clickhouse$/,
    () => [
      "example-platform-clickhouse",
      "example-platform-langfuse-execution",
      "example-platform-langfuse-worker-execution",
      "example-platform-langfuse-init-execution",
    ],
  ],
  [
    /platform\/langfuse-[a-z-]+$/,
    () => [
      "example-platform-langfuse-execution",
      "example-platform-langfuse-worker-execution",
      "example-platform-langfuse-init-execution",
    ],
  ],
  [
    /platform\/collector-config$/,
    () => ["example-platform-collector-execution", "example-platform-langfuse-provisioner"],
  ],
  [
    /platform\/collector-certificate$/,
    () => ["example-platform-collector-execution", "example-platform-trace-certificates"],
  ],
  [/platform\/clickhouse-certificate$/, () => ["example-platform-clickhouse", "example-platform-trace-certificates"]],
  [
    /platform\/traces-authority$/,
    () => [
      "example-platform-collector-execution",
      "example-platform-langfuse-init-execution",
      "example-platform-langfuse-execution",
      "example-platform-langfuse-worker-execution",
      "example-platform-langfuse-access",
      "example-platform-trace-certificates",
    ],
  ],
  // And their owner: the table of accounts.
  [/\/langfuse-account$/, () => ["example-platform-langfuse-provisioner", "example-platform-langfuse-init-execution"]],
  [
    /\/langfuse$/,
    () => [
      "example-platform-langfuse-provisioner",
      // The one-off task that makes the project; the services never.
      "example-platform-langfuse-init-execution",
    ],
  ],
];

const secretNames = (world: World): readonly string[] =>
  world.stacks.flatMap(({ resources }) =>
    resources
      .filter(({ type }) => type === "aws:secretsmanager/secret:Secret")
      .map(({ inputs }) => String(inputs["name"])),
  );

/** Reading a secret's value: every role and every secret of all stacks, against the table above. */
export function secrets(world: World): readonly Row[] {
  const names = secretNames(world);
  assert.ok(names.some((name) => name.endsWith("virtual-key")));
  const rows = names.flatMap((name) => {
    const found = readers.map(([pattern, who]) => [pattern.exec(name), who] as const).find(([match]) => match !== null);
    assert.ok(found?.[0], `${name}: say here who may read it`);
    const allowed = new Set(found[1](found[0]));
    const held = [...world.resourcePolicies.keys()].find((arn) => arn.slice(0, -7).endsWith(`:secret:${name}`));
    const on = held ?? `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCdEf`;
    return [...world.roles.keys()].map((as): Row => ({
      title: `${as} ${allowed.has(as) ? "reads" : "does not read"} ${name}`,
      as,
      does: "secretsmanager:GetSecretValue",
      on,
      allowed: allowed.has(as),
    }));
  });
  const virtualKeys = [...world.resourcePolicies.keys()].filter((arn) => arn.includes("/virtual-key-"));
  const rotation = "example-platform-key-rotation";
  return [
    ...rows,
    ...virtualKeys.flatMap((on): Row[] => {
      const developer = /\/([a-z-]+)\/virtual-key-/.exec(on)?.[1] ?? "";
      const row = (as: Row["as"], does: string, allowed: boolean): Row => ({
        title: `the key's own policy ${allowed ? "admits" : "refuses"} ${JSON.stringify(as)} for ${does} of ${developer}`,
        as,
        does: `secretsmanager:${does}`,
        on,
        alone: "resource",
        allowed,
      });
      return [
        row({ admin: true }, "GetSecretValue", false),
        row({ admin: true }, "PutSecretValue", false),
        row({ admin: true }, "UpdateSecretVersionStage", false),
        row(`example-ws-${developer}`, "GetSecretValue", true),
        row(`example-ws-${developer}`, "PutSecretValue", false),
        row(rotation, "GetSecretValue", true),
        row(rotation, "PutSecretValue", true),
      ];
    }),
    {
      title: "a developer's namesake does not read their key",
      as: "example-ws-tanaka",
      does: "secretsmanager:GetSecretValue",
      on: `arn:aws:secretsmanager:${region}:${account}:secret:cline/example/engineering/tanaka-jr/virtual-key-AbCdEf`,
      allowed: false,
    },
    ...(["gateway", "langfuse"] as const).flatMap((database): Row[] => {
      const read = (title: string, cluster: string, allowed: boolean): Row => ({
        title: `${database}'s database set-up reads the master password of ${title}`,
        as: `example-platform-${database}-database-setup`,
        does: "secretsmanager:GetSecretValue",
        on: `arn:aws:secretsmanager:${region}:${account}:secret:rds!cluster-1-AbCdEf`,
        with: { "aws:ResourceTag/aws:rds:primaryDBClusterArn": `arn:aws:rds:${region}:${account}:cluster:${cluster}` },
        allowed,
      });
      return [
        read("its own cluster", `example-platform-${database}-database`, true),
        read("another cluster", "payroll", false),
      ];
    }),
  ];
}
