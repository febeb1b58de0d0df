import { z } from "zod";
import { accessNodePurpose, tracesStack } from "../../components/traces";
import { leadsOf, names, StackFilesError, type LeadSpec, type SoundDepartments, type StackSpec } from "../../config";
import type { Aws } from "../deploy/aws";
import { UsageError } from "../usage";
import { hour, planSignIn, type Command, type Connection } from "./plan";
import { ConnectFault } from "./surroundings";
import { refusal } from "./words";

/** A lead or deputy and the stack of the department. */
export interface FoundLead {
  readonly spec: StackSpec;
  readonly lead: LeadSpec;
}

/**
 * Finds a lead or deputy by id or sign-in name. The loader has refused a person of two departments.
 * @param asked absent: the user of this machine
 * @throws UsageError with the next step
 * @throws StackFilesError where the person may stand in a file that has faults
 */
export function findLead(
  { departments: specs, faults }: SoundDepartments,
  asked: string | undefined,
  user: string,
): FoundLead {
  const name = asked ?? user;
  const all = specs.flatMap((spec) =>
    spec.department === undefined ? [] : leadsOf(spec.department).map((lead): FoundLead => ({ spec, lead })),
  );
  const found = all.find(({ lead }) => lead.id === name) ?? all.find(({ lead }) => lead.signIn === name);
  if (found !== undefined) return found;
  if (faults.length > 0) throw new StackFilesError(faults);
  throw new UsageError(
    `PERSON: found ${name === "" ? "an empty text" : name}${asked === undefined ? ", this machine's user" : ""}; with --langfuse allowed a lead or deputy of a department; write the id that stands there`,
  );
}

/** How a lead reaches Langfuse: the lead's role, and the access node in place of a workspace. */
export function planLead({ spec, lead }: FoundLead, mfaSerial?: string): Connection {
  const { stack, platform } = spec;
  const known = names(platform.organization);
  const traces = tracesStack(spec);
  return {
    ...planSignIn(spec, lead, known.leadRole(stack), mfaSerial),
    role: "lead",
    seconds: hour,
    tags: { Organization: platform.organization, Stack: traces, Purpose: accessNodePurpose },
    documents: { langfuse: known.sessionDocument(traces, "langfuse") },
    accountSecret: known.langfuseAccount(stack, lead.id),
  };
}

/** A lead's account at Langfuse. */
export interface Account {
  readonly user: string;
  readonly password: string;
}

const answered = z.object({ SecretString: z.string() });
const account = z.object({ user: z.string().min(1), password: z.string().min(1) });

/** Reads the secret of the lead's own account. */
export const accountCommand = ({ accountSecret = "" }: Connection): Command => [
  "secretsmanager",
  "get-secret-value",
  "--secret-id",
  accountSecret,
];

/** Reads the lead's own account. @throws ConnectFault, which holds nothing of an answer */
export async function readAccount(aws: Aws, connection: Connection): Promise<Account> {
  const name = connection.accountSecret ?? "";
  const answer = await aws(accountCommand(connection));
  if (!answer.ok) {
    if (answer.code !== "ResourceNotFoundException") throw refusal("account", answer, connection);
    throw new ConnectFault(
      `account: found no value of ${name}; needed what the deployment of ${connection.department} writes there; ask an operator whether its last one ended well`,
    );
  }
  const read = answered.safeParse(answer.value);
  const value = read.success ? account.safeParse(parsed(read.data.SecretString)) : undefined;
  if (value?.success) return value.data;
  throw new ConnectFault(
    `account: found another form in ${name} (not shown); ask an operator to deploy the department`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
