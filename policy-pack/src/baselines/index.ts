import type { Policy } from "../frame/policy";
import { noPublicSsh } from "./no-public-ssh";
import { netSubnetNoPublicIp } from "./vpc-endpoints-only/net-subnet-no-public-ip";

/** The four baselines: no public SSH, KMS everywhere, VPC endpoints only, MFA on every session. */
export const baselines: readonly Policy[] = [...noPublicSsh, netSubnetNoPublicIp];
