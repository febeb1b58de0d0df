import { safe } from "../deploy/screen";
import { isHealthy } from "./health";
import { sessionCommand, type Connection } from "./plan";
import { startPlugin, type Plugin } from "./plugin";
import type { SignedIn } from "./sign-in";
import { ConnectFault, pause, type Surroundings } from "./surroundings";
import { refusal } from "./words";
import { agentConnected } from "./workspace";

/** Where the tunnel leads. */
export interface Route {
  readonly connection: Connection;
  readonly instance: string;
  /** Port of this machine. */
  readonly port: number;
}

/**
 * Opens code-server's port. It stands when code-server answers through it; neither the plugin's
 * words nor an open port count.
 * @returns undefined when the run was stopped meanwhile
 * @throws ConnectFault
 */
export async function openTunnel(route: Route, session: SignedIn, at: Surroundings): Promise<Plugin | undefined> {
  const { connection, instance, port } = route;
  const { timings, stop, say } = at;
  const start = (): Plugin =>
    startPlugin(sessionCommand(connection, "code-server", instance, String(port)), connection.region, session.env);
  let plugin = start();
  const deadline = Date.now() + timings.healthy;
  while (!stop.aborted) {
    if (await isHealthy(port, timings.probe)) return plugin;
    const refused = plugin.refused();
    if (refused?.code === "TargetNotConnected" && Date.now() < deadline) {
      say("its agent is not connected yet");
      await agentConnected(session.aws, connection, instance, at);
      await pause(timings.poll, stop);
      plugin = start();
    } else if (refused !== undefined) throw refusal("session", refused, connection);
    else if (plugin.ended())
      throw new ConnectFault(`session: it ended before code-server answered${lastLine(plugin)}; ${again}`);
    else if (Date.now() > deadline) {
      const fault = new ConnectFault(late(plugin, timings.healthy));
      await plugin.end(session.closing, timings.grace);
      throw fault;
    }
    await pause(timings.probe, stop);
  }
  await plugin.end(session.closing, timings.grace);
  return undefined;
}

const again = "run this again, and when it stays so, show this line to an operator";

function lastLine(plugin: Plugin): string {
  const line = plugin.output().trim().split("\n").at(-1)?.trim() ?? "";
  return line === "" ? " and said nothing" : ` and said: ${safe(line)}`;
}

function late(plugin: Plugin, ms: number): string {
  const seconds = `${Math.round(ms / 1000)} s`;
  return /Port \d+ opened/.test(plugin.output())
    ? `code-server: no answer within ${seconds} although the tunnel is open; the workspace may still be setting itself up: ${again}`
    : `session: the plugin opened no port within ${seconds}${lastLine(plugin)}; look at this machine's network and proxy (websockets to ssmmessages), then run this again`;
}

/** Why a tunnel no longer stands. */
export type End = "stopped" | "idle" | "dropped";

/**
 * Watches a tunnel until it ends. The plugin resumes a dropped connection by itself. Requests to
 * /healthz follow only a sleep or a change of the network: steady ones would keep an unused session,
 * and so the machine, alive.
 */
export async function watchTunnel({ port }: Route, plugin: Plugin, session: SignedIn, at: Surroundings): Promise<End> {
  const { timings, stop } = at;
  const stopped = (): boolean => stop.aborted;
  while (!stopped()) {
    await Promise.race([pause(timings.watch, stop), plugin.done]);
    if (plugin.ended()) return /timed? ?out|inactiv/i.test(plugin.output()) ? "idle" : "dropped";
    if (!stopped() && at.changed() && !(await resumes(port, at))) {
      await plugin.end(session.closing, timings.grace);
      return stopped() ? "stopped" : "dropped";
    }
  }
  await plugin.end(session.closing, timings.grace);
  return "stopped";
}

async function resumes(port: number, { timings, stop }: Surroundings): Promise<boolean> {
  const deadline = Date.now() + timings.grace;
  do {
    if (await isHealthy(port, timings.probe)) return true;
    await pause(timings.probe, stop);
  } while (Date.now() < deadline && !stop.aborted);
  return false;
}
