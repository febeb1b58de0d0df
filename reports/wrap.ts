/**
 * Breaks a text at spaces into lines of at most `width` columns. A word that is longer, such as a
 * URN, has a line of its own.
 * @param first what the first line begins with; its length counts
 * @param next what the others begin with
 */
export function wrap(text: string, width: number, first = "", next = first): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(" ")) {
    const longer = isEmpty ? line + word : `${line} ${word}`;
    if (!isEmpty && longer.length > width) {
      lines.push(line);
      line = next + word;
    } else line = longer;
    isEmpty = false;
  }
  return [...lines, line];
}
