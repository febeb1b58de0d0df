import assert from "node:assert/strict";
import { listed } from "../../support/resources";
import { account, arn, region, stranger, type Context, type Row } from "../simulate";
import type { World } from "../world";

/** What AWS's services deliver: logs, notifications, invocations. */
export function deliveries(world: World): readonly Row[] {
  const deliver = (
    title: string,
    service: string,
    does: string,
    on: string,
    context: Context,
    allowed: boolean,
  ): Row => ({
    title: `${service} ${allowed ? "may" : "may not"} ${does} ${title}`,
    as: { service },
    does,
    on,
    with: context,
    alone: "resource",
    allowed,
  });
  const trail = { "aws:SourceArn": arn("cloudtrail", "trail/example-platform"), "aws:SecureTransport": "true" };
  const stolenTrail = { ...trail, "aws:SourceArn": arn("cloudtrail", "trail/evil", stranger) };
  const evidence = `arn:aws:s3:::example-platform-audit-trail-${account}-${region}`;
  const full = { "s3:x-amz-acl": "bucket-owner-full-control" };
  const file = `${evidence}/AWSLogs/${account}/x`;
  const cloudTrail = "cloudtrail.amazonaws.com";
  return [
    deliver("for our trail", cloudTrail, "s3:GetBucketAcl", evidence, trail, true),
    deliver("for another's trail", cloudTrail, "s3:GetBucketAcl", evidence, stolenTrail, false),
    deliver("for our trail", cloudTrail, "s3:PutObject", file, { ...trail, ...full }, true),
    deliver("for another's trail", cloudTrail, "s3:PutObject", file, { ...stolenTrail, ...full }, false),
    deliver(
      "without giving the owner the file",
      cloudTrail,
      "s3:PutObject",
      file,
      { ...trail, "s3:x-amz-acl": "private" },
      false,
    ),
    ...accessLogs(world, deliver),
    ...logGroups(deliver),
    ...invocations(world, deliver),
    ...[...world.resourcePolicies.keys()]
      .filter((on) => on.startsWith("arn:aws:sns:"))
      .flatMap((on) => topic(world, on, deliver)),
  ];
}

type Deliver = (title: string, service: string, does: string, on: string, context: Context, allowed: boolean) => Row;

function accessLogs(world: World, deliver: Deliver): Row[] {
  const bucket = `arn:aws:s3:::example-platform-access-logs-${account}-${region}`;
  assert.ok(world.resourcePolicies.has(bucket));
  const service = "logdelivery.elasticloadbalancing.amazonaws.com";
  const statement = world.resourcePolicies
    .get(bucket)
    ?.document.Statement.find(({ Sid }) => Sid === "LoadBalancersDeliver");
  const on = listed(statement?.Resource)[0]?.replace("/*", "/x") ?? `${bucket}/x`;
  const tls = { "aws:SecureTransport": "true" };
  return [
    deliver(
      "access logs of our load balancers",
      service,
      "s3:PutObject",
      on,
      { ...tls, "aws:SourceArn": arn("elasticloadbalancing", "loadbalancer/app/x/1") },
      true,
    ),
    deliver(
      "access logs of another's",
      service,
      "s3:PutObject",
      on,
      { ...tls, "aws:SourceArn": arn("elasticloadbalancing", "loadbalancer/app/x/1", stranger) },
      false,
    ),
  ];
}

function topic(world: World, on: string, deliver: Deliver): Row[] {
  const statements = world.resourcePolicies.get(on)?.document.Statement ?? [];
  return statements.flatMap((statement) => {
    const services = listed((statement.Principal as { Service?: string | string[] } | undefined)?.Service);
    return services.flatMap((service) => {
      const rule = arn("events", "rule/example-platform-x");
      const context: Context = {
        "aws:SecureTransport": "true",
        ...(service === "events.amazonaws.com" ? { "aws:SourceArn": rule } : { "aws:SourceAccount": account }),
      };
      const foreign: Context = {
        "aws:SecureTransport": "true",
        ...(service === "events.amazonaws.com"
          ? { "aws:SourceArn": rule.replace(account, stranger) }
          : { "aws:SourceAccount": stranger }),
      };
      return [
        deliver(`to ${on.split(":").at(-1) ?? on}`, service, "sns:Publish", on, context, true),
        deliver(`to ${on.split(":").at(-1) ?? on} for another account`, service, "sns:Publish", on, foreign, false),
        deliver(
          `to ${on.split(":").at(-1) ?? on} without TLS`,
          service,
          "sns:Publish",
          on,
          { ...context, "aws:SecureTransport": "false" },
          false,
        ),
      ];
    });
  });
}

/** Route 53 Resolver's query logs, by the account's log resource policy. */
function logGroups(deliver: Deliver): Row[] {
  const service = "delivery.logs.amazonaws.com";
  const stream = (group: string) => arn("logs", `log-group:${group}:log-stream:x`);
  const own = stream("/cline/example/platform/dns-logs");
  const ours = { "aws:SourceAccount": account };
  return ["logs:CreateLogStream", "logs:PutLogEvents"].flatMap((does) => [
    deliver("DNS queries of our networks", service, does, own, ours, true),
    deliver("DNS queries of another account", service, does, own, { "aws:SourceAccount": stranger }, false),
    deliver("into the session logs", service, does, stream("/cline/example/session-logs"), ours, false),
    deliver("DNS queries", "glue.amazonaws.com", does, own, ours, false),
  ]);
}

/** Functions that a service invokes by a Lambda permission. */
function invocations(world: World, deliver: Deliver): Row[] {
  const callers: Readonly<Record<string, readonly [own: string, other: string]>> = {
    "sns.amazonaws.com": [arn("sns", "example-engineering-budget"), arn("sns", "example-platform-alarms")],
    "secretsmanager.amazonaws.com": [
      arn("secretsmanager", "secret:cline/example/engineering/tanaka/virtual-key-abcdef"),
      arn("secretsmanager", "secret:cline/example/platform/master-key-abcdef"),
    ],
  };
  const permitted = [...world.resourcePolicies].filter(([on]) => on.startsWith("arn:aws:lambda:"));
  assert.ok(permitted.length > 0);
  return permitted.flatMap(([on, { document }]) =>
    document.Statement.flatMap(({ Principal }) => {
      const service = listed((Principal as { Service?: string | string[] }).Service)[0] ?? "";
      const [own, other] = callers[service] ?? assert.fail(`${service} invokes ${on}: add its sources`);
      const from = (source: string, owner = account) => ({ "aws:SourceArn": source, "aws:SourceAccount": owner });
      const invoke = (title: string, context: Context, allowed: boolean, by = service, target = on) =>
        deliver(
          `${target.split(":").at(-1) ?? target} ${title}`,
          by,
          "lambda:InvokeFunction",
          target,
          context,
          allowed,
        );
      const another = arn("lambda", "function:example-platform-key-admin");
      return [
        invoke("for its own source", from(own), true),
        invoke("for another source", from(other), false),
        invoke("for another account", from(own, stranger), false),
        invoke("for a source of another account", from(own.replace(account, stranger)), false),
        invoke("for its own source", from(own), false, "s3.amazonaws.com"),
        invoke(`for ${service} and its own source`, from(own), false, service, another),
      ];
    }),
  );
}
