import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PlatformSpec } from "../../config";
import type { AccessFacts, KeyFacts } from "../facts";
import { boundedRole, logGroup, type BoundedRole, type StackContext } from "../kit";
import { allow, serviceTrust, type Statement } from "../policy-document";
import { PrivateBucket } from "../storage";

/** Arguments of {@link AuditTrail}. */
export interface AuditTrailArgs {
  readonly context: StackContext;
  readonly keys: Pick<KeyFacts, "logs">;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
  /** Object Lock in compliance mode for the retention of `audit-trail`, and a log group that outlives the stack. Default true. */
  readonly legalHold?: boolean;
  /** Account-wide resources that exist already and are imported, here `trail`; default none. */
  readonly adopt?: PlatformSpec["adopt"];
}

/** Inputs of an imported trail that stay as they are until it is declared again: its last stack's. */
const adoptedTrail = ["advancedEventSelectors", "cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn", "kmsKeyId", "tags"];

/** Purpose in names and tags. */
const purpose = "audit-trail";

const trailArn = ({ arns, names }: StackContext): string => arns.regional("cloudtrail", `trail/${names.trail()}`);

/**
 * All management events, every read and write of the organization's objects except those that the trail and Langfuse cause, and every
 * invocation of its functions: the gateway's log has the master key for those who block or revoke a key through them.
 */
function planEventSelectors({
  organization,
  arns,
  names,
}: StackContext): aws.types.input.cloudtrail.TrailAdvancedEventSelector[] {
  const objects = (of: string) => `${arns.bucket(names.bucket(of))}/`;
  return [
    { name: "Management", fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
    {
      name: "Objects",
      fieldSelectors: [
        { field: "eventCategory", equals: ["Data"] },
        { field: "resources.type", equals: ["AWS::S3::Object"] },
        {
          field: "resources.ARN",
          startsWiths: [arns.bucket(`${organization}-`)],
          // The trail's own deliveries would record themselves; Langfuse moves traces all the time.
          notStartsWiths: [objects(purpose), objects("langfuse")],
        },
      ],
    },
    {
      name: "Functions",
      fieldSelectors: [
        { field: "eventCategory", equals: ["Data"] },
        { field: "resources.type", equals: ["AWS::Lambda::Function"] },
        { field: "resources.ARN", startsWiths: [arns.lambda(`${organization}-`)] },
      ],
    },
  ];
}

/** Grants of the trail's bucket: this one trail checks the bucket and delivers below its account's prefix. */
function planDelivery(context: StackContext): readonly Statement[] {
  const bucketArn = context.arns.bucket(context.names.bucket(purpose));
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  const fromTrail = { "aws:SourceArn": trailArn(context) };
  return [
    allow("TrailChecksBucket", {
      Principal,
      Action: "s3:GetBucketAcl",
      Resource: bucketArn,
      Condition: { StringEquals: fromTrail },
    }),
    allow("TrailDelivers", {
      Principal,
      Action: "s3:PutObject",
      Resource: `${bucketArn}/AWSLogs/${context.accountId}/*`,
      Condition: { StringEquals: { ...fromTrail, "s3:x-amz-acl": "bucket-owner-full-control" } },
    }),
  ];
}

/**
 * The account's trail: management events of all regions, and the events of the organization's objects and functions, validated and encrypted.
 * S3 keeps them for the retention of `audit-trail`; a log group gets them for the alarms. One per account; it outlives the stack.
 *
 * Cost: management events are free; events of objects and functions $.10 per 100,000, plus the log group.
 */
export class AuditTrail extends pulumi.ComponentResource {
  readonly logGroupName: pulumi.Output<string>;
  readonly #name: string;
  readonly #args: AuditTrailArgs;

  constructor(name: string, args: AuditTrailArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:AuditTrail", name, {}, opts);
    this.#name = name;
    this.#args = args;

    const bucket = this.#bucket();
    const logs = this.#logs();
    this.#trail(bucket, logs, this.#writer());

    this.logGroupName = logs.name;
    this.registerOutputs({ logGroupName: this.logGroupName });
  }

  #bucket(): PrivateBucket {
    const { context, keys, legalHold = true } = this.#args;
    return new PrivateBucket(
      `${this.#name}-bucket`,
      {
        context,
        purpose,
        key: keys.logs,
        retentionDays: context.retentionDays[purpose],
        legalHold,
        statements: planDelivery(context),
      },
      { parent: this },
    );
  }

  #logs(): aws.cloudwatch.LogGroup {
    const { context, keys, legalHold = true } = this.#args;
    const tags = context.tags({ Purpose: purpose });
    return logGroup(
      `${this.#name}-logs`,
      { context, groupName: context.names.logGroup(purpose), keys, retention: purpose, tags },
      { parent: this, retainOnDelete: legalHold },
    );
  }

  /** The role with which CloudTrail writes to the log group. */
  #writer(): BoundedRole {
    const { context, access } = this.#args;
    const { arns, names, accountId } = context;
    return boundedRole(
      `${this.#name}-role`,
      {
        roleName: names.role(purpose),
        description: "CloudTrail writes to its log group",
        trust: serviceTrust("cloudtrail.amazonaws.com", { StringEquals: { "aws:SourceArn": trailArn(context) } }),
        boundaryArn: access.workloadBoundaryArn,
        statements: [
          allow("WriteTrail", {
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: `${arns.logGroup(names.logGroup(purpose))}:log-stream:${accountId}_CloudTrail_*`,
          }),
        ],
        tags: context.tags({ Purpose: purpose }),
      },
      { parent: this },
    );
  }

  #trail(bucket: PrivateBucket, logs: aws.cloudwatch.LogGroup, { role, policies }: BoundedRole): void {
    const { context, keys, adopt } = this.#args;
    new aws.cloudtrail.Trail(
      `${this.#name}-trail`,
      {
        name: context.names.trail(),
        s3BucketName: bucket.bucketName,
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        enableLogging: true,
        kmsKeyId: keys.logs,
        cloudWatchLogsGroupArn: pulumi.interpolate`${logs.arn}:*`,
        cloudWatchLogsRoleArn: role.arn,
        advancedEventSelectors: planEventSelectors(context),
        tags: context.tags({ Purpose: purpose }),
      },
      {
        parent: this,
        dependsOn: policies,
        retainOnDelete: true,
        ...(adopt?.includes("trail") && { import: trailArn(context), ignoreChanges: adoptedTrail }),
      },
    );
  }
}
