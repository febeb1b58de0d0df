import assert from "node:assert/strict";
import { account, arn, region, stranger, type Context, type Row } from "../simulate";
import { deliveries } from "./deliveries";
import { listed } from "../../support/resources";
import type { World, WorldRole } from "../world";

/** What a service says of the resource for which it takes up a role; services that say nothing are left out. */
const sources: Readonly<Record<string, string>> = {
  "vpc-flow-logs.amazonaws.com": arn("ec2", "vpc-flow-log/fl-1"),
  "cloudtrail.amazonaws.com": arn("cloudtrail", "trail/example-platform"),
  "bedrock.amazonaws.com": arn("bedrock", "*"),
  "ecs-tasks.amazonaws.com": arn("ecs", "task/c/1"),
};

/** Services that say neither account nor resource when they take up a role. */
const silent = new Set(["lambda.amazonaws.com", "ec2.amazonaws.com"]);

function trusts(world: World): Row[] {
  const serviceOf = ({ trust }: WorldRole): string | undefined => {
    const [statement] = trust.document.Statement;
    return listed((statement?.Principal as { Service?: string } | undefined)?.Service)[0];
  };
  return [...world.roles.values()].flatMap((role): Row[] => {
    const service = serviceOf(role);
    if (service === undefined) return [];
    // Bedrock has two roles: for its log, and for batch jobs.
    const source = role.name.endsWith("-bedrock-batch") ? arn("bedrock", "model-invocation-job/abc") : sources[service];
    const own: Context = silent.has(service)
      ? {}
      : { "aws:SourceAccount": account, ...(source !== undefined && { "aws:SourceArn": source }) };
    const take = (title: string, as: Row["as"], context: Context, allowed: boolean): Row => ({
      title: `${role.name} ${allowed ? "is" : "is not"} taken up by ${title}`,
      as,
      does: "sts:AssumeRole",
      on: role.arn,
      with: context,
      alone: "resource",
      allowed,
    });
    return [
      take(service, { service }, own, true),
      take("another service", { service: "glue.amazonaws.com" }, own, false),
      take("an administrator", { admin: true }, own, false),
      ...(silent.has(service) ? [] : [take(`${service} for another account`, { service }, elsewhere(own), false)]),
      ...(source === undefined
        ? []
        : [take(`${service} for another resource`, { service }, { ...own, "aws:SourceArn": "arn:aws:x:::y" }, false)]),
    ];
  });
}

/** The same service at work for another account, on a resource that looks like ours where the trust has both conditions. */
function elsewhere(own: Context): Context {
  const source = own["aws:SourceArn"];
  const trail =
    typeof source === "string" && source.includes(":cloudtrail:") ? source.replace(account, stranger) : source;
  return { ...own, "aws:SourceAccount": stranger, ...(trail !== undefined && { "aws:SourceArn": trail }) };
}

function functions(world: World): Row[] {
  const rows: Row[] = [];
  for (const { name, policies } of world.roles.values()) {
    const statement = policies
      .flatMap(({ document }) => document.Statement)
      .find(({ Sid }) => Sid === "NotFromItsCode");
    if (statement === undefined) continue;
    const self = arn("lambda", `function:${name}`);
    const attach = (title: string, context: Context, allowed: boolean): Row => ({
      title: `${name}: ${title}`,
      as: name,
      does: "ec2:CreateNetworkInterface",
      on: arn("ec2", "network-interface/*"),
      with: context,
      allowed,
      alone: "policy",
    });
    rows.push(
      attach("Lambda attaches it to the network", {}, true),
      attach("its code does not make interfaces", { "lambda:SourceFunctionArn": self }, false),
    );
  }
  assert.ok(rows.length > 10);
  return rows;
}

/** A workspace says that it is ready in its own namespace only. */
function workspaces(world: World): Row[] {
  return [...world.roles.keys()]
    .filter((name) => name.startsWith("example-ws-"))
    .flatMap((as) =>
      (["Cline/Workspaces", "Cline/Gateway"] as const).map((namespace): Row => {
        const allowed = namespace === "Cline/Workspaces";
        return {
          title: `${as} ${allowed ? "may" : "may not"} cloudwatch:PutMetricData in ${namespace}`,
          as,
          does: "cloudwatch:PutMetricData",
          on: "*",
          with: { "cloudwatch:namespace": namespace },
          alone: "policy",
          allowed,
        };
      }),
    );
}

