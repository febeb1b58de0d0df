import type { Policy } from "../../frame/policy";
import { albInternal } from "./alb-internal";
import { apigwAccessLogs } from "./apigw-access-logs";
import { apigwAuthorized } from "./apigw-authorized";
import { apigwCacheEncrypted } from "./apigw-cache-encrypted";
import { apigwPrivateAuthz } from "./apigw-private-authz";
import { ecsNoPublicIp } from "./ecs-no-public-ip";
import { lambdaInVpc } from "./lambda-in-vpc";
import { netEipInUse } from "./net-eip-in-use";
import { netNoEgressToAnywhere } from "./net-no-egress-to-anywhere";
import { netNoEip } from "./net-no-eip";
import { netNoInternetGateway } from "./net-no-internet-gateway";
import { netNoInternetRoute } from "./net-no-internet-route";
import { netNoNatGateway } from "./net-no-nat-gateway";
import { netNoPublicService } from "./net-no-public-service";
import { netNoUnrestrictedEgress } from "./net-no-unrestricted-egress";
import { netSubnetNoPublicIp } from "./net-subnet-no-public-ip";
import { netVpcBpa } from "./net-vpc-bpa";
import { rdsNotPublic } from "./rds-not-public";
import { s3VpceOnly } from "./s3-vpce-only";
import { vpceExplicitSg } from "./vpce-explicit-sg";
import { vpceMultiAz } from "./vpce-multi-az";
import { vpcePolicyScoped } from "./vpce-policy-scoped";
import { vpcePrivateDns } from "./vpce-private-dns";
import { vpceRequiredSet } from "./vpce-required-set";
import { vpceS3Gateway } from "./vpce-s3-gateway";

/**
 * VPC endpoints only: no gateway, route, address or service leads out of the network, and the
 * endpoints that replace them are there.
 */
export const vpcEndpointsOnly: readonly Policy[] = [
  netNoInternetGateway,
  netNoNatGateway,
  netNoEip,
  netEipInUse,
  netNoInternetRoute,
  netSubnetNoPublicIp,
  netNoUnrestrictedEgress,
  netNoEgressToAnywhere,
  netVpcBpa,
  netNoPublicService,
  rdsNotPublic,
  ecsNoPublicIp,
  albInternal,
  lambdaInVpc,
  apigwPrivateAuthz,
  apigwAuthorized,
  apigwAccessLogs,
  apigwCacheEncrypted,
  vpceRequiredSet,
  vpcePrivateDns,
  vpceExplicitSg,
  vpceMultiAz,
  vpceS3Gateway,
  vpcePolicyScoped,
  s3VpceOnly,
];
