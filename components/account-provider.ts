import * as aws from "@pulumi/aws";
import type { StackSpec } from "../config";

/** The stack's AWS provider. It refuses credentials of every account but the stack's, before anything is made, read or deleted. */
export const accountProvider = ({ region, accountId }: Pick<StackSpec, "region" | "accountId">): aws.Provider =>
  new aws.Provider("aws", { region, allowedAccountIds: [accountId] });
