/** One structured log entry. Callers pass names and numbers only, never a secret. */
export function log(
  message: string,
  details: Readonly<Record<string, string | number | boolean | undefined>> = {},
): void {
  console.info({ event: message, ...details });
}
