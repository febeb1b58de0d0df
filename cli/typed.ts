/** Words as typed into a POSIX shell, which then reads exactly these. */
export const shellWords = (words: readonly string[]): string =>
  words.map((word) => (/^[\w.,:/=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");

/** A command of AWS's command line as typed into a shell. @param args those after `aws` */
export const typed = (args: readonly string[]): string => shellWords(["aws", ...args]);

/** A command with shell variables. @param variables by word in `args`, the variable that stands in its place */
export const typedWith = (args: readonly string[], variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables).reduce((text, [word, name]) => text.replaceAll(word, `"$${name}"`), typed(args));
