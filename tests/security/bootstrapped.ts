import { planTemplate } from "../../bootstrap";
import type { Resource, Value } from "../../bootstrap/cloudformation";
import { contextOf } from "../../components/context-of";
import type { DeployedStack } from "../support/deployed";
import type { Held, PolicyDocument, WorldKey, WorldRole } from "./world";

/** What a platform's bootstrap template adds to the account. */
interface Bootstrapped {
  readonly roles: readonly WorldRole[];
  readonly keys: readonly WorldKey[];
  readonly resourcePolicies: ReadonlyMap<string, Held>;
  readonly all: readonly Held[];
}

/** Reads the templates of the platforms among the stacks. */
export function bootstrapped(stacks: readonly DeployedStack[]): readonly Bootstrapped[] {
  const specs = stacks.map(({ spec }) => spec);
  return specs.filter(({ department }) => department === undefined).map((spec) => read(spec, specs));
}

type Specs = Parameters<typeof planTemplate>[1];
type Properties = Resource["Properties"];

function read(spec: Specs[number], specs: Specs): Bootstrapped {
  const { arns } = contextOf(spec);
  const resources = Object.entries(planTemplate(spec, specs).Resources);
  const all: Held[] = [];
  const hold = (id: string, value: Value | undefined): Held => {
    const held = { at: `${spec.stack} bootstrap ${id}`, document: value as unknown as PolicyDocument };
    all.push(held);
    return held;
  };
  const of = (type: string) =>
    resources.filter(([, { Type }]) => Type === type).map(([id, r]) => [id, r.Properties] as const);
  const managed = new Map(of("AWS::IAM::ManagedPolicy").map(([id, each]) => [id, hold(id, each["PolicyDocument"])]));
  const role = ([id, properties]: readonly [string, Properties]): WorldRole => {
    const refs = (properties["ManagedPolicyArns"] ?? []) as readonly { readonly Ref: string }[];
    const { Ref: boundary } = properties["PermissionsBoundary"] as { readonly Ref: string };
    const inline = (properties["Policies"] ?? []) as readonly { readonly PolicyDocument: Value }[];
    const name = properties["RoleName"] as string;
    return {
      arn: arns.role(name),
      name,
      stack: spec.stack,
      boundary: known(managed, boundary),
      trust: hold(`${id} trust`, properties["AssumeRolePolicyDocument"]),
      policies: [
        ...refs.map(({ Ref }) => known(managed, Ref)),
        ...inline.map(({ PolicyDocument }) => hold(`${id} policy`, PolicyDocument)),
      ],
    };
  };
  return {
    roles: of("AWS::IAM::Role").map(role),
    keys: of("AWS::KMS::Alias").map(([, { AliasName }]) => ({
      arn: arns.regional("kms", "key/state"),
      alias: AliasName as string,
      policy: hold("StateKey", of("AWS::KMS::Key")[0]?.[1]["KeyPolicy"]),
    })),
    resourcePolicies: new Map(
      of("AWS::S3::BucketPolicy").map(([id, { PolicyDocument }]) => [
        arns.bucket(of("AWS::S3::Bucket")[0]?.[1]["BucketName"] as string),
        hold(id, PolicyDocument),
      ]),
    ),
    all,
  };
}

function known(managed: ReadonlyMap<string, Held>, id: string): Held {
  const held = managed.get(id);
  if (held === undefined) throw new Error(`the template has no policy ${id}`);
  return held;
}
