import type { DepartmentSpec, ExtraBudget, StackSpec } from "../../config";
import { changedKeys, keyChanges, type KeyWords } from "./keys";
import { limitChanges, type LimitNames } from "./limits";
import { beyond, listed, modelWords, shortly, usd } from "./words";

/** Effects of a department that only the head has. */
export function newDepartment({ lead, developers, ...department }: DepartmentSpec): string[] {
  const { name, monthlyBudgetUsd, models, priority, keepPromptText, deputies } = department;
  const people = developers.map(({ id }) => id);
  return [
    `${name} is a new department, led by ${listed([lead, ...deputies])}: a budget of ${usd(monthlyBudgetUsd)} a month under a cap of ` +
      `${usd(department.cap.monthlyBudgetUsd)}, ${modelWords(models)}, ${priority} priority`,
    people.length === 0
      ? `nobody develops in ${name} yet`
      : `${listed(people)} ${people.length === 1 ? "gets" : "get"} a key and a workspace`,
    ...(keepPromptText ? [`prompt text of ${name} is kept`] : []),
  ];
}

/** Effects of removing a department that only the base has. */
export function removedDepartment({ name, developers }: DepartmentSpec): string[] {
  const people = developers.map(({ id }) => id);
  return [
    `${name} is removed${people.length === 0 ? "" : `: the keys of ${listed(people)} end, their workspaces go, their home volumes are kept`}`,
  ];
}

/** Keys that other sentences cover, or that follow from other keys. */
const except = ["name", "developers", "cap", "monthlyBudgetUsd", "tpm", "rpm", "models", "priority"] as const;

/** Changes of a department itself: limits, caps, roles, and every other key of its section. */
export function departmentChanges(before: DepartmentSpec, after: DepartmentSpec): string[] {
  const { name } = after;
  const words: KeyWords<DepartmentSpec> = {
    lead: () => [`${after.lead} leads ${name} from now on, ${before.lead} no longer does`],
    deputies: () => roleChanges(before.deputies, after.deputies, `deputy of ${name}`),
    costCenter: () => [`the cost center of ${name} is ${after.costCenter} instead of ${before.costCenter}`],
    alertEmails: () => [
      `budget alerts of ${name} go to ${mails(after.alertEmails)} instead of ${mails(before.alertEmails)}`,
    ],
    keepPromptText: () => [`prompt text of ${name} is ${after.keepPromptText ? "kept from now on" : "no longer kept"}`],
    extraBudgets: () => extraBudgetChanges(before.extraBudgets, after.extraBudgets),
  };
  const own = { money: `the budget of ${name}`, whose: name, may: `${name} may`, verb: "use" };
  return [
    ...limitChanges(before.cap, after.cap, capNames(name)).flatMap(([, texts]) => texts),
    ...limitChanges(before, after, own).flatMap(([, texts]) => texts),
    ...keyChanges(before, after, words, { owner: name, except }),
  ];
}

/** Sentences about a cap, the maximum that a department's own file can grant. */
export const capNames = (name: string): LimitNames => ({
  money: `the cap of ${name}`,
  whose: `${name}'s cap`,
  may: `the file of ${name} may`,
  verb: "give out",
});

/** Gained and lost roles: `endo becomes operator`. */
export function roleChanges(before: readonly string[], after: readonly string[], role: string): string[] {
  return [
    ...beyond(before, after).map((id) => `${id} becomes ${role}`),
    ...beyond(after, before).map((id) => `${id} is no longer ${role}`),
  ];
}

const mails = (addresses: readonly string[]): string => (addresses.length === 0 ? "nobody" : listed(addresses));

export function extraBudgetChanges(before: readonly ExtraBudget[], after: readonly ExtraBudget[]): string[] {
  const words = ({ department, amountUsd, until, reason, approvedBy }: ExtraBudget): string =>
    `${usd(amountUsd)} for ${department} until ${until} (${reason}, approved by ${approvedBy})`;
  return [
    ...beyond(before.map(words), after.map(words)).map((text) => `an extra budget is added: ${text}`),
    ...beyond(after.map(words), before.map(words)).map((text) => `an extra budget is removed: ${text}`),
  ];
}

/** Parts that a stack starts or stops to have of its own, and the changes in them. */
export function partChanges(before: StackSpec, after: StackSpec): string[] {
  const parts = ["network", "gateway", "observability"] as const;
  return parts.flatMap((part) => {
    const [was, is] = [before[part], after[part]];
    if (was && !is) return [`${after.stack} gives up its own ${part} and shares the platform's`];
    if (!was && is) return [`${after.stack} gets its own ${part}`];
    if (!was || !is) return [];
    return changedKeys<Readonly<Record<string, unknown>>>({ ...was }, { ...is }).map((key) => {
      const [a, b] = [{ ...was }, { ...is }].map((each: Readonly<Record<string, unknown>>) => shortly(each[key]));
      return `${key} of ${after.stack}'s ${part} changes from ${a ?? ""} to ${b ?? ""}`;
    });
  });
}
