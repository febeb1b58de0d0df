/**
 * Limits of GitHub code scanning. Above a maximum the whole file is refused.
 * Source: https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
 */
export const limits = {
  /** Bytes of the file, compressed by gzip. */
  gzipBytes: 10_000_000,
  runsPerFile: 20,
  resultsPerRun: 25_000,
  rulesPerRun: 25_000,
  locationsPerResult: 1_000,
  tagsPerRule: 20,
  /** Tags that are shown; the others are dropped. */
  shownTagsPerRule: 10,
  /** Characters of a rule's short and full description. */
  descriptionLength: 1_024,
} as const;

/**
 * Characters of a result's message and of a rule's help. Not a limit of code scanning: it bounds
 * the file's size.
 */
export const textLength = 4_096;

/** The text, cut to the length where it is longer; the cut shows as `…`. */
export function cut(text: string, length: number): string {
  // A cut in the middle of a surrogate pair would leave half a character.
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
