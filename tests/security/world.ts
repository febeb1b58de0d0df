import assert from "node:assert/strict";
import type { DocumentResource } from "../../offline/in-process";
import type { DeployedStack } from "../support/deployed";
import { bootstrapped } from "./bootstrapped";

/** A policy document as the program generated it. Mutations replace `document`. */
export interface Held {
  /** Where it stands, e.g. `platform RolePolicy gateway-task`. */
  readonly at: string;
  document: PolicyDocument;
}
export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly PolicyStatement[];
}
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface WorldRole {
  readonly arn: string;
  readonly name: string;
  readonly stack: string;
  readonly trust: Held;
  readonly policies: Held[];
  readonly boundary: Held;
}

export interface WorldKey {
  readonly arn: string;
  readonly alias: string;
  readonly policy: Held;
}

/** Everything in the account that decides about access, read from the resources as deployed. */
export interface World {
  readonly stacks: readonly DeployedStack[];
  readonly roles: ReadonlyMap<string, WorldRole>;
  readonly keys: ReadonlyMap<string, WorldKey>;
  /** By service suffix, of the platform's network. */
  readonly endpoints: ReadonlyMap<string, Held>;
  /** Resource policies by ARN: buckets, secrets, topics, queues, and the permissions of Lambda functions. */
  readonly resourcePolicies: ReadonlyMap<string, Held>;
  /** Account-wide: who may write to log groups. */
  readonly logPolicies: readonly Held[];
  readonly all: readonly Held[];
}

const text = (value: unknown, what: string): string => {
  assert.equal(typeof value, "string", `${what} is not known`);
  assert.notEqual(value, "[unknown]", `${what} is not known`);
  return value as string;
};

