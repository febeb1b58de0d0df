import { isDeepStrictEqual } from "node:util";
import type { DepartmentSpec, DeveloperSpec, Limits, ScheduleSpec, WorkspaceSpec } from "../../config";
import { keyChanges, type KeyWords } from "./keys";
import { limitChanges } from "./limits";
import { beyond, listed, modelWords, usd } from "./words";

/** A change of one developer; the text holds WHO in place of the id. */
interface Change {
  readonly id: string;
  readonly text: string;
}

/** Placeholder of the names while changes are grouped: no id contains it. */
const WHO = "\u0000";

/**
 * Changes for the developers of a department that both sides have: additions, removals, then every
 * other change. Developers with the same change share a sentence. Changes that follow from the
 * department's own limits belong to the department's sentence.
 * @param elsewhere departments by developer, of the other side of a move
 */
export function developerChanges(
  before: DepartmentSpec,
  after: DepartmentSpec,
  elsewhere: { readonly from: ReadonlyMap<string, string>; readonly to: ReadonlyMap<string, string> },
): string[] {
  const [was, is] = [byId(before), byId(after)];
  const joined = after.developers.filter(({ id }) => !was.has(id));
  const left = before.developers.filter(({ id }) => !is.has(id));
  const stayed = after.developers.flatMap((developer) => {
    const old = was.get(developer.id);
    return old ? [{ old, developer }] : [];
  });
  const changes = stayed.flatMap(({ old, developer }) => changesOf(old, developer, before, after));
  return [
    ...joined.map((developer) => joins(developer, after.name, elsewhere.from.get(developer.id))),
    ...left.map(({ id }) => leaves(id, before.name, elsewhere.to.get(id))),
    ...grouped(changes, stayed.length, after.name),
  ];
}

const byId = ({ developers }: DepartmentSpec): ReadonlyMap<string, DeveloperSpec> =>
  new Map(developers.map((developer) => [developer.id, developer]));

function joins(developer: DeveloperSpec, department: string, from: string | undefined): string {
  const { id, monthlyBudgetUsd, models, priority, workspace, homeVolume, blocked } = developer;
  const parts = [
    blocked ? "a blocked key (a share of $0)" : `a share of ${usd(monthlyBudgetUsd)} a month`,
    modelWords(models),
    `${priority} priority`,
    `a ${workspace.size} machine${workspace.schedule ? ` (${scheduleWords(workspace.schedule)})` : ""}`,
    ...(homeVolume === undefined ? [] : [`the kept home volume ${homeVolume}`]),
  ];
  return `${id} ${from === undefined ? "joins" : `moves from ${from} to`} ${department}: ${parts.join(", ")}`;
}

const leaves = (id: string, department: string, to: string | undefined): string =>
  `${id} leaves ${department}${to === undefined ? "" : ` for ${to}`}: the key is blocked at once, the workspace ends, the home volume is kept`;

/** The texts of changes; developers with the same one share a sentence. */
function grouped(changes: readonly Change[], people: number, department: string): string[] {
  const who = new Map<string, string[]>();
  for (const { id, text } of changes) who.set(text, [...(who.get(text) ?? []), id]);
  return [...who].map(([text, ids]) =>
    text.replaceAll(WHO, ids.length === people && people > 3 ? `everyone in ${department}` : listed(ids)),
  );
}

function changesOf(before: DeveloperSpec, after: DeveloperSpec, department: Limits, departmentAfter: Limits): Change[] {
  const follows = (key: keyof Limits): boolean =>
    key !== "monthlyBudgetUsd" &&
    isDeepStrictEqual(before[key], department[key]) &&
    isDeepStrictEqual(after[key], departmentAfter[key]);
  const texts = [
    ...(before.blocked === after.blocked
      ? []
      : [after.blocked ? `the key of ${WHO} is blocked (a share of $0)` : `the key of ${WHO} works again`]),
    ...limitChanges(before, after, names).flatMap(([key, words]) => (follows(key) ? [] : words)),
    ...workspaceChanges(before.workspace, after.workspace),
    ...otherChanges(before, after),
  ];
  return texts.map((text) => ({ id: after.id, text }));
}

function workspaceChanges(before: WorkspaceSpec, after: WorkspaceSpec): string[] {
  const words: KeyWords<WorkspaceSpec> = {
    size: () => [`the machine of ${WHO} becomes ${after.size} instead of ${before.size}`],
    schedule: () => [
      `the machine of ${WHO} runs ${scheduleWords(after.schedule)} from now on, not ${scheduleWords(before.schedule)}`,
    ],
    idleMinutes: () => [
      `the machine of ${WHO} stops after ${after.idleMinutes} idle minutes instead of ${before.idleMinutes}`,
    ],
    homeGiB: () => [
      `the home volume of ${WHO} ${after.homeGiB > before.homeGiB ? "grows" : "shrinks"} from ${before.homeGiB} to ${after.homeGiB} GiB`,
    ],
    sources: () => [
      ...beyond(before.sources, after.sources).map((each) => `source code of ${WHO} may now come from ${each}`),
      ...beyond(after.sources, before.sources).map((each) => `source code of ${WHO} may no longer come from ${each}`),
    ],
  };
  return keyChanges(before, after, words, { owner: WHO });
}

/** `08:00 to 20:00, mon to fri`. */
export function scheduleWords(schedule: ScheduleSpec | undefined): string {
  if (!schedule) return "whenever its owner starts it";
  const { start, stop } = schedule;
  const days = [...schedule.days].sort((a, b) => WEEK.indexOf(a) - WEEK.indexOf(b));
  const isRun = days.length > 2 && WEEK.includes(days.join(" "));
  return `${start} to ${stop}, ${isRun ? `${days[0] ?? ""} to ${days.at(-1) ?? ""}` : listed(days)}`;
}

const WEEK = "mon tue wed thu fri sat sun";

/** Keys that other sentences cover. */
const except = ["id", "blocked", "workspace", "monthlyBudgetUsd", "tpm", "rpm", "models", "priority"] as const;

function otherChanges(before: DeveloperSpec, after: DeveloperSpec): string[] {
  const words: KeyWords<DeveloperSpec> = {
    signIn: () => [`${WHO} signs in as ${after.signIn}, not as ${before.signIn}`],
    sshPublicKey: () => [
      after.sshPublicKey === undefined
        ? `the SSH key of ${WHO} is removed`
        : `${WHO} gets ${before.sshPublicKey === undefined ? "an" : "another"} SSH key`,
    ],
    homeVolume: () => [
      after.homeVolume === undefined
        ? `${WHO} no longer adopts the home volume ${before.homeVolume ?? ""}`
        : `${WHO} gets the kept home volume ${after.homeVolume}`,
    ],
  };
  return keyChanges(before, after, words, { owner: WHO, except });
}

/** A share applies to each of the named developers. */
const names = { money: `the share of ${WHO}`, whose: WHO, may: `${WHO} may`, verb: "use" };
