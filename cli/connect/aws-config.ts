import { homedir } from "node:os";
import path from "node:path";
import { ownLines, textOf } from "./block";
import type { Connection } from "./plan";
import { ConnectFault } from "./surroundings";

/** Name of ssh's host and of the AWS profile that this command keeps for a person. */
export const hostOf = ({ person }: Connection): string => `cline-${person}`;

/** The profile that AWS's command line takes. botocore reads the older variable first. */
export const profileOf = (env: NodeJS.ProcessEnv): string | undefined =>
  env["AWS_DEFAULT_PROFILE"] ?? env["AWS_PROFILE"];

/**
 * AWS's configuration file, as its command line finds it from any folder.
 * @throws ConnectFault where AWS_CONFIG_FILE names none, or another one from each folder
 */
export function awsConfigFile(env: NodeJS.ProcessEnv): string {
  const home = env["HOME"] ?? homedir();
  const given = env["AWS_CONFIG_FILE"] ?? "~/.aws/config";
  const file = given.replace(/^~(?=\/)/, home);
  // The command line replaces variables in the path, too.
  if (path.isAbsolute(file) && !given.includes("$")) return file;
  throw new ConnectFault(
    `AWS_CONFIG_FILE: found ${given === "" ? "an empty text" : given}; allowed a path that begins with / or ~/ and has no $; set or unset it, then run this again`,
  );
}

/**
 * The profile of `--ssh` asks this command for its credentials: signing in by it would ask itself.
 * @throws ConnectFault
 */
export function refuseOwnProfile({ signIn, mfaMode }: Connection, env: NodeJS.ProcessEnv): void {
  const profile = profileOf(env);
  if (profile === undefined || !ownLines(configText(env)).includes(`[profile ${profile}]`)) return;
  const needed = mfaMode === "identity-center" ? "of Identity Center" : `with the access key of the IAM user ${signIn}`;
  throw new ConnectFault(
    `AWS_PROFILE: found ${profile}, which holds the session that this command makes; needed the profile ${needed}; set AWS_PROFILE to it, then run this again`,
  );
}

/** Nothing where AWS's command line cannot read it either: it says so itself. */
function configText(env: NodeJS.ProcessEnv): string {
  try {
    return textOf(awsConfigFile(env));
  } catch {
    return "";
  }
}
