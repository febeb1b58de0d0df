import { z } from "zod";
import type { Aws } from "../deploy/aws";
import { findCommand, readyCommand, startCommand, type Command, type Connection } from "./plan";
import { ConnectFault, pause, type Surroundings } from "./surroundings";
import { refusal } from "./words";

const instances = z.object({
  Reservations: z.array(
    z.object({ Instances: z.array(z.object({ InstanceId: z.string(), State: z.object({ Name: z.string() }) })) }),
  ),
});
const status = z.object({ Status: z.string() });

interface Instance {
  readonly id: string;
  readonly state: string;
}

async function answerOf<T>(aws: Aws, command: Command, shape: z.ZodType<T>, connection: Connection): Promise<T> {
  const answer = await aws(command);
  if (!answer.ok) throw refusal("workspace", answer, connection);
  const read = shape.safeParse(answer.value);
  if (read.success) return read.data;
  throw new ConnectFault(`workspace: AWS answered ${command[1] ?? ""} in another shape; update AWS's command line`);
}

/** The instances with the connection's tags. */
async function instancesOf(aws: Aws, connection: Connection): Promise<readonly Instance[]> {
  const { Reservations } = await answerOf(aws, findCommand(connection), instances, connection);
  return Reservations.flatMap(({ Instances }) =>
    Instances.map(({ InstanceId, State }) => ({ id: InstanceId, state: State.Name })),
  );
}

/**
 * The id of Langfuse's access node. A new one may replace it meanwhile: the running one counts.
 * @throws ConnectFault where none runs: a lead starts no host
 */
export async function runningNode(aws: Aws, connection: Connection): Promise<string> {
  const all = await instancesOf(aws, connection);
  const running = all.find(({ state }) => state === "running");
  if (running !== undefined) return running.id;
  throw new ConnectFault(
    `access node: found ${all.length === 0 ? "none" : all.map(({ id, state }) => `${id} ${state}`).join(", ")}; needed a running one of stack ${connection.tags["Stack"] ?? ""}; ask an operator to deploy or start it`,
  );
}

/** The person's instance. @throws ConnectFault where there is none, or more than one */
async function find(aws: Aws, connection: Connection): Promise<Instance> {
  const all = await instancesOf(aws, connection);
  const [first, ...more] = all;
  const { person, department } = connection;
  if (first === undefined)
    throw new ConnectFault(
      `workspace: found none of ${person}; needed one of ${department}, deployed; ask the department's lead whether the change with ${person} is deployed`,
    );
  if (more.length > 0)
    throw new ConnectFault(
      `workspace: found ${all.map(({ id }) => id).join(" and ")} of ${person}; needed one; ask an operator to look at department ${department}`,
    );
  return first;
}

/**
 * The id of the person's running instance. Starts a stopped one, and waits until Session Manager
 * reaches it. One that runs already costs one call.
 * @throws ConnectFault
 */
export async function runningWorkspace(aws: Aws, connection: Connection, at: Surroundings): Promise<string> {
  const deadline = Date.now() + at.timings.ready;
  let instance = await find(aws, connection);
  if (instance.state === "running") return instance.id;
  let [shown, started] = ["", false];
  while (instance.state !== "running" && !at.stop.aborted) {
    if (instance.state !== shown) at.say(`workspace ${instance.id}: ${instance.state}`);
    shown = instance.state;
    if (instance.state === "stopped" && !started) {
      await answerOf(aws, startCommand(instance.id), z.unknown(), connection);
      at.say("starting it, which takes a minute or two");
      started = true;
    }
    await next(deadline, instance.state, at);
    instance = await find(aws, connection);
  }
  at.say(`workspace ${instance.id}: running, waiting for its agent`);
  await agentConnected(aws, connection, instance.id, at, deadline);
  return instance.id;
}

/** Waits until the agent of an instance is connected. @param deadline milliseconds since 1970 */
export async function agentConnected(
  aws: Aws,
  connection: Connection,
  id: string,
  at: Surroundings,
  deadline = Date.now() + at.timings.ready,
): Promise<void> {
  while (!at.stop.aborted) {
    const { Status } = await answerOf(aws, readyCommand(id), status, connection);
    if (Status === "connected") return;
    await next(deadline, "without an agent", at);
  }
}

async function next(deadline: number, state: string, { timings, stop }: Surroundings): Promise<void> {
  if (Date.now() > deadline)
    throw new ConnectFault(
      `workspace: still ${state} after ${Math.round(timings.ready / 1000)} s; run this again, and when it stays so, ask an operator to read its log and restart it`,
    );
  await pause(timings.poll, stop);
}
