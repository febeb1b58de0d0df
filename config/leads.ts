import type { DepartmentSpec } from "./model";

/** A person with a lead's rights. */
export interface LeadSpec {
  /** Id of the stack file. */
  readonly id: string;
  /** Name of the IAM or Identity Center user. */
  readonly signIn: string;
}

/** The lead, then the deputies. Who is a developer too signs in under that entry's name. */
export function leadsOf({ lead, deputies, developers }: Pick<DepartmentSpec, "lead" | "deputies" | "developers">) {
  return [lead, ...deputies].map((id): LeadSpec => {
    const own = developers.find((developer) => developer.id === id);
    return { id, signIn: own?.signIn ?? id };
  });
}
