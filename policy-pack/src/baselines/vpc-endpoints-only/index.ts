import type { Policy } from "../../frame/policy";
import { albInternal } from "./alb-internal";
import { apigwAccessLogs, apigwAuthorized, apigwCacheEncrypted, apigwPrivateAuthz } from "./apigw";
import { ecsNoPublicIp } from "./ecs-no-public-ip";
import { lambdaInVpc } from "./lambda-in-vpc";
import { netNoInternetRoute } from "./net-no-internet-route";
import { netNoPublicService, rdsNotPublic } from "./net-no-public-service";
import { netNoEgressToAnywhere, netNoUnrestrictedEgress } from "./net-no-unrestricted-egress";
import { netEipInUse, netNoEip, netNoInternetGateway, netNoNatGateway } from "./net-no-way-out";
import { netSubnetNoPublicIp } from "./net-subnet-no-public-ip";
import { netVpcBpa } from "./net-vpc-bpa";
import { s3VpceOnly } from "./s3-vpce-only";
import { vpceExplicitSg, vpceMultiAz, vpcePrivateDns, vpceS3Gateway } from "./vpce-endpoints";
import { vpcePolicyScoped } from "./vpce-policy-scoped";
import { vpceRequiredSet } from "./vpce-required-set";

/** VPC endpoints only: no gateway, route, address or service leads out of the network, and the endpoints that replace them are there. */
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
