import { assumptions as use } from "./assumptions";

/** Who causes a charge: the stack by standing, one developer by being declared, or the use. */
export type Share = "fixed" | "developer" | "use";

/** What the estimate reads of a resource. Inputs are as the preview document shows them. */
export interface PlannedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URNs by the property that depends on them. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** One charge a month. */
export interface Charge {
  /** Heading in the table, such as `Interface endpoints`. */
  readonly what: string;
  /** Name of the price. */
  readonly item: string;
  /** Units a month; undefined where the plan does not tell them. */
  readonly quantity: number | undefined;
  readonly share: Share;
}

/** The resources around the one that is priced. */
export interface Surroundings {
  /** Resources of a type that a property depends on. */
  readonly behind: (resource: PlannedResource, property: string, type: string) => readonly PlannedResource[];
  /** The resources of the same type that depend by the property on the same resource; sorted by URN. */
  readonly beside: (resource: PlannedResource, property: string) => readonly PlannedResource[];
  /** The resource belongs to one developer. */
  readonly isPersonal: (resource: PlannedResource) => boolean;
}

export type Rule = (resource: PlannedResource, around: Surroundings) => readonly Charge[];

const numberOf = (value: unknown): number | undefined =>
  typeof value === "number"
    ? value
    : typeof value === "string" && value !== "" && Number.isFinite(Number(value))
      ? Number(value)
      : undefined;
const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
const times = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a * b;

const charge = (what: string, item: string, quantity: number | undefined, share: Share = "fixed"): Charge => ({
  what,
  item,
  quantity,
  share,
});
const one =
  (what: string, item: string): Rule =>
  (resource, around) => [charge(what, item, 1, standing(resource, around))];

/** The share of what is paid whether it is used or not. */
const standing = (resource: PlannedResource, { isPersonal }: Surroundings): Share =>
  isPersonal(resource) ? "developer" : "fixed";

/** Subnets, one a zone, in which a resource stands. */
function zonesOf(resource: PlannedResource, property: string, around: Surroundings): number | undefined {
  const given = resource.inputs[property];
  if (Array.isArray(given)) return given.length;
  const behind = around.behind(resource, property, "aws:ec2/subnet:Subnet").length;
  return behind > 0 ? behind : undefined;
}

const volume = (gb: number | undefined, share: Share, kept: boolean): Charge[] => [
  charge("Volumes (gp3)", "volume-gp3", gb, share),
  ...(kept ? [charge("Snapshots of volumes", "snapshot", times(gb, use.snapshotShare), share)] : []),
];

const isKept = ({ inputs }: PlannedResource): boolean => "Snapshots" in objectOf(inputs["tags"]);

function endpoint(resource: PlannedResource, around: Surroundings): readonly Charge[] {
  if (resource.inputs["vpcEndpointType"] === "Gateway") return [];
  const zones = zonesOf(resource, "subnetIds", around);
  return [charge("Interface endpoints", "interface-endpoint", times(zones, use.hours))];
}

function instance(resource: PlannedResource, around: Surroundings): readonly Charge[] {
  const share = standing(resource, around);
  const personal = share === "developer";
  const type = textOf(resource.inputs["instanceType"]) ?? "of an unknown type";
  const root = numberOf(objectOf(resource.inputs["rootBlockDevice"])["volumeSize"]);
  return [
    personal
      ? charge("Workspaces, while they run", `instance-${type}`, use.workspaceHours, "use")
      : charge("Hosts", `instance-${type}`, use.hours),
    ...(resource.inputs["rootBlockDevice"] === undefined ? [] : volume(root, share, false)),
    ...(resource.inputs["monitoring"] === true ? [charge("Detailed monitoring", "metric", 7, share)] : []),
    ...(personal ? [charge("Logs taken in", "log-ingestion", use.logGbPerDeveloper, "use")] : []),
  ];
}

/**
 * The least capacity of an Aurora instance. A reader that may rest takes none while nobody reads;
 * one instance of each cluster, here the first, writes and stays awake.
 */
function databaseInstance(resource: PlannedResource, around: Surroundings): readonly Charge[] {
  const [cluster] = around.behind(resource, "clusterIdentifier", "aws:rds/cluster:Cluster");
  const type = textOf(resource.inputs["instanceClass"]);
  if (type !== "db.serverless") return [charge("Databases", `database-${type ?? "of an unknown class"}`, use.hours)];
  const scaling = objectOf(cluster?.inputs["serverlessv2ScalingConfiguration"]);
  const least = numberOf(scaling["minCapacity"]);
  const [writer] = around.beside(resource, "clusterIdentifier");
  const rests = least === 0 && writer !== resource && (numberOf(resource.inputs["promotionTier"]) ?? 0) >= 2;
  // Half a unit is the least capacity of an instance with connections.
  const units = least === undefined ? undefined : rests ? 0 : Math.max(least, 0.5);
  return [charge("Aurora capacity", "aurora-acu", times(units, use.hours))];
}

const databaseCluster: Rule = ({ inputs }) => [
  charge("Database storage", "aurora-storage", use.databaseGb),
  ...(inputs["manageMasterUserPassword"] === true ? [charge("Secrets", "secret", 1)] : []),
];

const cache: Rule = ({ inputs }) => [
  charge(
    "Valkey nodes",
    `${textOf(inputs["engine"]) ?? "cache"}-${textOf(inputs["nodeType"]) ?? "of an unknown type"}`,
    times(numberOf(inputs["numCacheClusters"]) ?? 1, use.hours),
  ),
];

