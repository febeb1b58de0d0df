/** One statement of a bucket's policy, as IAM spells it. */
export interface BucketStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Arguments of {@link planBucketPolicy}. */
export interface BucketPolicyPlan {
  readonly bucketArn: string;
  readonly accountId: string;
  readonly statements: readonly BucketStatement[];
  /** ARN patterns of principals that may come from outside a VPC. */
  readonly outsidePrincipals: readonly string[];
}

/**
 * A bucket's policy as JSON: TLS only, objects and listings from the account's own VPC endpoints only, then the grants.
 * The network rule names the endpoint's account, not its id, so that preview can read it and every stack's VPC is covered. It leaves out
 * AWS's own services (CloudTrail delivers as one) and covers object and list actions only, or the bucket could not be managed.
 */
export function planBucketPolicy(plan: BucketPolicyPlan): string {
  const { bucketArn, accountId, outsidePrincipals } = plan;
  const everything = [bucketArn, `${bucketArn}/*`];
  const statements: BucketStatement[] = [
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: everything,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "OwnEndpointsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:GetObject*", "s3:PutObject*", "s3:DeleteObject*", "s3:ListBucket*"],
      Resource: everything,
      Condition: {
        StringNotEquals: { "aws:VpceAccount": accountId },
        Bool: { "aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false" },
        ArnNotLike: { "aws:PrincipalArn": outsidePrincipals },
      },
    },
    ...plan.statements,
  ];
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
