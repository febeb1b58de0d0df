/**
 * One structured entry of a function's log: what happened, and to whom. Never a secret: callers pass names and numbers only.
 */
export function log(
  message: string,
  details: Readonly<Record<string, string | number | boolean | undefined>> = {},
): void {
  console.info({ event: message, ...details });
}
