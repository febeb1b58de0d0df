import type { StackSpec } from "../../config";
import type { AccessChange } from "../../reports";
import { departmentChanges, newDepartment, partChanges, removedDepartment } from "./departments";
import { developerChanges } from "./developers";
import { platformChanges, stackChanges } from "./platforms";

type Specs = readonly StackSpec[];

/**
 * Effects of a change on people, in words, from the checked specs of both sides. Every difference
 * of a stack file that has an effect has a sentence; a key without a text of its own appears by
 * name. Platforms come first, then departments by name.
 */
export function planAccessChanges(base: Specs, head: Specs): AccessChange[] {
  const names = [...new Set([...base, ...head].map(({ stack }) => stack))].sort();
  const [before, after] = [byStack(base), byStack(head)];
  const people = { from: departmentsOf(base), to: departmentsOf(head) };
  const told = new Set(names.filter((name) => before.get(name)?.department && after.get(name)?.department));
  const changes = names.flatMap((stack): AccessChange[] =>
    textsOf(before.get(stack), after.get(stack), people, told).map((text) => ({ about: stack, text })),
  );
  const isPlatform = ({ about }: AccessChange): boolean => !(after.get(about) ?? before.get(about))?.department;
  return [...changes.filter(isPlatform), ...changes.filter((change) => !isPlatform(change))];
}

const byStack = (specs: Specs): ReadonlyMap<string, StackSpec> => new Map(specs.map((spec) => [spec.stack, spec]));

/** Departments by developer. */
const departmentsOf = (specs: Specs): ReadonlyMap<string, string> =>
  new Map(
    specs.flatMap(({ department }) => department?.developers.map(({ id }) => [id, department.name] as const) ?? []),
  );

function textsOf(
  before: StackSpec | undefined,
  after: StackSpec | undefined,
  people: { readonly from: ReadonlyMap<string, string>; readonly to: ReadonlyMap<string, string> },
  told: ReadonlySet<string>,
): string[] {
  if (!before) return after?.department ? newDepartment(after.department) : [`${after?.stack ?? ""} is a new platform`];
  if (!after)
    return before.department ? removedDepartment(before.department) : [`the platform ${before.stack} is removed`];
  const both = [...partChanges(before, after), ...stackChanges(before, after)];
  if (!before.department || !after.department)
    return [...platformChanges(before.platform, after.platform, told), ...both];
  return [
    ...departmentChanges(before.department, after.department),
    ...developerChanges(before.department, after.department, people),
    ...(before.sharedFrom === after.sharedFrom
      ? []
      : [`${after.stack} shares from ${after.sharedFrom ?? "nobody"} instead of ${before.sharedFrom ?? "nobody"}`]),
    ...both,
  ];
}