/** The tasks that always run, by their task definition's size. */
function service(resource: PlannedResource, around: Surroundings): readonly Charge[] {
  const [task] = around.behind(resource, "taskDefinition", "aws:ecs/taskDefinition:TaskDefinition");
  const count = numberOf(resource.inputs["desiredCount"]);
  const arm = objectOf(task?.inputs["runtimePlatform"])["cpuArchitecture"] === "ARM64" ? "arm" : "x86";
  const cpu = numberOf(task?.inputs["cpu"]);
  const memory = numberOf(task?.inputs["memory"]);
  const hours = times(count, use.hours);
  return [
    charge("Fargate tasks: vCPU", `fargate-${arm}-vcpu`, times(hours, times(cpu, 1 / 1024))),
    charge("Fargate tasks: memory", `fargate-${arm}-memory`, times(hours, times(memory, 1 / 1024))),
    ...(insightsOn(resource, around)
      ? [
          // Eleven metrics of a service and six of a task's family.
          charge("Container Insights", "metric", 17),
          charge("Logs taken in", "log-ingestion", times(count, use.insightsGbPerTask)),
        ]
      : []),
  ];
}

const hasInsights = ({ inputs }: PlannedResource): boolean =>
  Array.isArray(inputs["settings"]) &&
  inputs["settings"].some((each) => {
    const { name, value } = objectOf(each);
    return name === "containerInsights" && (value === "enabled" || value === "enhanced");
  });

const insightsOn = (resource: PlannedResource, around: Surroundings): boolean =>
  around.behind(resource, "cluster", "aws:ecs/cluster:Cluster").some(hasInsights);

function loadBalancer({ inputs }: PlannedResource): readonly Charge[] {
  const kind = inputs["loadBalancerType"] === "network" ? "network" : "application";
  return [
    charge("Load balancers", `${kind}-load-balancer`, use.hours),
    charge("Load balancer use", `${kind}-capacity-unit`, use.hours * use.capacityUnits, "use"),
  ];
}

/** Runs a month of a schedule expression; cron expressions here name one time a day. */
export function runsOf(expression: unknown): number | undefined {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(textOf(expression) ?? "") ?? [];
  const days = use.hours / 24;
  if (count !== undefined) return (days * { minute: 1440, hour: 24, day: 1 }[unit as "minute"]) / Number(count);
  return /^cron\(\d+ \d+ \* \* \? \*\)$/.test(textOf(expression) ?? "") ? days : undefined;
}

function schedule(resource: PlannedResource, around: Surroundings): readonly Charge[] {
  const runs = runsOf(resource.inputs["scheduleExpression"]);
  const [target] = around.behind(resource, "target", "aws:lambda/function:Function");
  const memory = numberOf(target?.inputs["memorySize"]) ?? 256;
  return [
    charge("Scheduled functions", "schedule", times(runs, 1e-6)),
    charge("Scheduled functions", "function-request", times(runs, 1e-6)),
    charge("Scheduled functions", "function-memory", times(runs, (use.functionSeconds * memory) / 1024)),
  ];
}

const alarm: Rule = (resource, around) => [charge("Alarms", "alarm", 1, standing(resource, around))];

/** Composite alarms have a price of their own, for each. */
const compositeAlarm: Rule = (resource, around) => [charge("Alarms", "composite-alarm", 1, standing(resource, around))];

/** Charges by resource type. The types that cost nothing by themselves stand in free.ts. */
export const rules: Readonly<Record<string, Rule>> = {
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": compositeAlarm,
  "aws:cloudwatch/dashboard:Dashboard": one("Dashboards", "dashboard"),
  "aws:cloudwatch/logGroup:LogGroup": (resource, around) =>
    around.isPersonal(resource) ? [] : [charge("Logs taken in", "log-ingestion", use.logGbPerIdleGroup)],
  "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
  "aws:ebs/volume:Volume": (resource, around) =>
    volume(numberOf(resource.inputs["size"]), standing(resource, around), isKept(resource)),
  "aws:ec2/instance:Instance": instance,
  "aws:ec2/vpcEndpoint:VpcEndpoint": endpoint,
  "aws:ecr/repository:Repository": () => [charge("Images", "image-storage", use.repositoryGb)],
  "aws:ecs/cluster:Cluster": (cluster) => (hasInsights(cluster) ? [charge("Container Insights", "metric", 8)] : []),
  "aws:ecs/service:Service": service,
  "aws:elasticache/replicationGroup:ReplicationGroup": cache,
  "aws:kms/key:Key": one("KMS keys", "kms-key"),
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:rds/cluster:Cluster": databaseCluster,
  "aws:rds/clusterInstance:ClusterInstance": databaseInstance,
  "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList": ({ inputs }) => [
    charge(
      "DNS Firewall",
      "dns-firewall-domain",
      Array.isArray(inputs["domains"]) ? inputs["domains"].length : undefined,
    ),
  ],
  "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation": () => [
    charge("DNS Firewall", "dns-firewall-query", use.dnsMillionQueries, "use"),
  ],
  "aws:route53/zone:Zone": one("Hosted zones", "hosted-zone"),
  "aws:s3/bucket:Bucket": () => [charge("Objects", "object-storage", use.bucketGb, "use")],
  "aws:scheduler/schedule:Schedule": schedule,
  "aws:cloudwatch/eventRule:EventRule": (resource, around) =>
    resource.inputs["scheduleExpression"] === undefined ? [] : schedule(resource, around),
  "aws:secretsmanager/secret:Secret": one("Secrets", "secret"),
  "aws:servicediscovery/instance:Instance": one("Registered instances", "registered-instance"),
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": one("Hosted zones", "hosted-zone"),
};
