import { administer, type Administration, type KeyStatus } from "./administer";
import { aliasOf, parseRequest, type Request } from "./request";

/** A call of the function, as Lambda's context tells it. */
export interface Call {
  readonly invokedFunctionArn: string;
  /**
   * Lambda's id of the invocation. CloudTrail's `Invoke` event carries it as `requestID`, beside the session and source identity of the person
   * who called: Lambda itself tells a function nothing of its caller.
   */
  readonly awsRequestId: string;
}

type Tell = (message: string, details: Readonly<Record<string, string | boolean>>) => void;

/** Does what is asked. The log names the act, for whom and by whom before it begins, and how it ended: the gateway knows only the master key. */
export async function serve(
  administration: Administration,
  event: unknown,
  { invokedFunctionArn, awsRequestId }: Call,
  tell: Tell,
): Promise<readonly KeyStatus[]> {
  const alias = aliasOf(invokedFunctionArn);
  const request = parseRequest(event, alias);
  const line = lineOf(request, awsRequestId, alias);
  tell("key administration asked", line);
  try {
    const keys = await administer(administration, request);
    tell("key administered", line);
    return keys;
  } catch (fault) {
    tell("key administration failed", { ...line, fault: (fault as Error).message });
    throw fault;
  }
}

const lineOf = ({ action, department, developer, byOperators }: Request, requestId: string, alias: string) => ({
  ...{ department, action, developer, requestId, alias },
  by: byOperators ? "operators" : "lead",
});
