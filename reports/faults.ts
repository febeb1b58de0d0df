/**
 * The reason why nothing was judged: a fault of a stack file, or of the program. Part of the
 * preview document in place of stacks.
 */
export interface FaultReport {
  /** The whole fault in one text. */
  readonly message: string;
  /** File from the project's root; absent where no stack file has the fault. */
  readonly file?: string;
  /** From 1; 0 when the file is missing. */
  readonly line?: number;
  /** Path in the file, such as `cline:department.lead`. */
  readonly path?: string;
  readonly found?: string;
  readonly allowed?: string;
  /** The next step. */
  readonly next?: string;
}
