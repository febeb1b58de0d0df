import assert from "node:assert/strict";
import { runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import { roleOf, type Held, type World } from "./world";

export const account = "111122223333";
export const region = "ap-northeast-1";
export const stranger = "999988887777";
/** ARN of a resource of this account and region; `owner` is another account. */
export const arn = (service: string, resource: string, owner = account): string =>
  `arn:aws:${service}:${region}:${owner}:${resource}`;

/** Issuer of the tokens that workflows carry. */
export const issuer = "token.actions.githubusercontent.com";

/** Condition keys of a request and their values. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** A request and what must come of it. */
export interface Row {
  readonly title: string;
  /** A role's name; `{ service }`; `{ user }` of the account; `{ workflow }`: a job with a token of the repository's host; `{ outsider }`: an administrator of another account; `{ admin }`: one of this one. */
  readonly as:
    | string
    | { readonly service: string }
    | { readonly user: string }
    | { readonly workflow: true }
    | { readonly outsider: true }
    | { readonly admin: true };
  readonly does: string;
  readonly on: string;
  readonly with?: Context;
  /** Service suffix of the endpoint it comes through; absent: none. */
  readonly through?: string;
  /**
   * The one layer that decides, with every other taken away, as if an attacker had widened it: `policy` the role's own, `boundary`, `endpoint`, `resource`.
   * Absent: all together.
   */
  readonly alone?: "policy" | "boundary" | "endpoint" | "resource";
  readonly allowed: boolean;
}

const everything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

/** A resource policy that leaves everything to identity policies, as keys and roles need one. */
const trusting: Held = {
  at: "a trusting resource policy",
  document: {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "*", Resource: "*" }],
  },
};

function resourcePolicyFor(world: World, on: string): Held | undefined {
  if (on.startsWith("arn:aws:iam:")) return [...world.roles.values()].find(({ arn }) => arn === on)?.trust;
  if (on.startsWith("arn:aws:kms:")) return [...world.keys.values()].find(({ arn }) => arn === on)?.policy;
  if (on.startsWith("arn:aws:s3:::")) return world.resourcePolicies.get(on.split("/")[0] ?? on);
  if (on.startsWith("arn:aws:logs:")) return logPolicyFor(world);
  return world.resourcePolicies.get(on);
}

/** The account's log resource policies as one: AWS evaluates them together. */
function logPolicyFor({ logPolicies }: World): Held | undefined {
  const [first, ...others] = logPolicies;
  assert.deepEqual(others, [], "several log resource policies: join their statements here");
  return first;
}

/** The simulator does not know keys with a name of one's own behind a colon: documents and requests get another that it treats alike. */
function spelled<T>(value: T): T {
  const text = JSON.stringify(value);
  if (!text.includes("kms:EncryptionContext:") && !text.includes(`${issuer}:`)) return value;
  const tag = (_: string, name: string) => `"aws:PrincipalTag/kms-context-${name.replaceAll(":", "-")}"`;
  return JSON.parse(
    text.replace(/"kms:EncryptionContext:([^"]+)"/g, tag).replaceAll(`"${issuer}:`, '"aws:PrincipalTag/token-'),
  ) as T;
}

interface Caller {
  readonly principal: string;
  readonly context: Readonly<Record<string, string>>;
  readonly policies: readonly Held[];
  readonly boundary?: Held;
}

function callerOf(world: World, { as }: Row): Caller {
  const own = (arn: string, owner: string) => ({ "aws:PrincipalArn": arn, "aws:PrincipalAccount": owner });
  if (typeof as === "string") {
    const role = roleOf(world, as);
    return {
      principal: `arn:aws:sts::${account}:assumed-role/${role.name}/session`,
      context: { ...own(role.arn, account), "aws:userid": "AROAEXAMPLE:session", "aws:PrincipalIsAWSService": "false" },
      policies: role.policies,
      boundary: role.boundary,
    };
  }
  if ("service" in as) {
    return { principal: as.service, context: { "aws:PrincipalIsAWSService": "true" }, policies: [] };
  }
  if ("workflow" in as) {
    return { principal: `arn:aws:iam::${account}:oidc-provider/${issuer}`, context: {}, policies: [] };
  }
  const [owner, name] =
    "outsider" in as
      ? [stranger, "user/administrator"]
      : "admin" in as
        ? [account, "role/administrator"]
        : [account, `user/${as.user}`];
  return {
    principal:
      "admin" in as ? `arn:aws:sts::${account}:assumed-role/administrator/session` : `arn:aws:iam::${owner}:${name}`,
    context: {
      ...own(`arn:aws:iam::${owner}:${name}`, owner),
      "aws:PrincipalIsAWSService": "false",
      ...("user" in as && { "aws:username": as.user }),
    },
    policies: [{ at: "an administrator", document: everything as Held["document"] }],
  };
}

/** Whether AWS would allow it, and the documents that had a say. */
export async function simulate(
  world: World,
  row: Row,
): Promise<{ readonly allowed: boolean; readonly asked: readonly Held[] }> {
  const caller = callerOf(world, row);
  const takes = (layer: Row["alone"]) => row.alone === undefined || row.alone === layer;
  const own = resourcePolicyFor(world, row.on);
  // Without a trust policy the simulator allows what AWS denies.
  if (row.does.startsWith("sts:AssumeRole")) assert.ok(own, `${row.title}: ${row.on} has no trust policy`);
  const resourcePolicy = takes("resource") ? own : (own ?? row.does.startsWith("kms:")) ? trusting : undefined;
  const endpoint = row.through === undefined || !takes("endpoint") ? undefined : world.endpoints.get(row.through);
  if (row.through !== undefined && takes("endpoint")) assert.ok(endpoint, `${row.title}: no endpoint ${row.through}`);
  const policies = takes("policy") ? caller.policies : [];
  const boundary = takes("boundary") ? caller.boundary : undefined;
  const open = [{ name: "everything", policy: everything }];
  const named = (held: readonly Held[]) => held.map(({ at, document }) => ({ name: at, policy: spelled(document) }));
  const isService = typeof row.as === "object" && ("service" in row.as || "workflow" in row.as);

  const simulation: Simulation = {
    request: {
      principal: caller.principal,
      action: row.does,
      resource: { resource: row.on, accountId: row.on.split(":")[4] || account },
      contextVariables: { ...caller.context, ...(spelled(row.with ?? {}) as Record<string, string | string[]>) },
    },
    identityPolicies: isService ? [] : takes("policy") ? named(policies) : open,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(resourcePolicy && { resourcePolicy: spelled(resourcePolicy.document) }),
    ...(boundary && { permissionBoundaryPolicies: named([boundary]) }),
    ...(endpoint && { vpcEndpointPolicies: named([endpoint]) }),
  };
  const result = await runSimulation(simulation, {});
  if (result.resultType === "error") throw new Error(`${row.title}: ${JSON.stringify(result.errors)}`);
  if (result.resultType === "single") {
    const ignored = new Set(result.result.ignoredContextKeys?.map((key) => key.toLowerCase()));
    const missed = Object.keys(row.with ?? {}).filter((key) => ignored.has(key.toLowerCase()));
    assert.deepEqual(missed, [], `${row.title}: AWS does not send these keys with ${row.does}`);
  }
  const asked = [...policies, ...[boundary, resourcePolicy, endpoint].filter((held) => held !== undefined)];
  return { allowed: result.overallResult === "Allowed", asked };
}