function work(): Row[] {
  const row = (as: string, title: string, does: string, on: string, context: Context, allowed: boolean): Row => ({
    title: `${as} ${allowed ? "may" : "may not"} ${does} ${title}`,
    as: `example-platform-${as}`,
    does,
    on,
    with: context,
    allowed,
    alone: "policy",
  });
  const gatewayBucket = `arn:aws:s3:::example-platform-gateway-${account}-${region}`;
  const certificate = arn("acm", "certificate/1");
  const mine = { "aws:ResourceTag/Stack": "platform", "aws:ResourceTag/Organization": "example" };
  const cluster = (name: string) => ({ "ecs:cluster": arn("ecs", `cluster/${name}`) });
  const volume = { "aws:ResourceTag/Organization": "example" };
  const other = { "aws:ResourceTag/Organization": "other" };
  const snapshot = `arn:aws:ec2:${region}::snapshot/snap-1`;
  const metrics = (as: string, namespace: string): Row[] => [
    row(as, `in ${namespace}`, "cloudwatch:PutMetricData", "*", { "cloudwatch:namespace": namespace }, true),
    row(as, "in AWS/Bedrock", "cloudwatch:PutMetricData", "*", { "cloudwatch:namespace": "AWS/Bedrock" }, false),
  ];
  const states = (as: string): Row[] => [
    row(as, "of the departments' state", "s3:ListBucket", gatewayBucket, { "s3:prefix": "state/departments/" }, true),
    row(as, "of the whole gateway bucket", "s3:ListBucket", gatewayBucket, { "s3:prefix": "" }, false),
    row(as, "of a department's state", "s3:GetObject", `${gatewayBucket}/state/departments/x.json`, {}, true),
    row(as, "of the gateway's configuration", "s3:PutObject", `${gatewayBucket}/config/litellm.yaml`, {}, false),
  ];
  return [
    ...metrics("clickhouse", "Cline/Traces"),
    ...metrics("gateway-canary", "Cline/Gateway"),
    ...metrics("usage-report", "Cline/Spend"),
    ...metrics("spend-check", "Cline/Spend"),
    ...["access-reconciler", "key-rotation", "key-admin"].flatMap(states),
    row(
      "certificate",
      "a new one of its stack",
      "acm:ImportCertificate",
      "*",
      { "aws:RequestTag/Stack": "platform" },
      true,
    ),
    row(
      "certificate",
      "a new one of another stack",
      "acm:ImportCertificate",
      "*",
      { "aws:RequestTag/Stack": "other" },
      false,
    ),
    row("certificate", "its own", "acm:DeleteCertificate", certificate, mine, true),
    row(
      "certificate",
      "another stack's",
      "acm:DeleteCertificate",
      certificate,
      { ...mine, "aws:ResourceTag/Stack": "other" },
      false,
    ),
    row("certificate", "another organization's", "acm:DeleteCertificate", certificate, { ...mine, ...other }, false),
    row(
      "gateway-migration",
      "in its cluster",
      "ecs:RunTask",
      arn("ecs", "task-definition/example-platform-gateway-migration:1"),
      cluster("example-platform-gateway"),
      true,
    ),
    row(
      "gateway-migration",
      "in another cluster",
      "ecs:RunTask",
      arn("ecs", "task-definition/example-platform-gateway-migration:1"),
      cluster("payroll"),
      false,
    ),
    row(
      "gateway-migration",
      "of its cluster",
      "ecs:DescribeTasks",
      arn("ecs", "task/example-platform-gateway/1"),
      cluster("example-platform-gateway"),
      true,
    ),
    row(
      "gateway-migration",
      "of another cluster",
      "ecs:DescribeTasks",
      arn("ecs", "task/example-platform-gateway/1"),
      cluster("payroll"),
      false,
    ),
    row(
      "langfuse-provisioner",
      "in its cluster",
      "ecs:RunTask",
      arn("ecs", "task-definition/example-platform-langfuse-init:1"),
      cluster("example-platform-traces"),
      true,
    ),
    row(
      "langfuse-provisioner",
      "in another cluster",
      "ecs:RunTask",
      arn("ecs", "task-definition/example-platform-langfuse-init:1"),
      cluster("payroll"),
      false,
    ),
    row(
      "langfuse-provisioner",
      "of its cluster",
      "ecs:StopTask",
      arn("ecs", "task/example-platform-traces/1"),
      cluster("example-platform-traces"),
      true,
    ),
    row(
      "langfuse-provisioner",
      "of another cluster",
      "ecs:StopTask",
      arn("ecs", "task/example-platform-traces/1"),
      cluster("payroll"),
      false,
    ),
    row("snapshots", "of this organization's volume", "ec2:CreateSnapshot", arn("ec2", "volume/vol-1"), volume, true),
    row("snapshots", "of another's volume", "ec2:CreateSnapshot", arn("ec2", "volume/vol-1"), other, false),
    row("snapshots", "it made", "ec2:DeleteSnapshot", snapshot, volume, true),
    row("snapshots", "of others", "ec2:DeleteSnapshot", snapshot, other, false),
    row("snapshots", "on what it makes", "ec2:CreateTags", snapshot, { "ec2:CreateAction": "CreateSnapshot" }, true),
    row("snapshots", "on anything else", "ec2:CreateTags", snapshot, { "ec2:CreateAction": "CopySnapshot" }, false),
  ];
}

/** Dead-letter queues: the function's own role writes, over TLS only. */
function queues(world: World): Row[] {
  const rows = [...world.roles.values()].flatMap(({ name, policies }) =>
    policies
      .flatMap(({ document }) => document.Statement)
      .filter(({ Sid }) => Sid === "KeepFailedRuns")
      .flatMap(({ Resource }) => listed(Resource))
      .filter((on) => world.resourcePolicies.has(on))
      .flatMap((on): Row[] => {
        const send = (title: string, context: Context, allowed: boolean, as: Row["as"] = name): Row => ({
          title: `${on.split(":").at(-1) ?? on}: ${title}`,
          as,
          does: "sqs:SendMessage",
          on,
          with: context,
          allowed,
        });
        const tls = { "aws:SecureTransport": "true" };
        return [
          send("its function keeps a failed run", tls, true),
          send("its function does not without TLS", { "aws:SecureTransport": "false" }, false),
          send("another account does not", tls, false, { outsider: true }),
          send("another function does not", tls, false, "example-platform-gateway-task"),
        ];
      }),
  );
  assert.ok(rows.length > 40, String(rows.length));
  return rows;
}

/** Workloads: who takes up their roles, what they may do beyond keys and secrets, and what AWS's services deliver. */
export function services(world: World): readonly Row[] {
  return [
    ...trusts(world),
    ...functions(world),
    ...workspaces(world),
    ...work(),
    ...queues(world),
    ...deliveries(world),
  ];
}
