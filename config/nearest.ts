/**
 * Levenshtein distance: number of single-letter insertions, deletions and replacements between two
 * words.
 */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The known name nearest to `word`; undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const typed = word.slice(0, 64).toLowerCase();
  const near = known
    .map((name) => {
      const lower = name.toLowerCase();
      const part = typed.length >= 3 && (lower.includes(typed) || typed.includes(lower));
      return { name, distance: part ? 1 : distance(typed, lower) };
    })
    .filter(({ name, distance: steps }) => steps <= Math.max(1, Math.floor(name.length / 3)));
  return near.sort((a, b) => a.distance - b.distance)[0]?.name;
}
