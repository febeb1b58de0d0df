import { randomBytes } from "node:crypto";

/** A word that stands nowhere else, where it was put, and whose it is. */
export interface Planted {
  readonly word: string;
  /** Department, case and place, for the message of a test that finds it. */
  readonly label: string;
  readonly department: string;
  /** The request that it went with. */
  readonly request: string;
}

/** A planted word where it should not be. */
export interface Sighting {
  readonly label: string;
  readonly sink: string;
  /** What stands around it, for the message. */
  readonly around: string;
}

/** Words that no program writes by itself: wherever one is seen, a request's text or a secret has got there. */
export class Plantation {
  readonly all: Planted[] = [];

  /** A new word: letters and digits, a multiple of four, so that it also stands in base64 as it is. */
  plant(department: string, request: string, place: string): string {
    return this.add(`cnry${randomBytes(8).toString("hex")}`, department, request, place);
  }

  /** A text that is there already, a key say. */
  add(word: string, department: string, request: string, place: string): string {
    this.all.push({ word, label: `${department}: ${request}: ${place}`, department, request });
    return word;
  }

  /** Every planted word in a text, as it is, in hexadecimal or in base64; once per word. */
  seenIn(sink: string, text: string, wanted: (planted: Planted) => boolean = () => true): Sighting[] {
    return this.all.filter(wanted).flatMap(({ word, label }) => {
      const at = formsOf(word)
        .map((form) => text.indexOf(form))
        .find((found) => found >= 0);
      if (at === undefined) return [];
      return [{ label, sink, around: text.slice(Math.max(0, at - 300), at + 100) }];
    });
  }
}

/** A word as programs write it: plain, in hexadecimal, and in base64 at each of the three places where it may begin. */
function formsOf(word: string): string[] {
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift, "x"), Buffer.from(word)]).toString("base64");
    // The first and last characters also hold what stands beside the word.
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
  return [word, Buffer.from(word).toString("hex"), ...base64];
}
