import { EC2Client, StartInstancesCommand, StopInstancesCommand, type Instance } from "@aws-sdk/client-ec2";
import { awsClient } from "../shared/aws";
import { setting } from "../shared/environment";
import { log } from "../shared/log";
import { findInstances, findSessions, findWork } from "./look";
import { planActions, type WorkspaceAction, type WorkspaceState } from "./plan";

const ec2 = awsClient(new EC2Client({}));

async function act(actions: readonly WorkspaceAction[]): Promise<void> {
  for (const action of ["stop", "start"] as const) {
    for (const { instanceId, reason } of actions.filter((entry) => entry.action === action)) {
      const instance = { InstanceIds: [instanceId] };
      try {
        await (action === "stop"
          ? ec2.send(new StopInstancesCommand(instance))
          : ec2.send(new StartInstancesCommand(instance)));
        log(`workspace ${action}`, { instanceId, reason });
      } catch (fault) {
        // One instance that cannot change its state now must not keep the others running.
        log(`workspace ${action} failed`, { instanceId, fault: String(fault) });
      }
    }
  }
}

const tag = (instance: Instance, key: string) => instance.Tags?.find(({ Key }) => Key === key)?.Value;
const idleMinutes = (instance: Instance) => Number(tag(instance, "IdleMinutes") ?? 60);

/** A workspace with its sessions and its load; undefined for an instance without id or launch time. */
function stateOf(
  instance: Instance,
  sessions: Awaited<ReturnType<typeof findSessions>>,
  work: ReadonlyMap<string, Date>,
): WorkspaceState | undefined {
  const { InstanceId: instanceId, LaunchTime: launchedAt } = instance;
  if (instanceId === undefined || launchedAt === undefined) return undefined;
  const schedule = tag(instance, "Schedule");
  const sessionEndedAt = sessions.ended.get(instanceId);
  const busyAt = work.get(instanceId);
  return {
    instanceId,
    launchedAt,
    running: instance.State?.Name === "running",
    idleMinutes: idleMinutes(instance),
    sessionOpen: sessions.open.has(instanceId),
    ...(schedule !== undefined && { schedule }),
    ...(sessionEndedAt && { sessionEndedAt }),
    ...(busyAt && { busyAt }),
  };
}

/** Stops idle workspaces and starts those whose working time begins. Returns its actions. */
export async function handler(): Promise<readonly WorkspaceAction[]> {
  const now = new Date();
  const instances = await findInstances(setting("ORGANIZATION"));
  if (instances.length === 0) return [];
  const running = instances.filter(({ State }) => State?.Name === "running");
  const [sessions, work] = await Promise.all([
    findSessions(now),
    findWork(
      running.flatMap(({ InstanceId }) => InstanceId ?? []),
      now,
      Math.max(10, ...running.map(idleMinutes)),
    ),
  ]);
  const states = instances.flatMap((instance) => stateOf(instance, sessions, work) ?? []);
  const actions = planActions(states, {
    now,
    timeZone: setting("TIME_ZONE"),
    intervalMinutes: Number(setting("INTERVAL_MINUTES")),
  });
  await act(actions);
  return actions;
}
