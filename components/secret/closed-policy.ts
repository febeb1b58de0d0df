import type { StackContext } from "../kit";
import { allow, deny, document, type Conditions } from "../policy-document";

/** Arguments of {@link closedPolicy}. */
export interface ClosedPolicyPlan {
  /** Sid of the statement on reading. */
  readonly readersSid: string;
  /** True for everyone but those who may read the value. */
  readonly exceptReaders: Conditions;
  /** Sid of the statement on writing. */
  readonly writersSid: string;
  /** ARNs of the roles that may write the value. */
  readonly writers: readonly string[];
}

/** A secret's own policy: whatever identity policies allow, its value is read and written by those named here alone. */
export const closedPolicy = (
  { arns }: StackContext,
  { readersSid, exceptReaders, writersSid, writers }: ClosedPolicyPlan,
): string =>
  document(
    deny(readersSid, {
      Principal: "*",
      Action: ["secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue"],
      Resource: "*",
      Condition: exceptReaders,
    }),
    deny(writersSid, {
      Principal: "*",
      Action: ["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"],
      Resource: "*",
      Condition: { ArnNotEquals: { "aws:PrincipalArn": writers } },
    }),
    allow("AccountManagesTheSecret", {
      Principal: { AWS: arns.root },
      Action: "secretsmanager:DescribeSecret",
      Resource: "*",
    }),
  );
