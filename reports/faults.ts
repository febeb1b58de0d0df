/** Why nothing was judged: a fault of a stack file, or of the program. Part of the preview document in place of stacks. */
export interface FaultReport {
  /** The whole fault in one text. */
  readonly message: string;
  /** Where it stands, from the project's root; absent where no stack file is at fault. */
  readonly file?: string;
  /** From 1; 0 when the file is missing. */
  readonly line?: number;
  /** Path in the file, such as `cline:department.lead`. */
  readonly path?: string;
  readonly found?: string;
  readonly allowed?: string;
  /** What to do next. */
  readonly next?: string;
}
