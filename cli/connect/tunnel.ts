import { safe } from "../deploy/screen";
import { freePort, isHealthy, isTaken } from "./health";
import { sessionCommand, type Connection } from "./plan";
import { startPlugin, type Plugin } from "./plugin";
import type { Service } from "./service";
import type { SignedIn } from "./sign-in";
import { ConnectFault, pause, type Surroundings } from "./surroundings";
import { refusal } from "./words";
import { agentConnected } from "./workspace";

/** Where the tunnel leads. */
export interface Route {
  readonly connection: Connection;
  readonly service: Service;
  readonly instance: string;
  /** Port of this machine. */
  readonly port: number;
}

/** The plugin waits in silence where another program has the port, or says so and ends with 0. */
export const usedPort = (port: number): ConnectFault =>
  new ConnectFault(
    `--port: found ${port}, which another program uses; leave it out for a free one, or write another --port`,
  );

/**
 * Opens the service's port. It stands when the service answers through it; neither the plugin's
 * words nor an open port count.
 * @returns undefined when the run was stopped meanwhile
 * @throws ConnectFault; no session stays open then
 */
export async function openTunnel(route: Route, session: SignedIn, at: Surroundings): Promise<Plugin | undefined> {
  const { connection, service, instance, port } = route;
  const { timings, stop, say } = at;
  const deadline = Date.now() + timings.healthy;
  const stopped = (): boolean => stop.aborted;
  while (!stopped()) {
    if ((await freePort(port)) === undefined) throw usedPort(port);
    const command = sessionCommand(connection, service.document, instance, String(port));
    const plugin = startPlugin(command, connection.region, session.env);
    if (await stands(plugin, route, deadline, session, at)) return plugin;
    if (stopped()) break;
    say("its agent is not connected yet");
    await agentConnected(session.aws, connection, instance, at);
    await pause(timings.poll, stop);
  }
  return undefined;
}

/**
 * Waits until the service answers. The plugin's session ends with any other outcome.
 * @returns false when the run was stopped, or the target's agent is not connected
 * @throws ConnectFault
 */
async function stands(
  plugin: Plugin,
  { connection, service, port }: Route,
  deadline: number,
  session: SignedIn,
  at: Surroundings,
): Promise<boolean> {
  const { timings, stop } = at;
  let [standing, taken] = [false, false];
  try {
    while (!stop.aborted) {
      standing = plugin.listens() && (await isHealthy(service, port, timings.probe));
      if (standing) return true;
      const refused = plugin.refused();
      if (refused?.code === "TargetNotConnected" && Date.now() < deadline) return false;
      if (refused !== undefined) throw refusal("session", refused, connection);
      if (plugin.ended() && /address already in use/i.test(plugin.output())) throw usedPort(port);
      if (plugin.ended())
        throw new ConnectFault(`session: it ended before ${service.name} answered${lastLine(plugin)}; ${again}`);
      if (taken && !plugin.listens()) throw usedPort(port);
      if (Date.now() > deadline) throw new ConnectFault(late(plugin, service, timings.healthy));
      // The plugin says so a moment after it has taken the port.
      taken = !plugin.listens() && (await isTaken(port));
      await pause(timings.probe, stop);
    }
    return false;
  } finally {
    if (!standing) await plugin.end(session.closing, timings.grace);
  }
}

const again = "run this again, and when it stays so, show this line to an operator";

function lastLine(plugin: Plugin): string {
  const line = plugin.output().trim().split("\n").at(-1)?.trim() ?? "";
  return line === "" ? " and said nothing" : ` and said: ${safe(line)}`;
}

function late(plugin: Plugin, service: Service, ms: number): string {
  const seconds = `${Math.round(ms / 1000)} s`;
  return plugin.listens()
    ? `${service.name}: no answer within ${seconds} although the tunnel is open; ${service.late}: ${again}`
    : `session: the plugin opened no port within ${seconds}${lastLine(plugin)}; look at this machine's network and proxy (websockets to ssmmessages), then run this again`;
}

/** Why a tunnel no longer stands. */
export type End = "stopped" | "idle" | "dropped";

/**
 * Watches a tunnel until it ends. The plugin resumes a dropped connection by itself. Requests to
 * the service follow only a sleep or a change of the network: steady ones would keep an unused
 * session, and so a workspace, alive.
 */
export async function watchTunnel(route: Route, plugin: Plugin, session: SignedIn, at: Surroundings): Promise<End> {
  const { timings, stop } = at;
  const stopped = (): boolean => stop.aborted;
  try {
    while (!stopped()) {
      await Promise.race([pause(timings.watch, stop), plugin.done]);
      if (plugin.ended()) return /timed? ?out|inactiv/i.test(plugin.output()) ? "idle" : "dropped";
      if (!stopped() && at.changed() && !(await resumes(route, at))) return stopped() ? "stopped" : "dropped";
    }
    return "stopped";
  } finally {
    await plugin.end(session.closing, timings.grace);
  }
}

async function resumes({ service, port }: Route, { timings, stop }: Surroundings): Promise<boolean> {
  const deadline = Date.now() + timings.grace;
  do {
    if (await isHealthy(service, port, timings.probe)) return true;
    await pause(timings.probe, stop);
  } while (Date.now() < deadline && !stop.aborted);
  return false;
}