/** Reads the world. @throws AssertionError when a document or name is not known. */
export function worldOf(stacks: readonly DeployedStack[]): World {
  const all: Held[] = [];
  const hold = (stack: string, { type, name }: DocumentResource, value: unknown, part = ""): Held => {
    const at = `${stack} ${type.split(":").at(-1) ?? type} ${name}${part}`;
    const held = { at, document: JSON.parse(text(value, at)) as PolicyDocument };
    all.push(held);
    return held;
  };
  const each = (type: string, visit: (resource: DocumentResource, stack: string) => void): void => {
    for (const { spec, resources } of stacks) {
      for (const resource of resources) if (resource.type.endsWith(`:${type}`)) visit(resource, spec.stack);
    }
  };

  const boundaries = new Map<string, Held>();
  each("Policy", (resource, stack) => {
    if (!resource.type.startsWith("aws:iam/")) return;
    boundaries.set(text(resource.outputs["arn"], resource.name), hold(stack, resource, resource.inputs["policy"]));
  });
  const roles = new Map<string, WorldRole>();
  each("Role", (resource, stack) => {
    const { inputs, outputs } = resource;
    const name = text(inputs["name"], `name of role ${resource.name}`);
    const boundary = boundaries.get(text(inputs["permissionsBoundary"], `boundary of ${name}`));
    assert.ok(boundary, `${name} has no boundary`);
    assert.ok(!roles.has(name), `two roles are called ${name}`);
    roles.set(name, {
      arn: text(outputs["arn"], name),
      name,
      stack,
      trust: hold(stack, resource, inputs["assumeRolePolicy"], " trust"),
      policies: [],
      boundary,
    });
  });
  each("RolePolicy", (resource, stack) => {
    const role = roles.get(text(resource.inputs["role"], resource.name));
    assert.ok(role, `${resource.name} belongs to no role`);
    role.policies.push(hold(stack, resource, resource.inputs["policy"]));
  });

  const policiesOfKeys = new Map<string, Held>();
  const keys = new Map<string, WorldKey>();
  each("Key", (resource, stack) => {
    if (!resource.type.startsWith("aws:kms/")) return;
    const { outputs, inputs } = resource;
    policiesOfKeys.set(text(outputs["keyId"], resource.name), hold(stack, resource, inputs["policy"]));
  });
  each("Alias", (resource) => {
    if (!resource.type.startsWith("aws:kms/")) return;
    const alias = text(resource.inputs["name"], resource.name);
    const keyId = text(resource.inputs["targetKeyId"], alias);
    const policy = policiesOfKeys.get(keyId);
    assert.ok(policy, `${alias} names no key`);
    keys.set(alias, { arn: `arn:aws:kms:ap-northeast-1:111122223333:key/${keyId}`, alias, policy });
  });

  const endpoints = new Map<string, Held>();
  each("VpcEndpoint", (resource, stack) => {
    const service = text(resource.inputs["serviceName"], resource.name).replace(/^com\.amazonaws\.[^.]+\./, "");
    if (resource.inputs["policy"] !== undefined)
      endpoints.set(service, hold(stack, resource, resource.inputs["policy"]));
  });

  const resourcePolicies = new Map<string, Held>();
  each("BucketPolicy", (resource, stack) => {
    const bucket = text(resource.inputs["bucket"], resource.name);
    resourcePolicies.set(`arn:aws:s3:::${bucket}`, hold(stack, resource, resource.inputs["policy"]));
  });
  each("Secret", (resource, stack) => {
    if (resource.inputs["policy"] === undefined) return;
    const arn = text(resource.outputs["arn"], resource.name);
    resourcePolicies.set(arn, hold(stack, resource, resource.inputs["policy"]));
  });
  each("TopicPolicy", (resource, stack) => {
    resourcePolicies.set(text(resource.inputs["arn"], resource.name), hold(stack, resource, resource.inputs["policy"]));
  });
  for (const made of bootstrapped(stacks)) {
    for (const role of made.roles) roles.set(role.name, role);
    for (const key of made.keys) keys.set(key.alias, key);
    for (const [arn, policy] of made.resourcePolicies) resourcePolicies.set(arn, policy);
    all.push(...made.all);
  }
  each("Queue", (resource, stack) => {
    const arn = text(resource.outputs["arn"], resource.name);
    resourcePolicies.set(arn, hold(stack, resource, resource.inputs["policy"]));
  });
  const functions = new Map<string, string>();
  each("Function", ({ name, inputs, outputs }) => {
    if (inputs["runtime"] !== undefined) functions.set(text(inputs["name"], name), text(outputs["arn"], name));
  });
  each("Permission", (resource, stack) => {
    const arn = functions.get(text(resource.inputs["function"], resource.name));
    assert.ok(arn, `${resource.name} is a permission of no function`);
    assert.ok(!resourcePolicies.has(arn), `${arn} has two permissions: join their statements here`);
    resourcePolicies.set(arn, hold(stack, resource, permission(resource, arn)));
  });
  const logPolicies: Held[] = [];
  each("LogResourcePolicy", (resource, stack) => {
    logPolicies.push(hold(stack, resource, resource.inputs["policyDocument"]));
  });
  return { stacks, roles, keys, endpoints, resourcePolicies, logPolicies, all };
}

/**
 * The statement that Lambda's AddPermission writes into the function's policy.
 * Source: Lambda Developer Guide, "Using resource-based policies in Lambda".
 */
function permission({ name, inputs }: DocumentResource, arn: string): string {
  const known = (key: string) => (inputs[key] === undefined ? undefined : text(inputs[key], `${name} ${key}`));
  const [sourceArn, sourceAccount] = [known("sourceArn"), known("sourceAccount")];
  const statement = {
    Effect: "Allow",
    Principal: { Service: text(inputs["principal"], name) },
    Action: text(inputs["action"], name),
    Resource: arn,
    Condition: {
      ...(sourceArn !== undefined && { ArnLike: { "aws:SourceArn": sourceArn } }),
      ...(sourceAccount !== undefined && { StringEquals: { "aws:SourceAccount": sourceAccount } }),
    },
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

/** A role by name; a missing one is the test's fault. */
export function roleOf(world: World, name: string): WorldRole {
  const role = world.roles.get(name);
  assert.ok(role, `no role ${name}; there are ${[...world.roles.keys()].join(", ")}`);
  return role;
}
