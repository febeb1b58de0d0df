import { defaultOf } from "../data/provider-defaults";
import { Value } from "../frame/value";
import type { ResourceView } from "../frame/view";

/** The input as given; where the program gives none, the default that AWS or the provider sets. */
export function effective(resource: ResourceView, input: string): Value {
  const given = resource.at(input);
  const value = given.isSet ? undefined : defaultOf(resource.type, input);
  return value === undefined ? given : Value.of(value, input);
}
