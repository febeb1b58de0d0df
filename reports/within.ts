import { count } from "./names";

/** A part of a text whose items may be cut off at the end; it is left out without items. */
export interface Block {
  readonly open: string;
  readonly items: readonly string[];
  readonly close: string;
}

/** Characters reserved for the line that counts the items cut off. */
const TRAILER = 300;

/**
 * The blocks as one text of at most `max` characters. From the first item that does not fit, all
 * are left out and counted in one last line.
 * @param noun an item's name
 * @param where location of the full list
 */
export function within(max: number, head: string, blocks: readonly Block[], noun: string, where: string): string {
  const room = max - TRAILER;
  let text = head.length > room ? `${head.slice(0, room - 1)}…` : head;
  let left = 0;
  for (const { open, items, close } of blocks) {
    let isOpen = false;
    for (const item of items) {
      const addition = isOpen ? item : open + item;
      if (left > 0 || text.length + addition.length + close.length > room) left++;
      else {
        text += addition;
        isOpen = true;
      }
    }
    if (isOpen) text += close;
  }
  return `${text.trimEnd()}\n${left > 0 ? `\n… and ${count(left, `more ${noun}`)}: ${where}.\n` : ""}`;
}
