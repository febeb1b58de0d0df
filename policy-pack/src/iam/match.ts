const patterns = new Map<string, RegExp>();

/**
 * Whether an IAM pattern (`*` any run, `?` any one character) matches the text. With a pattern as
 * text it tests whether the first matches all of the second. The result is exact as long as the
 * second's wildcards match wildcards of the first.
 */
export function globMatches(pattern: string, text: string, ignoreCase = false): boolean {
  const key = `${ignoreCase ? "i" : "c"}${pattern}`;
  let compiled = patterns.get(key);
  if (compiled === undefined) {
    const source = pattern
      .replace(/\*{2,}/g, "*")
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*/g, "[^]*")
      .replace(/\?/g, "[^*]");
    compiled = new RegExp(`^${source}$`, ignoreCase ? "iu" : "u");
    if (patterns.size < 10_000) patterns.set(key, compiled);
  }
  return compiled.test(text);
}

/**
 * Can some text match both patterns? Exact for patterns that share a literal beginning and end;
 * else it leans towards yes.
 */
export function globsOverlap(one: string, other: string): boolean {
  if (globMatches(one, other) || globMatches(other, one)) return true;
  if (!isWild(one) || !isWild(other)) return false;
  const [head, otherHead] = [literalHead(one), literalHead(other)];
  const [tail, otherTail] = [literalTail(one), literalTail(other)];
  return (
    (head.startsWith(otherHead) || otherHead.startsWith(head)) && (tail.endsWith(otherTail) || otherTail.endsWith(tail))
  );
}

function isWild(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

function literalHead(pattern: string): string {
  return /^[^*?]*/.exec(pattern)?.[0] ?? "";
}

function literalTail(pattern: string): string {
  return /[^*?]*$/.exec(pattern)?.[0] ?? "";
}
