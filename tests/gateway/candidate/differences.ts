import type { Facts, Used } from "./facts";
import { sections } from "./facts";

/** `harmless`: nothing to do. `needs work`: read it and decide before a move. `breaks`: no move without a change here. */
export type Verdict = "harmless" | "needs work" | "breaks";

/** A difference between two releases of LiteLLM, or several that are judged alike. */
export interface Difference {
  readonly area: string;
  readonly what: string;
  readonly verdict: Verdict;
  /** Why it is judged so. */
  readonly why: string;
}

/** Names in `all` that are not in `others`, sorted. */
const without = (all: readonly string[], others: readonly string[]) => {
  const known = new Set(others);
  return [...new Set(all)].filter((name) => !known.has(name)).sort();
};

/** One difference for many names, or none. */
export const listed = (
  area: string,
  said: string,
  names: readonly string[],
  verdict: Verdict,
  why: string,
): readonly Difference[] =>
  names.length === 0 ? [] : [{ area, what: `${said}: ${names.length}: ${names.join(", ")}`, verdict, why }];

const changed = (before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) =>
  Object.keys(before).filter((name) => name in after && before[name] !== after[name]);

/** A path's parameters by position: LiteLLM renames them freely. */
const shape = (route: string) => route.replaceAll(/\{[^}]*\}/g, "{}");

function routes(before: Facts, after: Facts, used: Used): readonly Difference[] {
  const [own, old, now] = [used.routes, before.routes, after.routes].map((each) => each.map(shape));
  const gone = without(old ?? [], now ?? []);
  const needed = gone.filter((route) => own?.includes(route));
  const area = "routes";
  return [
    ...listed(area, "gone, and used", needed, "breaks", "the functions or developers call it"),
    ...listed(area, "gone", without(gone, needed), "harmless", "nothing here calls them"),
    ...listed(
      area,
      "new",
      without(now ?? [], old ?? []),
      "harmless",
      "the edge answers the route table's only; the suite `routes` asks each",
    ),
  ];
}

function keys(before: Facts, after: Facts, used: Used): readonly Difference[] {
  return sections.flatMap((section) => {
    const own = used.keys[section];
    const [old, now] = [before.settings[section], after.settings[section]];
    const unread = own.filter((key) => before.read[key] === true && after.read[key] !== true);
    const other = changed(old, now);
    const say = (name: string) => `${name} ${old[name] ?? ""} → ${now[name] ?? ""}`;
    const set = other.filter((name) => own.includes(name));
    const gone = without(Object.keys(old), Object.keys(now));
    return [
      ...listed(section, "set here, no longer read", unread, "breaks", "the setting would be without effect"),
      ...listed(
        section,
        "no longer declared, and set here",
        gone.filter((name) => own.includes(name) && !unread.includes(name)),
        "needs work",
        "it is still read, perhaps otherwise",
      ),
      ...listed(
        section,
        "gone",
        gone.filter((name) => !own.includes(name)),
        "harmless",
        "not set here",
      ),
      ...listed(section, "other default", set.map(say), "harmless", "set here"),
      ...listed(
        section,
        "other default",
        without(other, set).map(say),
        "needs work",
        "not set here: the new one would hold",
      ),
      ...listed(section, "new", without(Object.keys(now), Object.keys(old)), "harmless", "not set here"),
    ];
  });
}

function variables(before: Facts, after: Facts, used: Used): readonly Difference[] {
  const area = "environment";
  const unread = used.variables.filter((name) => before.read[name] === true && after.read[name] !== true);
  return [
    ...listed(area, "set here, no longer read", unread, "breaks", "the setting would be without effect"),
    ...listed(area, "gone", without(before.environment, after.environment), "harmless", "not set here"),
    ...listed(area, "new", without(after.environment, before.environment), "harmless", "not set here"),
  ];
}

