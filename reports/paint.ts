/** The few styles that the text report uses. */
export type Colour = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

const codes: Readonly<Record<Colour, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** Styles a text, or leaves it as it is. */
export type Say = (style: Colour, text: string) => string;

/** A function that styles text with ANSI escapes, or leaves it as it is. */
export function paint(colour: boolean): Say {
  return (style, text) => {
    if (!colour) return text;
    const [on, off] = codes[style];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
}
