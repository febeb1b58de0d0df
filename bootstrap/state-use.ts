import type { StackContext } from "../components/kit";
import { allow, type Statement } from "../components/policy-document";
import { planBackend, plansPrefix } from "./backend";

/** What a role does with the state: `write` deploys; `plan` reads it and leaves plans for approval. */
export type StateUse = "write" | "plan";

/** A role's rights in the state bucket and with its key. @param platform the platform's context */
export function useState(platform: StackContext, use: StateUse): readonly Statement[] {
  const { arns } = platform;
  const { bucket, keyAlias } = planBackend(platform);
  const objects = (under: string) => `${arns.bucket(bucket)}/${under}`;
  const writes = use === "write";
  return [
    allow("ListState", { Action: ["s3:GetBucketLocation", "s3:ListBucket"], Resource: arns.bucket(bucket) }),
    allow("ReadState", { Action: "s3:GetObject", Resource: objects("*") }),
    allow(writes ? "WriteState" : "LeavePlans", {
      Action: writes ? ["s3:DeleteObject", "s3:PutObject"] : "s3:PutObject",
      Resource: objects(writes ? "*" : `${plansPrefix}/*`),
    }),
    allow("StateKey", {
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
      Resource: arns.regional("kms", "key/*"),
      Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": keyAlias } },
    }),
  ];
}
