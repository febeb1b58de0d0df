import { CloudWatchClient, paginateGetMetricData } from "@aws-sdk/client-cloudwatch";
import { EC2Client, paginateDescribeInstances, type Instance } from "@aws-sdk/client-ec2";
import { paginateDescribeSessions, SSMClient } from "@aws-sdk/client-ssm";
import { awsClient } from "../shared/aws";

/**
 * Average CPU load in percent over five minutes above which a workspace is busy. An open editor
 * stays below 3.
 */
const busyPercent = 10;
const hour = 3_600_000;

const ec2 = awsClient(new EC2Client({}));
const ssm = awsClient(new SSMClient({}));
const cloudWatch = awsClient(new CloudWatchClient({}));

/** Running and stopped workspaces of an organization. */
export async function findInstances(organization: string): Promise<Instance[]> {
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

/** Instances with an open session; for the others, the end of the past day's last session. */
export async function findSessions(now: Date): Promise<{ open: Set<string>; ended: Map<string, Date> }> {
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

/** Metrics that one call takes. */
const metricsAtOnce = 500;

/** When each instance's processor was last busy within the past `minutes`. */
export async function findWork(instanceIds: readonly string[], now: Date, minutes: number): Promise<Map<string, Date>> {
  const busy = new Map<string, Date>();
  for (let at = 0; at < instanceIds.length; at += metricsAtOnce) {
    const batch = instanceIds.slice(at, at + metricsAtOnce);
    const query = {
      StartTime: new Date(now.getTime() - minutes * 60_000),
      EndTime: now,
      ScanBy: "TimestampDescending" as const,
      MetricDataQueries: batch.map((id, index) => ({ Id: `m${String(index)}`, MetricStat: averageLoad(id) })),
    };
    for await (const { MetricDataResults = [] } of paginateGetMetricData({ client: cloudWatch }, query)) {
      for (const { Id, Values = [], Timestamps = [] } of MetricDataResults) {
        const instanceId = batch[Number(Id?.slice(1))];
        const time = Timestamps[Values.findIndex((value) => value >= busyPercent)];
        if (instanceId !== undefined && time && !busy.has(instanceId)) busy.set(instanceId, time);
      }
    }
  }
  return busy;
}

const averageLoad = (instanceId: string) => ({
  Metric: {
    Namespace: "AWS/EC2",
    MetricName: "CPUUtilization",
    Dimensions: [{ Name: "InstanceId", Value: instanceId }],
  },
  Period: 300,
  Stat: "Average",
});
