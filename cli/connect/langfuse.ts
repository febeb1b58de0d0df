import { freePort } from "./health";
import { readAccount, type Account } from "./lead";
import type { Connection } from "./plan";
import { keepOpen } from "./runner";
import { langfuse } from "./service";
import { ConnectFault, type Surroundings } from "./surroundings";
import { runningNode } from "./workspace";

/** Langfuse signs people in at this address only: its NEXTAUTH_URL. */
export const langfusePort = 3000;

/** What a lead types into Langfuse's form. */
const shown = (url: string, { user, password }: Account): string =>
  `address   ${url}\nuser      ${user}\npassword  ${password}\n`;

/**
 * Forwards Langfuse's port until it is stopped, or unused for the session's idle time. Shows address, user and password once, when Langfuse
 * answers.
 * @param show writes to the lead's own terminal
 * @param port of this machine; another than Langfuse's own serves tests only
 * @throws ConnectFault
 */
export async function openLangfuse(
  connection: Connection,
  at: Surroundings,
  show: (text: string) => void,
  port = langfusePort,
): Promise<void> {
  const url = `http://localhost:${port}`;
  if ((await freePort(port)) === undefined)
    throw new ConnectFault(
      `port ${port}: another program of this machine uses it; Langfuse signs people in at ${url} only; end that program, then run this again`,
    );
  let account: Account | undefined;
  await keepOpen(connection, at, {
    service: langfuse,
    port,
    url,
    find: async ({ aws }) => {
      account ??= await readAccount(aws, connection);
      return runningNode(aws, connection);
    },
    opened: () => {
      if (account !== undefined) show(shown(url, account));
    },
  });
}
