import { z } from "zod";
import type { StackSpec } from "../../config";
import { ownCodes, type Aws, type AwsAnswer } from "./aws";

const identity = z.object({ Account: z.string(), Arn: z.string() });

/** Whose credentials the command line uses. */
export const callerCommand = ["sts", "get-caller-identity"] as const;

/** Account and ARN of the caller. */
export type Caller = z.infer<typeof identity>;

/** Why there is no caller, as one line. */
export interface NoCaller {
  readonly fault: string;
  /** The command line is not installed. */
  readonly noTool: boolean;
}

/** The caller, or what is to do about the credentials. */
export async function callerOf(aws: Aws): Promise<Caller | NoCaller> {
  const answer = await aws(callerCommand);
  const read = answer.ok ? identity.safeParse(answer.value) : undefined;
  if (read?.success) return read.data;
  const noTool = !answer.ok && answer.code === ownCodes.notInstalled;
  return { fault: answer.ok ? "credentials: AWS answered in another shape" : credentialsFault(answer), noTool };
}

/** What is wrong with the credentials for a stack's account; absent: nothing. */
export async function callerFault(aws: Aws, { stack, accountId }: Pick<StackSpec, "stack" | "accountId">) {
  const caller = await callerOf(aws);
  return "fault" in caller ? caller.fault : accountFault(caller, stack, accountId);
}

/** The fault of a caller in another account than the stack's. */
export function accountFault({ Account }: Caller, stack: string, accountId: string): string | undefined {
  if (Account === accountId) return undefined;
  return `stacks/Pulumi.${stack}.yaml  aws:allowedAccountIds: found credentials of ${Account}; needed ${accountId}; sign in to that account, or set AWS_PROFILE`;
}

function credentialsFault({ code, message }: Extract<AwsAnswer, { ok: false }>): string {
  const needed = "needed credentials of the account";
  switch (code) {
    case ownCodes.notInstalled:
      return "aws: found no command line on PATH; needed version 2; install it: https://docs.aws.amazon.com/cli/";
    case ownCodes.noCredentials:
      return `credentials: found none; ${needed}; sign in with \`aws sso login\` or set AWS_PROFILE`;
    case ownCodes.expired:
      return `credentials: found ended ones; ${needed}; sign in again`;
    default:
      return `credentials: found ${code}: ${message}; ${needed}; sign in again`;
  }
}
