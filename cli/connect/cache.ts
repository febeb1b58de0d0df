import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { replaceFile } from "./file";
import type { Connection } from "./plan";

/** Temporary credentials as STS prints them. */
export const credentials = z.object({
  AccessKeyId: z.string().min(1),
  SecretAccessKey: z.string().min(1),
  SessionToken: z.string().min(1),
  Expiration: z.iso.datetime({ offset: true }),
});
export type Credentials = z.infer<typeof credentials>;

/** Credentials that end sooner are not used: a session resumes with them. In milliseconds. */
const margin = 5 * 60_000;

/** Name of the file of a person's credentials, by whose they are. */
export function cacheName({ accountId, mfaMode, roleArn, signIn }: Connection): string {
  const key = createHash("sha256")
    .update(JSON.stringify([accountId, mfaMode, roleArn, signIn]))
    .digest("hex");
  return `${key.slice(0, 16)}.json`;
}

/** File of a person's credentials, in the user's cache folder. */
export function cacheFile(connection: Connection, env: NodeJS.ProcessEnv): string {
  const given = env["XDG_CACHE_HOME"];
  // Empty or relative counts as unset (XDG Base Directory Specification): credentials never land in a checkout.
  const base = given !== undefined && path.isAbsolute(given) ? given : path.join(env["HOME"] ?? homedir(), ".cache");
  return path.join(base, "cline-landing-zone", cacheName(connection));
}

/** Cached credentials that still serve. A file that others may read is deleted. @param now milliseconds since 1970 */
export function readCache(file: string, now: number): Credentials | undefined {
  try {
    if ((statSync(file).mode & 0o077) !== 0) {
      forget(file);
      return undefined;
    }
    const read = credentials.parse(JSON.parse(readFileSync(file, "utf8")));
    return Date.parse(read.Expiration) - now > margin ? read : undefined;
  } catch {
    // Absent, or not of this form: the person signs in.
    return undefined;
  }
}

/** Writes credentials for this user alone. */
export function writeCache(file: string, value: Credentials): void {
  const folder = path.dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  replaceFile(file, JSON.stringify(value), 0o600);
}

export const forget = (file: string): void => rmSync(file, { force: true });
