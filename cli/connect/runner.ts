import { spawn } from "node:child_process";
import { freePort } from "./health";
import { sessionCommand, type Connection } from "./plan";
import { codeServer } from "./service";
import { signIn, type SignedIn } from "./sign-in";
import { ConnectFault, mostReconnects, pause, type Surroundings } from "./surroundings";
import { openTunnel, usedPort, watchTunnel, type End, type Route } from "./tunnel";
import { runningWorkspace } from "./workspace";

/** A session and what was found with it. */
interface Made<T> {
  readonly session: SignedIn;
  readonly value: T;
}

/** Does something in the person's session; signs in once more where AWS says that it has ended. */
export async function inSession<T>(
  connection: Connection,
  at: Surroundings,
  act: (session: SignedIn) => Promise<T>,
): Promise<Made<T>> {
  const session = await signIn(connection, at);
  try {
    return { session, value: await act(session) };
  } catch (error) {
    if (!(error instanceof ConnectFault && error.expired)) throw error;
    at.say("the session has ended; signing in again");
    session.forget();
    const next = await signIn(connection, at);
    return { session: next, value: await act(next) };
  }
}

/**
 * Opens code-server and keeps it open until it is stopped, or unused for the session's idle time.
 * @param asked port of this machine; absent: a free one
 * @throws ConnectFault
 */
export async function openEditor(connection: Connection, at: Surroundings, asked?: number): Promise<void> {
  const port = await freePort(asked);
  if (port === undefined) throw usedPort(asked ?? 0);
  await keepOpen(connection, at, {
    service: codeServer,
    port,
    url: `http://127.0.0.1:${port}/`,
    find: ({ aws }) => runningWorkspace(aws, connection, at),
  });
}

/** A service that is forwarded to this machine. */
export interface Forwarded extends Pick<Route, "service" | "port"> {
  /** Its address on this machine. */
  readonly url: string;
  /** Id of the instance that it is reached through. */
  readonly find: (session: SignedIn) => Promise<string>;
  /** What follows when it answers for the first time. */
  readonly opened?: () => void;
}

/**
 * Forwards a service until it is stopped, or unused for the session's idle time.
 * @throws ConnectFault
 */
export async function keepOpen(connection: Connection, at: Surroundings, forwarded: Forwarded): Promise<void> {
  const { service, port, url, find, opened } = forwarded;
  for (let lost = 0; lost <= mostReconnects; lost++) {
    const { session, value } = await inSession(connection, at, async (current) => {
      const instance = await find(current);
      if (at.stop.aborted) return undefined;
      const route = { connection, service, instance, port };
      const plugin = await openTunnel(route, current, at);
      return plugin && { route, plugin };
    });
    if (value === undefined) return;
    at.say(lost === 0 ? `${service.name}: ${url} (Ctrl-C ends it)` : `connected again: ${url}`);
    if (lost === 0) {
      opened?.();
      at.browse(url);
    }
    const since = Date.now();
    const end: End = await watchTunnel(value.route, value.plugin, session, at);
    if (end === "stopped") return;
    if (end === "idle") {
      at.say("the session ended after its idle time; run this again to go on");
      return;
    }
    // A tunnel that stood for a while begins a new count.
    if (Date.now() - since > 10 * at.timings.healthy) lost = 0;
    at.say("the tunnel dropped; connecting again");
    await pause(at.timings.poll * lost, at.stop);
    if (at.stop.aborted) return;
  }
  throw new ConnectFault(
    `session: the tunnel dropped ${mostReconnects + 1} times; look at this machine's network, then run this again`,
  );
}

/** Opens a shell in this terminal. Resolves with its exit code. @throws ConnectFault */
export async function openShell(connection: Connection, at: Surroundings): Promise<number> {
  const { session, value: instance } = await inSession(connection, at, ({ aws }) =>
    runningWorkspace(aws, connection, at),
  );
  if (at.stop.aborted) return 130;
  const command = [...sessionCommand(connection, "shell", instance), "--region", connection.region];
  return new Promise((resolve, reject) => {
    // The terminal sends Ctrl-C to the plugin, too, which hands it on to the shell.
    const child = spawn("aws", command, { env: session.env, stdio: "inherit" });
    child.once("error", (error) => reject(new ConnectFault(`aws: cannot be started: ${error.message}`)));
    child.once("close", (code) => resolve(code ?? 1));
  });
}
