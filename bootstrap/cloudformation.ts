/** A property's value in a template: plain data, or an intrinsic function. */
export type Value = string | number | boolean | readonly Value[] | { readonly [name: string]: Value };

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: "Retain";
  readonly UpdateReplacePolicy?: "Retain";
  readonly Properties: Readonly<Record<string, Value>>;
}

/** A template, as CloudFormation reads it. */
export interface Template {
  readonly AWSTemplateFormatVersion: "2010-09-09";
  readonly Description: string;
  readonly Parameters?: Readonly<Record<string, Value>>;
  readonly Conditions?: Readonly<Record<string, Value>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Description: string; readonly Value: Value }>>;
}

export const resource = (Type: string, Properties: Resource["Properties"]): Resource => ({ Type, Properties });

/** A resource that outlives the stack and its own replacement. */
export const kept = (Type: string, Properties: Resource["Properties"]): Resource => ({
  Type,
  DeletionPolicy: "Retain",
  UpdateReplacePolicy: "Retain",
  Properties,
});

/** A policy document as a template holds it. */
export const policyValue = (policy: string): Value => JSON.parse(policy) as Value;

export const tagList = (tags: Readonly<Record<string, string>>): Value =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
