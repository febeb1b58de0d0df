import { deny, document, type Statement } from "../policy-document";

/** Arguments of {@link planBucketPolicy}. */
export interface BucketPolicyPlan {
  readonly bucketArn: string;
  readonly accountId: string;
  readonly statements: readonly Statement[];
  /** ARN patterns of principals that may come from outside a VPC. */
  readonly outsidePrincipals: readonly string[];
}

/**
 * A bucket's policy as JSON: TLS only, objects and listings from the account's own VPC endpoints
 * only, then the grants. The network rule names the endpoint's account, not its id, so that preview
 * can read it and every stack's VPC is covered. It leaves out AWS's own services (CloudTrail
 * delivers as one) and covers object and list actions only, or the bucket could not be managed.
 */
export function planBucketPolicy(plan: BucketPolicyPlan): string {
  const { bucketArn, accountId, outsidePrincipals } = plan;
  const everything = [bucketArn, `${bucketArn}/*`];
  return document(
    deny("TlsOnly", {
      Principal: "*",
      Action: "s3:*",
      Resource: everything,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    }),
    deny("OwnEndpointsOnly", {
      Principal: "*",
      Action: ["s3:GetObject*", "s3:PutObject*", "s3:DeleteObject*", "s3:ListBucket*"],
      Resource: everything,
      Condition: {
        StringNotEquals: { "aws:VpceAccount": accountId },
        Bool: { "aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false" },
        ArnNotLike: { "aws:PrincipalArn": outsidePrincipals },
      },
    }),
    ...plan.statements,
  );
}
