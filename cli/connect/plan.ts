import { foundationStack } from "../../components/foundation";
import { iamPath, names, type DeveloperSpec, type StackSpec } from "../../config";

/** How a person's session in the workspace is made. Plain data; holds no credential. */
export interface Connection {
  /** Id of the stack file. */
  readonly person: string;
  /** Name of the IAM or Identity Center user: source identity, session name and `Owner` of the workspace. */
  readonly signIn: string;
  readonly department: string;
  /** What the person is there: their role's name in messages. */
  readonly role: "developer" | "lead";
  readonly accountId: string;
  readonly region: string;
  readonly mfaMode: StackSpec["platform"]["mfaMode"];
  /** The role to assume; absent with `iam-user`, where the user's own permissions ask for MFA. */
  readonly roleArn?: string;
  /** ARN of the person's MFA device; absent with `identity-center`, whose identity provider asks. */
  readonly mfaSerial?: string;
  /** Duration of the credentials in seconds. */
  readonly seconds: number;
  /** Tags that exactly one instance has: the person's workspace, or Langfuse's access node. */
  readonly tags: Readonly<Record<string, string>>;
  /** Names of the session documents that the role may use. */
  readonly documents: Readonly<Partial<Record<"code-server" | "shell" | "ssh" | "langfuse", string>>>;
  /** The person's declared SSH key: without it sshd admits nobody. */
  readonly sshPublicKey?: string;
  /** Name of the secret with a lead's account at Langfuse. */
  readonly accountSecret?: string;
}

/** A developer's, with every document of workspaces. */
export type DeveloperConnection = Connection & {
  readonly documents: Readonly<Record<"code-server" | "shell" | "ssh", string>>;
};

/** Arguments after `aws`, without region and output format. */
export type Command = readonly string[];

/** The department's session role lasts four hours at most. */
const roleSeconds = 4 * 3600;
/** A role that a role assumes lasts one hour at most (IAM: role chaining). Policies of IAM users accept an MFA for an hour. */
export const hour = 3600;

/** What a connection takes of its person, whatever the role. */
type SignInPlan = Pick<
  Connection,
  "person" | "signIn" | "department" | "accountId" | "region" | "mfaMode" | "roleArn" | "mfaSerial"
>;

/**
 * How a person of a department's stack signs in.
 * @param roleName name of the role, or of the group with `iam-user`
 * @param mfaSerial where the device is not named like the user
 */
export function planSignIn(
  { stack, accountId, region, platform: { mfaMode, identityAccount } }: StackSpec,
  { id, signIn }: Pick<DeveloperSpec, "id" | "signIn">,
  roleName: string,
  mfaSerial?: string,
): SignInPlan {
  return {
    person: id,
    signIn,
    department: stack,
    accountId,
    region,
    mfaMode,
    ...(mfaMode !== "iam-user" && { roleArn: `arn:aws:iam::${accountId}:role${iamPath}${roleName}` }),
    ...(mfaMode !== "identity-center" && {
      mfaSerial: mfaSerial ?? `arn:aws:iam::${identityAccount}:mfa/${signIn}`,
    }),
  };
}

/**
 * The connection of a developer of a department's stack.
 * @param mfaSerial where the device is not named like the user
 */
export function planConnection(spec: StackSpec, developer: DeveloperSpec, mfaSerial?: string): DeveloperConnection {
  const { stack, platform } = spec;
  const known = names(platform.organization);
  const foundation = foundationStack(spec);
  return {
    ...planSignIn(spec, developer, known.sessionRole(stack), mfaSerial),
    role: "developer",
    seconds: platform.mfaMode === "assume-role" ? roleSeconds : hour,
    tags: { Organization: platform.organization, Department: stack, Owner: developer.signIn, Purpose: "workspace" },
    documents: {
      "code-server": known.sessionDocument(foundation, "code-server"),
      shell: known.sessionDocument(foundation, "shell"),
      ssh: known.sessionDocument(foundation, "ssh"),
    },
    ...(developer.sshPublicKey !== undefined && { sshPublicKey: developer.sshPublicKey }),
  };
}

/** Makes temporary credentials. @param code of the MFA device; unused with `identity-center` */
export function signInCommand({ signIn, roleArn, mfaSerial, seconds }: Connection, code: string): Command {
  const mfa = mfaSerial === undefined ? [] : ["--serial-number", mfaSerial, "--token-code", code];
  const duration = ["--duration-seconds", String(seconds)];
  if (roleArn === undefined) return ["sts", "get-session-token", ...mfa, ...duration];
  // A profile of the command line cannot set a source identity, which the role's trust asks for.
  const identity = ["--role-session-name", signIn, "--source-identity", signIn];
  return ["sts", "assume-role", "--role-arn", roleArn, ...identity, ...mfa, ...duration];
}

/** Signs in at the identity provider, in a browser. Version 2 of the command line only. */
export const ssoCommand: Command = ["sso", "login"];

/** Instances that are not terminated. */
const standing = "pending,running,stopping,stopped";

/** Finds the workspace. */
export function findCommand({ tags }: Connection): Command {
  // A comma would begin another value.
  const filters = Object.entries(tags).map(([key, value]) => `Name=tag:${key},Values=${value.replaceAll(",", "\\,")}`);
  return ["ec2", "describe-instances", "--filters", ...filters, `Name=instance-state-name,Values=${standing}`];
}

export const startCommand = (instance: string): Command => ["ec2", "start-instances", "--instance-ids", instance];

/** Whether Session Manager's agent of the workspace is connected. */
export const readyCommand = (instance: string): Command => ["ssm", "get-connection-status", "--target", instance];

/** Ends a session that its plugin did not end. */
export const terminateCommand = (session: string): Command => ["ssm", "terminate-session", "--session-id", session];

/**
 * Opens a session by a document. @param port on this machine, where the document forwards one
 * @throws Error where the person's role has no such document
 */
export function sessionCommand(
  { documents }: Connection,
  kind: keyof Connection["documents"],
  instance: string,
  port?: string,
): Command {
  const document = documents[kind];
  if (document === undefined) throw new Error(`no session document ${kind}`);
  const parameters = port === undefined ? [] : ["--parameters", `localPortNumber=${port}`];
  return ["ssm", "start-session", "--target", instance, "--document-name", document, ...parameters];
}
