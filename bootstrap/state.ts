import type { StackContext } from "../components/kit";
import { allow, deny, document } from "../components/policy-document";
import { administration } from "../components/encryption/key-policy";
import { planBackend, plansPrefix } from "./backend";
import { kept, policyValue, tagList, type Resource } from "./cloudformation";

/** Days for which an overwritten state, and so the way back to it, is kept. */
const historyDays = 365;
/** Days after which a plan that nobody approved is deleted. */
const planDays = 14;

/** Principals that read and write the state: the bootstrap's roles, in the platform's and departments' accounts. */
interface StateUsers {
  readonly accounts: readonly string[];
  readonly roles: readonly string[];
}

/** The key that encrypts state, plans and the secrets inside them. */
export function stateKey(platform: StackContext, { accounts, roles }: StateUsers): Readonly<Record<string, Resource>> {
  const roots = accounts.map((id) => `arn:aws:iam::${id}:root`);
  const policy = document(
    allow("AccountAdministration", { Principal: { AWS: platform.arns.root }, Action: administration, Resource: "*" }),
    allow("UseByDeployment", {
      Principal: { AWS: roots },
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: { ArnEquals: { "aws:PrincipalArn": roles } },
    }),
  );
  return {
    StateKey: kept("AWS::KMS::Key", {
      Description: "Cline: the Pulumi state, plans, and the secrets inside them",
      EnableKeyRotation: true,
      RotationPeriodInDays: 365,
      PendingWindowInDays: 30,
      KeyPolicy: policyValue(policy),
      Tags: tagList(platform.tags({ Purpose: "state-key" })),
    }),
    StateKeyAlias: kept("AWS::KMS::Alias", {
      AliasName: planBackend(platform).keyAlias,
      TargetKeyId: { Ref: "StateKey" },
    }),
  };
}

/** Policy of the state bucket: TLS only, and objects for the deployment's roles alone. */
function bucketPolicy(platform: StackContext, { accounts, roles }: StateUsers): string {
  const arn = platform.arns.bucket(planBackend(platform).bucket);
  const roots = accounts.map((id) => `arn:aws:iam::${id}:root`);
  return document(
    deny("TlsOnly", {
      Principal: "*",
      Action: "s3:*",
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    }),
    deny("DeploymentOnly", {
      Principal: "*",
      Action: ["s3:DeleteObject*", "s3:GetObject*", "s3:PutObject*"],
      Resource: `${arn}/*`,
      Condition: { ArnNotEquals: { "aws:PrincipalArn": roles } },
    }),
    // The roles of this account need no grant here; those of other accounts do.
    roots.length > 1
      ? allow("OtherAccounts", {
          Principal: { AWS: roots },
          Action: ["s3:DeleteObject", "s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket", "s3:PutObject"],
          Resource: [arn, `${arn}/*`],
          Condition: { ArnEquals: { "aws:PrincipalArn": roles } },
        })
      : undefined,
  );
}

/** The bucket of the state: private, versioned, encrypted by its own key, kept. */
export function stateBucket(platform: StackContext, users: StateUsers): Readonly<Record<string, Resource>> {
  return {
    StateBucket: kept("AWS::S3::Bucket", {
      BucketName: planBackend(platform).bucket,
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: "aws:kms",
              KMSMasterKeyID: { "Fn::GetAtt": ["StateKey", "Arn"] },
            },
          },
        ],
      },
      LifecycleConfiguration: {
        Rules: [
          {
            Id: "history",
            Status: "Enabled",
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
            NoncurrentVersionExpiration: { NoncurrentDays: historyDays },
          },
          { Id: "plans", Status: "Enabled", Prefix: `${plansPrefix}/`, ExpirationInDays: planDays },
        ],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: "Enabled" },
      Tags: tagList(platform.tags({ Purpose: "state" })),
    }),
    StateBucketPolicy: kept("AWS::S3::BucketPolicy", {
      Bucket: { Ref: "StateBucket" },
      PolicyDocument: policyValue(bucketPolicy(platform, users)),
    }),
  };
}
