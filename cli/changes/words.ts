/** Texts for values of stack files, the same on every machine. */

export { usd, whole } from "../../reports";

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

/** `the strong model`, `the light and strong models`. */
export const modelWords = (tiers: readonly string[]): string =>
  `the ${listed(tiers)} model${tiers.length === 1 ? "" : "s"}`;

/** `rises` or `falls`. */
export const moves = (before: number, after: number): string => (after > before ? "rises" : "falls");

/** The items of the second list that the first lacks. */
export const beyond = <T>(before: readonly T[], after: readonly T[]): T[] =>
  after.filter((each) => !before.includes(each));

/** Any value in short, for keys without a text: of a digest twelve digits, as tools show it, and of a long text both ends. */
export function shortly(value: unknown): string {
  if (value === undefined) return "nothing";
  const full = typeof value === "string" ? value : JSON.stringify(value);
  const text = full.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, "$1");
  return text.length > 80 ? `${text.slice(0, 65)}…${text.slice(-14)}` : text;
}
