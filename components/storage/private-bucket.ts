import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { after, type StackContext } from "../kit";
import type { Statement } from "../policy-document";
import { planBucketPolicy } from "./bucket-policy";

/** Arguments of {@link PrivateBucket}. */
export interface PrivateBucketArgs {
  readonly context: StackContext;
  /** Its content; part of the physical name, e.g. `audit-trail`. */
  readonly purpose: string;
  /**
   * Customer-managed key of its objects. `undefined` only for the one bucket whose writers cannot
   * use one: SSE-S3, an exemption.
   */
  readonly key: pulumi.Input<string> | undefined;
  /**
   * Days until an object expires; absent: never. Old versions expire after 30 days, or at the end
   * of the legal hold.
   */
  readonly retentionDays?: number;
  /**
   * Object Lock in compliance mode for `retentionDays`: no principal, not even root, can delete a
   * version earlier.
   */
  readonly legalHold?: boolean;
  /** Grants to services that write or read in their own name. */
  readonly statements?: readonly Statement[];
  /**
   * ARN patterns of further principals outside a VPC, e.g. builders; the deployer and the operators
   * are always admitted.
   */
  readonly outsidePrincipals?: readonly string[];
}

/**
 * A private bucket: known name, owner-enforced, no public access, versioned, expiring. The stack's
 * key encrypts it, with a bucket key. Its policy admits TLS only, and the account's VPC endpoints
 * only. The bucket survives `destroy` with its key, policy, lock and expiry; a later stack takes it
 * over under that key.
 *
 * Cost: storage and requests, plus versions for 30 days.
 */
export class PrivateBucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  /** Kept with the bucket: without its settings it would stay open, unexpiring and without its key. */
  readonly #kept = { parent: this, retainOnDelete: true };

  constructor(name: string, args: PrivateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:storage:PrivateBucket", name, {}, opts);
    const { context, purpose, legalHold = false } = args;
    const isKept = context.kept.buckets[purpose] !== undefined;
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      {
        bucket: context.names.bucket(purpose),
        objectLockEnabled: legalHold,
        tags: context.tags({ Purpose: purpose }),
      },
      { ...this.#kept, ...(isKept && { import: context.names.bucket(purpose) }) },
    );
    const encrypted = this.#encrypt(name, args, bucket);
    this.#keep(name, args, bucket);
    const policy = this.#close(name, args, bucket);

    // After these, so that dependents find the bucket encrypted, closed and its writers admitted.
    this.bucketName = after(bucket.bucket, [encrypted, policy]);
    this.arn = bucket.arn;
    this.registerOutputs({ bucketName: this.bucketName, arn: this.arn });
  }

  #encrypt(name: string, { context, purpose, key }: PrivateBucketArgs, bucket: aws.s3.Bucket): pulumi.Resource {
    const keptKey = context.kept.buckets[purpose];
    const kmsMasterKeyId = keptKey === undefined || keptKey === "none" ? key : keptKey;
    return new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket: bucket.id,
        rules: [
          kmsMasterKeyId === undefined
            ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
            : {
                applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId },
                bucketKeyEnabled: true,
              },
        ],
      },
      this.#kept,
    );
  }

  /** Versions, expiry and, under a legal hold, Object Lock. */
  #keep(name: string, { retentionDays, legalHold = false }: PrivateBucketArgs, bucket: aws.s3.Bucket): void {
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      this.#kept,
    );
    const after = { ...this.#kept, dependsOn: versioning };
    if (legalHold && retentionDays !== undefined) {
      new aws.s3.BucketObjectLockConfiguration(
        `${name}-lock`,
        { bucket: bucket.id, rule: { defaultRetention: { mode: "COMPLIANCE", days: retentionDays } } },
        after,
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
      after,
    );
  }

  /** Ownership, public access block and policy. */
  #close(name: string, args: PrivateBucketArgs, bucket: aws.s3.Bucket): aws.s3.BucketPolicy {
    const { names, arns, accountId } = args.context;
    new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
      this.#kept,
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
      this.#kept,
    );
    const policy = planBucketPolicy({
      bucketArn: arns.bucket(names.bucket(args.purpose)),
      accountId,
      statements: args.statements ?? [],
      outsidePrincipals: [
        arns.role(names.deployerRole()),
        arns.role(names.operatorRole()),
        ...(args.outsidePrincipals ?? []),
      ],
    });
    return new aws.s3.BucketPolicy(
      `${name}-policy`,
      { bucket: bucket.id, policy },
      { ...this.#kept, dependsOn: privacy },
    );
  }
}
