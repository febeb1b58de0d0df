import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  EC2Client,
  paginateDescribeInstances,
  StartInstancesCommand,
  StopInstancesCommand,
  type Instance,
} from "@aws-sdk/client-ec2";
import { paginateDescribeSessions, SSMClient } from "@aws-sdk/client-ssm";
import { setting } from "../shared/environment";
import { log } from "../shared/log";
import { planActions, type WorkspaceAction, type WorkspaceState } from "./plan";

/** Average load of the processor, in percent over five minutes, above which a workspace is at work: an open editor alone stays below 3. */
const busyPercent = 10;
const hour = 3_600_000;

const ec2 = new EC2Client({});
const ssm = new SSMClient({});
const cloudWatch = new CloudWatchClient({});

async function findInstances(organization: string): Promise<Instance[]> {
  const found: Instance[] = [];
  const filters = [
    { Name: "tag:Organization", Values: [organization] },
    { Name: "tag:Purpose", Values: ["workspace"] },
    { Name: "instance-state-name", Values: ["running", "stopped"] },
  ];
  for await (const page of paginateDescribeInstances({ client: ec2 }, { Filters: filters })) {
    found.push(...(page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []));
  }
  return found;
}

/** Instances with an open session, and when the last session of the past day ended on the others. */
async function findSessions(now: Date): Promise<{ open: Set<string>; ended: Map<string, Date> }> {
  const open = new Set<string>();
  for await (const page of paginateDescribeSessions({ client: ssm }, { State: "Active" })) {
    for (const { Target } of page.Sessions ?? []) if (Target) open.add(Target);
  }
  const ended = new Map<string, Date>();
  const since = {
    key: "InvokedAfter" as const,
    value: new Date(now.getTime() - 24 * hour).toISOString().replace(/\.\d+/, ""),
  };
  for await (const page of paginateDescribeSessions({ client: ssm }, { State: "History", Filters: [since] })) {
    for (const { Target, EndDate } of page.Sessions ?? []) {
      if (Target && EndDate && EndDate > (ended.get(Target) ?? new Date(0))) ended.set(Target, EndDate);
    }
  }
  return { open, ended };
}

/** When each instance's processor was last at work within the past `minutes`. */
async function findWork(instanceIds: readonly string[], now: Date, minutes: number): Promise<Map<string, Date>> {
  const busy = new Map<string, Date>();
  for (let at = 0; at < instanceIds.length; at += 500) {
    const batch = instanceIds.slice(at, at + 500);
    let token: string | undefined;
    do {
      const answer = await cloudWatch.send(
        new GetMetricDataCommand({
          StartTime: new Date(now.getTime() - minutes * 60_000),
          EndTime: now,
          ScanBy: "TimestampDescending",
          NextToken: token,
          MetricDataQueries: batch.map((id, index) => ({
            Id: `m${String(index)}`,
            MetricStat: {
              Metric: {
                Namespace: "AWS/EC2",
                MetricName: "CPUUtilization",
                Dimensions: [{ Name: "InstanceId", Value: id }],
              },
              Period: 300,
              Stat: "Average",
            },
          })),
        }),
      );
      for (const { Id, Values = [], Timestamps = [] } of answer.MetricDataResults ?? []) {
        const instanceId = batch[Number(Id?.slice(1))];
        const hit = Values.findIndex((value) => value >= busyPercent);
        const time = Timestamps[hit];
        if (instanceId !== undefined && time && !busy.has(instanceId)) busy.set(instanceId, time);
      }
      token = answer.NextToken;
    } while (token !== undefined);
  }
  return busy;
}

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

/** Runs every few minutes: stops idle workspaces and starts those whose working time begins. Answers what it did. */
export async function handler(): Promise<readonly WorkspaceAction[]> {
  const now = new Date();
  const instances = await findInstances(setting("ORGANIZATION"));
  if (instances.length === 0) return [];
  const tag = (instance: Instance, key: string) => instance.Tags?.find(({ Key }) => Key === key)?.Value;
  const idleMinutes = (instance: Instance) => Number(tag(instance, "IdleMinutes") ?? 60);
  const running = instances.filter(({ State }) => State?.Name === "running");
  const [sessions, work] = await Promise.all([
    findSessions(now),
    findWork(
      running.flatMap(({ InstanceId }) => InstanceId ?? []),
      now,
      Math.max(10, ...running.map(idleMinutes)),
    ),
  ]);
  const states = instances.flatMap((instance): WorkspaceState[] => {
    const { InstanceId: instanceId, LaunchTime: launchedAt } = instance;
    if (instanceId === undefined || launchedAt === undefined) return [];
    const schedule = tag(instance, "Schedule");
    const sessionEndedAt = sessions.ended.get(instanceId);
    const busyAt = work.get(instanceId);
    return [
      {
        instanceId,
        launchedAt,
        running: instance.State?.Name === "running",
        idleMinutes: idleMinutes(instance),
        sessionOpen: sessions.open.has(instanceId),
        ...(schedule !== undefined && { schedule }),
        ...(sessionEndedAt && { sessionEndedAt }),
        ...(busyAt && { busyAt }),
      },
    ];
  });
  const actions = planActions(states, {
    now,
    timeZone: setting("TIME_ZONE"),
    intervalMinutes: Number(setting("INTERVAL_MINUTES")),
  });
  await act(actions);
  return actions;
}
