import { setting } from "../shared/environment";
import { send, type HttpAnswer, type HttpRequest } from "../shared/http";
import type { AccountSecret } from "./account";
import type { ProjectSecret } from "./project";

/** The cookie of a session, or its first part where it is long. */
const session = /session-token(\.0)?=[^;]/;

/** The running Langfuse, of the trusted authority alone. Undefined when it does not answer. */
async function ask(
  path: string,
  request: Pick<HttpRequest, "method" | "headers" | "body">,
): Promise<HttpAnswer | undefined> {
  const url = `${setting("LANGFUSE_URL")}${path}`;
  const ca = setting("LANGFUSE_CA");
  try {
    return await send({ ...request, url, ca, timeoutMs: 10_000 });
  } catch {
    return undefined;
  }
}

/** Whether Langfuse knows the project's keys. Undefined when it says neither. */
export async function keysWork({ publicKey, secretKey }: ProjectSecret): Promise<boolean | undefined> {
  const authorization = `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString("base64")}`;
  const answer = await ask("/api/public/projects", { method: "GET", headers: { authorization } });
  return answer?.status === 200 ? true : answer?.status === 401 || answer?.status === 403 ? false : undefined;
}

/**
 * Whether Langfuse signs the person in, as its own form does: NextAuth's token against forged requests, then user and password. A password
 * never changes by itself, because Langfuse changes one by mail only, and is told of no mail server. Undefined when it says neither.
 */
export async function signsIn({ user, password }: AccountSecret): Promise<boolean | undefined> {
  const token = await ask("/api/auth/csrf", { method: "GET" });
  const csrfToken = (token?.body as { csrfToken?: string } | undefined)?.csrfToken;
  if (token?.status !== 200 || csrfToken === undefined) return undefined;
  const cookie = token.cookies.map((each) => each.split(";", 1)[0] ?? "").join("; ");
  const answer = await ask("/api/auth/callback/credentials", {
    method: "POST",
    headers: { cookie },
    body: { csrfToken, email: user, password, json: "true" },
  });
  // NextAuth answers a forged or stale token with 200, too: only a success comes with a session.
  if (answer?.status === 200) return answer.cookies.some((each) => session.test(each)) || undefined;
  return answer?.status === 401 ? false : undefined;
}
