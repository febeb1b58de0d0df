import { StackFilesError, type DeveloperSpec, type SoundDepartments, type StackSpec } from "../../config";
import { nearest } from "../../config/nearest";
import { UsageError } from "../usage";

/** A developer and the stack of the department. */
export interface Found {
  readonly spec: StackSpec;
  readonly developer: DeveloperSpec;
}

/**
 * Finds a person by id or sign-in name. The loader has refused a person of two departments.
 * @param asked absent: the user of this machine
 * @throws UsageError with the next step
 * @throws StackFilesError where the person may stand in a file that has faults
 */
export function findPerson(
  { departments: specs, faults }: SoundDepartments,
  asked: string | undefined,
  user: string,
): Found {
  if (asked?.trim() === "")
    throw new UsageError("PERSON: found an empty text; allowed the id of a developer; write one");
  const name = asked ?? user;
  const all = specs.flatMap((spec) =>
    (spec.department?.developers ?? []).map((developer): Found => ({ spec, developer })),
  );
  const found =
    all.find(({ developer }) => developer.id === name) ?? all.find(({ developer }) => developer.signIn === name);
  if (found !== undefined) return found;
  if (faults.length > 0) throw new StackFilesError(faults);
  throw new UsageError(`PERSON: found ${told(name, asked)}; ${next(specs, all, name)}`);
}

const told = (name: string, asked: string | undefined): string =>
  asked === undefined ? `none given, and ${name}, this machine's user, is no developer` : name;

function next(specs: readonly StackSpec[], all: readonly Found[], name: string): string {
  const leads = specs.find(({ department }) =>
    [department?.lead, ...(department?.deputies ?? [])].some((id) => id === name),
  );
  if (leads !== undefined)
    return `allowed a developer; ${name} leads ${leads.stack} and has no workspace: add \`${name}: {}\` to developers of stacks/Pulumi.${leads.stack}.yaml and deploy it`;
  const { operators = [], auditors = [] } = specs[0]?.platform ?? {};
  if ([...operators, ...auditors].includes(name))
    return `allowed a developer; ${name} is of the platform's teams, which have no workspace; a department's lead adds people to developers`;
  const near = nearest(
    name,
    all.map(({ developer }) => developer.id),
  );
  if (near !== undefined) return `allowed a developer of a department; did you mean ${near}?`;
  return "allowed a developer of a department; ask the department's lead to add the line, then pull the change";
}
