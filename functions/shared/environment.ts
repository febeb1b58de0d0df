/**
 * A setting that the program gives its function.
 * @throws Error naming the variable when it is missing.
 */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`environment variable ${name} is not set`);
  return value;
}

/** A setting that may be absent. */
export const optionalSetting = (name: string): string | undefined => process.env[name] ?? undefined;
