import type { Value } from "../frame/value";
import type { ResourceView } from "../frame/view";
import { memberOf, statementsOf, type Statement } from "./statement";

/**
 * Identities that a policy is attached to, as far as its resource shows. A managed policy may be
 * attached to any identity.
 */
export type Holder = "role" | "user" | "group" | "permission-set" | "any";

/** One policy document that grants permissions to an identity. */
export interface IdentityDocument {
  readonly document: Value;
  readonly holder: Holder;
}

const SINGLE: Readonly<Record<string, readonly [path: string, holder: Holder]>> = {
  "aws:iam/policy:Policy": ["policy", "any"],
  "aws:iam/rolePolicy:RolePolicy": ["policy", "role"],
  "aws:iam/userPolicy:UserPolicy": ["policy", "user"],
  "aws:iam/groupPolicy:GroupPolicy": ["policy", "group"],
  "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": ["inlinePolicy", "permission-set"],
};

const ROLE = "aws:iam/role:Role";
/** Cloud Control's resource, which holds one of any CloudFormation type as text. */
export const CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource";

/** The types of resource that hold identity policies, whole or in a part. */
export const IDENTITY_TYPES: readonly string[] = [...Object.keys(SINGLE), ROLE, CLOUD_CONTROL];

/** The types of resource that hold trust policies. */
export const TRUST_TYPES: readonly string[] = [ROLE, CLOUD_CONTROL];

/** Where CloudFormation's resource types, which Cloud Control takes, keep their documents. */
const CLOUD_FORMATION: ReadonlyMap<string, Holder> = new Map([
  ["AWS::IAM::Policy", "any"],
  ["AWS::IAM::ManagedPolicy", "any"],
  ["AWS::IAM::RolePolicy", "role"],
  ["AWS::IAM::UserPolicy", "user"],
  ["AWS::IAM::GroupPolicy", "group"],
  ["AWS::IAM::Role", "role"],
  ["AWS::IAM::User", "user"],
  ["AWS::IAM::Group", "group"],
  ["AWS::SSO::PermissionSet", "permission-set"],
]);

/** The documents of each resource, so that all policies share what is read of them. */
const known = new WeakMap<ResourceView, readonly IdentityDocument[]>();

/** The identity policies within a resource. Throws when a list of them is unknown. */
export function identityDocuments(resource: ResourceView): readonly IdentityDocument[] {
  let documents = known.get(resource);
  if (documents === undefined) {
    documents = read(resource);
    known.set(resource, documents);
  }
  return documents;
}

function read(resource: ResourceView): IdentityDocument[] {
  const single = SINGLE[resource.type];
  if (single !== undefined) {
    const document = resource.at(single[0]);
    return document.isSet ? [{ document, holder: single[1] }] : [];
  }
  if (resource.type === ROLE) {
    const inline = resource.at("inlinePolicies");
    return inline
      .items()
      .map((policy) => policy.at("policy"))
      .filter((document) => document.isSet)
      .map((document) => ({ document, holder: "role" }));
  }
  if (resource.type !== CLOUD_CONTROL) return [];
  const holder = CLOUD_FORMATION.get(resource.at("typeName").text() ?? "");
  if (holder === undefined) return [];
  const state = resource.at("desiredState").document();
  const nested = memberOf(state, "Policies")
    .items()
    .map((policy) => memberOf(policy, "PolicyDocument"));
  return [memberOf(state, "PolicyDocument"), memberOf(state, "InlinePolicy"), ...nested]
    .filter((document) => document.isSet)
    .map((document) => ({ document, holder }));
}

/**
 * The statements of all identity policies within a resource; a Deny in one weakens an Allow in
 * another.
 */
export function identityStatements(resource: ResourceView): Statement[] {
  return identityDocuments(resource).flatMap(({ document }) => statementsOf(document));
}

/** The trust policy of a role; absent where the resource has none. */
export function trustDocument(resource: ResourceView): Value {
  if (resource.type === CLOUD_CONTROL) {
    if (resource.at("typeName").text() !== "AWS::IAM::Role") return resource.at("assumeRolePolicy");
    return memberOf(resource.at("desiredState").document(), "AssumeRolePolicyDocument");
  }
  return resource.at("assumeRolePolicy");
}
