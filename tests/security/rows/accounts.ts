import assert from "node:assert/strict";
import type { Row } from "../simulate";
import type { World } from "../world";

/** Each account's owner and department, as the fixtures name their leads. */
const owners = { sato: "engineering", watanabe: "data-science" } as const;
type Owner = keyof typeof owners;

/** Every human role, and the workflow's. */
const roles = [
  ...Object.values(owners).flatMap((department) => [`example-${department}-lead`, `example-${department}-session`]),
  "example-operator",
  "example-auditor",
  "example-break-glass",
  "example-deployer",
];

const provisioner = "example-platform-langfuse-provisioner";
const initTask = "example-platform-langfuse-init-execution";

/** Accounts at Langfuse: each person against each secret, in every role that a person may have. */
export function accounts(world: World): readonly Row[] {
  const find = (name: string) => {
    const on = [...world.resourcePolicies.keys()].find((arn) => arn.slice(0, -7).endsWith(`:secret:${name}`));
    assert.ok(on, `${name} has no policy of its own`);
    return on;
  };
  const account = (owner: Owner) => find(`cline/example/${owners[owner]}/${owner}/langfuse-account`);
  const read = (
    as: Row["as"],
    who: string | undefined,
    owner: Owner,
    allowed: boolean,
    more: Partial<Row> = {},
  ): Row => ({
    title: `${JSON.stringify(as)} as ${who ?? "nobody"} ${allowed ? "reads" : "does not read"} the account of ${owner}${more.alone ? `, by the ${more.alone} alone` : ""}`,
    as,
    does: "secretsmanager:GetSecretValue",
    on: account(owner),
    with: { ...(who !== undefined && { "aws:SourceIdentity": who }), "aws:ResourceTag/Owner": owner },
    allowed,
    ...more,
  });
  return [
    ...(Object.keys(owners) as Owner[]).flatMap((owner) => [
      ...roles.flatMap((as) =>
        ["sato", "watanabe", "ono", "tanaka"].map((who) =>
          read(as, who, owner, who === owner && as === `example-${owners[owner]}-lead`),
        ),
      ),
      ...layers(owner, read, find),
    ]),
  ];
}

/** Each layer by itself, as if the others had been widened. */
function layers(
  owner: Owner,
  read: (as: Row["as"], who: string | undefined, owner: Owner, allowed: boolean, more?: Partial<Row>) => Row,
  find: (name: string) => string,
): readonly Row[] {
  const department = owners[owner];
  const lead = `example-${department}-lead`;
  const other = owner === "sato" ? "watanabe" : "sato";
  const key = find("cline/example/engineering/tanaka/virtual-key");
  const writes = (as: Row["as"], allowed: boolean): Row => ({
    ...read(as, owner, owner, allowed, { alone: "resource" }),
    title: `${JSON.stringify(as)} ${allowed ? "writes" : "does not write"} the account of ${owner}, by its own policy`,
    does: "secretsmanager:PutSecretValue",
  });
  return [
    ...(["policy", "boundary"] as const).flatMap((alone) => [
      read(lead, owner, owner, true, { alone }),
      read(lead, "ono", owner, false, { alone }),
      {
        ...read(lead, owner, owner, false, { alone, on: key }),
        title: `${lead} reads no virtual key that carries their name, by the ${alone} alone`,
      },
    ]),
    read(lead, other, other, false, { alone: "policy" }),
    ...[lead, provisioner, initTask].map((as) => read(as, owner, owner, true, { alone: "resource" })),
    ...[provisioner, initTask].map((as) => read(as, undefined, owner, true, { alone: "resource" })),
    ...[lead, "example-operator", "example-deployer"].flatMap((as) =>
      ["ono", undefined].map((who) => read(as, who, owner, false, { alone: "resource" })),
    ),
    read({ admin: true }, undefined, owner, false, { alone: "resource" }),
    read({ admin: true }, other, owner, false),
    writes(provisioner, true),
    ...[lead, initTask, { admin: true } as const].map((as) => writes(as, false)),
  ];
}
