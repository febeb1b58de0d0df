import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../kit";
import type { Statement } from "../policy-document";
import { planBucketPolicy } from "./bucket-policy";

/** Arguments of {@link PrivateBucket}. */
export interface PrivateBucketArgs {
  readonly context: StackContext;
  /** What it holds; part of the physical name, e.g. `audit-trail`. */
  readonly purpose: string;
  /** Customer-managed key of its objects. `undefined` only for the one bucket whose writers cannot use one: SSE-S3, an exemption. */
  readonly key: pulumi.Input<string> | undefined;
  /** Days until an object expires; absent: kept. Old versions go after 30 days, or at the end of the legal hold. */
  readonly retentionDays?: number;
  /** Object Lock in compliance mode for `retentionDays`: nobody, root included, deletes a version before. */
  readonly legalHold?: boolean;
  /** Grants to services that write or read in their own name. */
  readonly statements?: readonly Statement[];
  /** ARN patterns of further principals that come from outside a VPC, e.g. builders; the deployer and the operators always may. */
  readonly outsidePrincipals?: readonly string[];
}

/**
 * A bucket as every part of this program makes one: known name, owner-enforced, no public access, encrypted with the stack's own key
 * and with a bucket key, versioned, expiring, TLS only, and read or written from the account's VPC endpoints only. Its objects survive
 * `destroy`.
 *
 * Cost: storage and requests, plus versions for 30 days.
 */
export class PrivateBucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: PrivateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:storage:PrivateBucket", name, {}, opts);
    const { context, purpose, retentionDays, legalHold = false } = args;
    const { names, arns } = context;
    const physical = names.bucket(purpose);
    const child = { parent: this };

    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { bucket: physical, objectLockEnabled: legalHold, tags: context.tags({ Purpose: purpose }) },
      { ...child, retainOnDelete: true },
    );
    new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
      child,
    );
    const privacy = new aws.s3.BucketPublicAccessBlock(
      `${name}-privacy`,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      child,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket: bucket.id,
        rules: [
          args.key === undefined
            ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
            : {
                applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.key },
                bucketKeyEnabled: true,
              },
        ],
      },
      child,
    );
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      child,
    );
    if (legalHold && retentionDays !== undefined) {
      new aws.s3.BucketObjectLockConfiguration(
        `${name}-lock`,
        { bucket: bucket.id, rule: { defaultRetention: { mode: "COMPLIANCE", days: retentionDays } } },
        { ...child, dependsOn: versioning },
      );
    }
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket: bucket.id,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            noncurrentVersionExpiration: { noncurrentDays: 30 },
            ...(retentionDays === undefined ? {} : { expiration: { days: retentionDays } }),
          },
        ],
      },
      { ...child, dependsOn: versioning },
    );
    const policy = new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        bucket: bucket.id,
        policy: planBucketPolicy({
          bucketArn: arns.bucket(physical),
          accountId: context.accountId,
          statements: args.statements ?? [],
          outsidePrincipals: [
            arns.role(names.deployerRole()),
            arns.role(names.operatorRole()),
            ...(args.outsidePrincipals ?? []),
          ],
        }),
      },
      { ...child, dependsOn: privacy },
    );

    // Read through the policy, so that what depends on the name finds the bucket closed and its writers admitted.
    this.bucketName = pulumi.all([bucket.bucket, policy.id]).apply(([bucketName]) => bucketName);
    this.arn = bucket.arn;
    this.registerOutputs({ bucketName: this.bucketName, arn: this.arn });
  }
}