function command(before: Facts, after: Facts, used: Used): readonly Difference[] {
  const area = "command";
  const gone = without(Object.keys(before.command), Object.keys(after.command));
  const needed = gone.filter((option) => used.options.includes(option));
  const other = changed(before.command, after.command);
  return [
    ...listed(area, "gone, and used", needed, "breaks", "the task would not start"),
    ...listed(area, "gone", without(gone, needed), "harmless", "not used"),
    ...listed(area, "other default", without(other, used.options), "needs work", "not given here"),
    ...listed(area, "new", without(Object.keys(after.command), Object.keys(before.command)), "harmless", "not used"),
  ];
}

/** Every dollar in the price map of a model that the catalogue has, and the map's limits. */
function prices(before: Facts, after: Facts, used: Used): readonly Difference[] {
  return Object.entries(used.prices).flatMap(([id, pinned]): readonly Difference[] => {
    const [old, now] = [before.prices[id] ?? {}, after.prices[id] ?? {}];
    const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
    return fields
      .filter((field) => JSON.stringify(old[field]) !== JSON.stringify(now[field]))
      .map((field): Difference => {
        const say = (each: unknown) => (each === undefined ? "none" : JSON.stringify(each));
        const what = `${id} ${field}: ${say(old[field])} → ${say(now[field])}`;
        const value = now[field];
        const own = pinned[field];
        if (!field.includes("cost"))
          return { area: "prices", what, verdict: "needs work", why: "ability or limit: compare the catalogue" };
        if (typeof value === "number" && own !== undefined && own < value * (1 - 1e-9))
          return { area: "prices", what, verdict: "breaks", why: "the catalogue's price is lower: budgets overrun" };
        if (typeof value === "number" && own === undefined)
          return { area: "prices", what, verdict: "needs work", why: "the catalogue does not pin it" };
        return { area: "prices", what, verdict: "harmless", why: "the catalogue's price holds" };
      });
  });
}

function hook(before: Facts, after: Facts): readonly Difference[] {
  return Object.keys(before.hook)
    .filter((name) => before.hook[name] !== after.hook[name])
    .map((name) => ({
      area: "hook",
      what: `${name}: ${before.hook[name] ?? ""} → ${after.hook[name] ?? "absent"}`,
      verdict: after.hook[name] === undefined || after.hook[name] === "absent" ? "breaks" : "needs work",
      why: "the hook imports, overrides or names it",
    }));
}

function packages(before: Facts, after: Facts): readonly Difference[] {
  const other = changed(before.packages, after.packages).map(
    (name) => `${name} ${before.packages[name] ?? ""} → ${after.packages[name] ?? ""}`,
  );
  const gone = without(Object.keys(before.packages), Object.keys(after.packages));
  const added = without(Object.keys(after.packages), Object.keys(before.packages));
  return [
    ...listed("packages", "other version", other, "harmless", "the suites run them"),
    ...listed("packages", "gone", gone, "harmless", "the suites run without"),
    ...listed("packages", "new", added, "harmless", "the suites run them"),
  ];
}

/** Everything in which two releases differ, as far as this project could notice without running them. */
export const differences = (before: Facts, after: Facts, used: Used): readonly Difference[] => [
  ...routes(before, after, used),
  ...keys(before, after, used),
  ...variables(before, after, used),
  ...command(before, after, used),
  ...prices(before, after, used),
  ...hook(before, after),
  ...packages(before, after),
];

const order: readonly Verdict[] = ["breaks", "needs work", "harmless"];

/** The worst verdict of several; `harmless` of none. */
export const worst = (all: readonly Difference[]): Verdict =>
  order.find((verdict) => all.some((each) => each.verdict === verdict)) ?? "harmless";

/** A Markdown table, worst first. */
export function table(all: readonly Difference[]): string {
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const rows = order.flatMap((verdict) => all.filter((each) => each.verdict === verdict));
  return [
    "| area | difference | verdict | why |",
    "| --- | --- | --- | --- |",
    ...rows.map(({ area, what, verdict, why }) => `| ${area} | ${cell(what)} | ${verdict} | ${cell(why)} |`),
  ].join("\n");
}
