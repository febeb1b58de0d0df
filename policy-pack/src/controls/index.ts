import type { Policy } from "../frame/policy";
import * as apigateway from "./apigateway";
import * as bedrock from "./bedrock";
import * as cognito from "./cognito";
import * as cost from "./cost";
import * as ec2 from "./ec2";
import * as ecr from "./ecr";
import * as ecs from "./ecs";
import * as elasticache from "./elasticache";
import * as iamPolicies from "./iam-policies";
import * as iamTrust from "./iam-trust";
import * as kms from "./kms";
import * as lambda from "./lambda";
import * as lb from "./lb";
import * as logs from "./logs";
import * as messaging from "./messaging";
import * as net from "./net";
import * as rds from "./rds";
import * as s3 from "./s3";
import * as secrets from "./secrets";
import * as ssm from "./ssm";
import * as stack from "./stack";
import * as trail from "./trail";
import * as waf from "./waf";

/**
 * An area is a file that exports policies and nothing else: each exported policy is part of the
 * pack.
 */
type Area = Readonly<Record<string, Policy>>;

const areas: readonly Area[] = [
  apigateway,
  bedrock,
  cognito,
  cost,
  ec2,
  ecr,
  ecs,
  elasticache,
  iamPolicies,
  iamTrust,
  kms,
  lambda,
  lb,
  logs,
  messaging,
  net,
  rds,
  s3,
  secrets,
  ssm,
  stack,
  trail,
  waf,
];

/** The controls of the AWS services that this system uses, by area and within an area by name. */
export const controls: readonly Policy[] = areas.flatMap((area) =>
  Object.values(area).sort((a, b) => (a.name < b.name ? -1 : 1)),
);
