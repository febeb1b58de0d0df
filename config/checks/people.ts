import { type Fault, shown } from "../faults";
import { knownEntries } from "../known";
import type { DepartmentStack } from "../stack-file";
import type { StackSet } from "../stack-set";
import { clashes } from "./clashes";

interface Mention {
  readonly department: DepartmentStack;
  readonly path: readonly PropertyKey[];
  readonly id: string;
  /** The person's name in AWS, as in sts:SourceIdentity and the Owner tag. */
  readonly signIn: string;
}

/** One person belongs to one department, and one sign-in and one home volume to one person. */
export function checkPeople({ departments }: StackSet): Fault[] {
  const mentions = departments.flatMap(mentionsOf);
  return [...belonging(mentions), ...signIns(mentions), ...homes(departments)];
}

function mentionsOf(department: DepartmentStack): Mention[] {
  const path = ["config", "cline:department"];
  const { lead, deputies = [], developers = {} } = department.config["cline:department"] ?? {};
  const signIn = (id: string) => (Object.hasOwn(developers, id) ? developers[id]?.signIn : undefined) ?? id;
  const mention = (id: string, ...rest: PropertyKey[]) => ({
    department,
    path: [...path, ...rest],
    id,
    signIn: signIn(id),
  });
  return [
    ...(lead === undefined ? [] : [mention(lead, "lead")]),
    ...deputies.map((id, at) => mention(id, "deputies", at)),
    ...knownEntries(developers).map(([id]) => mention(id, "developers", id)),
  ];
}

function belonging(mentions: readonly Mention[]): Fault[] {
  return clashes(
    mentions,
    ({ id }) => id,
    ({ department }) => department,
  ).map(({ claim: { department, path, id }, other }) => {
    const allowed = `a person of one department only; ${other.department.file} has them too`;
    return department.fault(path, shown(id), allowed, "remove one of the two lines", "people");
  });
}

function signIns(mentions: readonly Mention[]): Fault[] {
  const short = mentions
    .filter(({ signIn }) => signIn.length < 2)
    .map(({ department, path, id }) => {
      const allowed =
        "an id of 2 characters or more where signIn is left out, as AWS takes no shorter user for a session";
      return department.fault(path, shown(id), allowed, "write signIn, or a longer id");
    });
  const shared = clashes(
    mentions,
    // IAM's user names differ by more than letter case.
    ({ signIn }) => signIn.toLowerCase(),
    ({ id }) => id,
  ).map(({ claim: { department, path, signIn }, other }) => {
    const allowed = `a sign-in of one person only; ${other.id} of ${other.department.file} has it too`;
    return department.fault([...path, "signIn"], shown(signIn), allowed, "correct one of the two", "people");
  });
  return [...short, ...shared];
}

function homes(departments: readonly DepartmentStack[]): Fault[] {
  const claims = departments.flatMap((department) =>
    knownEntries(department.config["cline:department"]?.developers).map(([id, { homeVolume }]) => ({
      department,
      id,
      homeVolume,
    })),
  );
  return clashes(
    claims,
    ({ homeVolume }) => homeVolume,
    (claim) => claim,
  ).map(({ claim: { department, id, homeVolume }, other }) => {
    const path = ["config", "cline:department", "developers", id, "homeVolume"];
    const allowed = `a volume that nobody else has; ${other.id} of ${other.department.file} has it too`;
    return department.fault(path, shown(homeVolume), allowed, "correct one of the two", "people");
  });
}
