import type { Policy } from "../frame/policy";
import { kmsEverywhere } from "./kms-everywhere";
import { noPublicSsh } from "./no-public-ssh";
import { ssmMfa } from "./ssm-mfa";
import { vpcEndpointsOnly } from "./vpc-endpoints-only";

/** The four baselines: no public SSH, KMS everywhere, VPC endpoints only, MFA on every session. */
export const baselines: readonly Policy[] = [...noPublicSsh, ...kmsEverywhere, ...vpcEndpointsOnly, ...ssmMfa];
