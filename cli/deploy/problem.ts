/** Something that stops a deployment before it begins. */
export interface Problem {
  /** What is looked at: a tool, a file with the path in it, a quota. */
  readonly where: string;
  readonly found: string;
  readonly needed: string;
  /** The next step. */
  readonly next: string;
}

/** `WHERE: found X; needed Y; next step`, like the faults of stack files. */
export const problemLine = ({ where, found, needed, next }: Problem): string =>
  `${where}: found ${found}; needed ${needed}; ${next}`;
