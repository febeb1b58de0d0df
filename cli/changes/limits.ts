import { priorities, type Limits } from "../../config";
import { beyond, modelWords, moves, usd, whole } from "./words";

type Words = readonly [key: keyof Limits, texts: string[]];

/** Wording of some limits. */
export interface LimitNames {
  /** The amount of money: `the cap of engineering`. */
  readonly money: string;
  /** Owner of the limits: `engineering`. */
  readonly whose: string;
  /** Subject of a model change: `engineering may`. */
  readonly may: string;
  /** Verb of a model change: `use` or `give out`. */
  readonly verb: string;
}

/** Changes of some limits, each with the key that its sentence covers. */
export function limitChanges(before: Limits, after: Limits, { money, whose, may, verb }: LimitNames): Words[] {
  const number = (key: "monthlyBudgetUsd" | "tpm" | "rpm", what: string, shown: (n: number) => string): Words => {
    const [was, is] = [before[key], after[key]];
    const unit = { monthlyBudgetUsd: "a month", tpm: "tokens a minute", rpm: "requests a minute" }[key];
    return [key, was === is ? [] : [`${what} ${moves(was, is)} from ${shown(was)} to ${shown(is)} ${unit}`]];
  };
  const [more, fewer] = [beyond(before.models, after.models), beyond(after.models, before.models)];
  const rank = (limits: Limits): number => priorities.indexOf(limits.priority);
  return [
    number("monthlyBudgetUsd", money, usd),
    number("tpm", `the token limit of ${whose}`, whole),
    number("rpm", `the request limit of ${whose}`, whole),
    [
      "models",
      [
        ...(more.length > 0 ? [`${may} now ${verb} ${modelWords(more)}`] : []),
        ...(fewer.length > 0 ? [`${may} no longer ${verb} ${modelWords(fewer)}`] : []),
      ],
    ],
    [
      "priority",
      before.priority === after.priority
        ? []
        : [`the priority of ${whose} ${moves(rank(before), rank(after))} from ${before.priority} to ${after.priority}`],
    ],
  ];
}
