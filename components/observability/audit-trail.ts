import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, fit, iamPath, names, tags, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import type { AccessFacts, KeyFacts } from "../facts";
import { allow, document, serviceTrust } from "../policy-document";
import { PrivateBucket } from "../storage";

/** Arguments of {@link AuditTrail}. */
export interface AuditTrailArgs {
  readonly spec: StackSpec;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
}

/** Name of the account's trail. */
export const trailName = (spec: StackSpec): string => fit(128, spec.platform.organization, spec.stack);

/** What the trail records beside all management events: every read and write of this organization's objects, except where that would feed itself. */
function eventSelectors(spec: StackSpec): aws.types.input.cloudtrail.TrailAdvancedEventSelector[] {
  const bucket = (purpose: string) =>
    `${arns(spec).bucket(names(spec.platform.organization).bucket(spec.stack, purpose, spec.accountId, spec.region))}/`;
  return [
    { name: "Management", fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
    {
      name: "Objects",
      fieldSelectors: [
        { field: "eventCategory", equals: ["Data"] },
        { field: "resources.type", equals: ["AWS::S3::Object"] },
        {
          field: "resources.ARN",
          startsWiths: [arns(spec).bucket(`${spec.platform.organization}-`)],
          // The trail's own deliveries, and the traces that Langfuse moves all the time.
          notStartsWiths: [bucket("audit-trail"), bucket("langfuse")],
        },
      ],
    },
  ];
}

/**
 * The account's trail: all management events of all regions and the organization's object events, validated, encrypted, kept under Object Lock
 * for as long as data control says, and sent on to a log group that alarms watch. One per account, kept when the stack goes.
 *
 * Cost: management events are free; object events $.10 per 100,000, plus the log group.
 */
export class AuditTrail extends pulumi.ComponentResource {
  readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: AuditTrailArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:AuditTrail", name, {}, opts);
    const { spec, keys } = args;
    const known = names(spec.platform.organization);
    const child = { parent: this };
    const tagged = { tags: tags(spec, { Purpose: "audit-trail" }) };
    const retention = spec.dataControl["audit-trail"];
    const trailArn = arns(spec).regional("cloudtrail", `trail/${trailName(spec)}`);
    const bucketArn = arns(spec).bucket(known.bucket(spec.stack, "audit-trail", spec.accountId, spec.region));
    const logGroupName = known.logGroup(spec.stack, "audit-trail");

    const cloudTrail = { Principal: { Service: "cloudtrail.amazonaws.com" } };
    const bucket = new PrivateBucket(
      `${name}-bucket`,
      {
        context: contextOf(spec),
        purpose: "audit-trail",
        key: keys.logs,
        retentionDays: retention.retentionDays,
        legalHold: retention.legalHold,
        statements: [
          allow("TrailChecksBucket", {
            ...cloudTrail,
            Action: "s3:GetBucketAcl",
            Resource: bucketArn,
            Condition: { StringEquals: { "aws:SourceArn": trailArn } },
          }),
          allow("TrailDelivers", {
            ...cloudTrail,
            Action: "s3:PutObject",
            Resource: `${bucketArn}/AWSLogs/${spec.accountId}/*`,
            Condition: { StringEquals: { "aws:SourceArn": trailArn, "s3:x-amz-acl": "bucket-owner-full-control" } },
          }),
        ],
      },
      child,
    );
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: logGroupName, kmsKeyId: keys.logs, retentionInDays: retention.retentionDays, ...tagged },
      { ...child, retainOnDelete: retention.legalHold },
    );
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: known.role(spec.stack, "audit-trail"),
        path: iamPath,
        description: "CloudTrail writes to its log group",
        assumeRolePolicy: serviceTrust("cloudtrail.amazonaws.com", { StringEquals: { "aws:SourceArn": trailArn } }),
        permissionsBoundary: args.access.workloadBoundaryArn,
        ...tagged,
      },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.name,
        policy: document(
          allow("WriteTrail", {
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: `${arns(spec).logGroup(logGroupName)}:log-stream:${spec.accountId}_CloudTrail_*`,
          }),
        ),
      },
      child,
    );
    new aws.cloudtrail.Trail(
      `${name}-trail`,
      {
        name: trailName(spec),
        s3BucketName: bucket.bucketName,
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        enableLogging: true,
        kmsKeyId: keys.logs,
        cloudWatchLogsGroupArn: pulumi.interpolate`${logs.arn}:*`,
        cloudWatchLogsRoleArn: role.arn,
        advancedEventSelectors: eventSelectors(spec),
        ...tagged,
      },
      { ...child, dependsOn: policy, retainOnDelete: true },
    );
    this.logGroupName = logs.name;
    this.registerOutputs({ logGroupName: this.logGroupName });
  }
}
