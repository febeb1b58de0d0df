import assert from "node:assert/strict";
import { albInternal } from "../../../src/baselines/vpc-endpoints-only/alb-internal";
import { apigwAccessLogs } from "../../../src/baselines/vpc-endpoints-only/apigw-access-logs";
import { apigwAuthorized } from "../../../src/baselines/vpc-endpoints-only/apigw-authorized";
import { apigwCacheEncrypted } from "../../../src/baselines/vpc-endpoints-only/apigw-cache-encrypted";
import { apigwPrivateAuthz } from "../../../src/baselines/vpc-endpoints-only/apigw-private-authz";
import { ecsNoPublicIp } from "../../../src/baselines/vpc-endpoints-only/ecs-no-public-ip";
import { lambdaInVpc } from "../../../src/baselines/vpc-endpoints-only/lambda-in-vpc";
import { netNoPublicService } from "../../../src/baselines/vpc-endpoints-only/net-no-public-service";
import { rdsNotPublic } from "../../../src/baselines/vpc-endpoints-only/rds-not-public";
import { remediated } from "../../../src/frame/judge";
import { cases, UNKNOWN, type Inputs } from "../../support";

describe("VPC endpoints only: services", () => {
  const service = (type: string, passes: Record<string, Inputs>, fails: Record<string, Inputs>) =>
    cases(netNoPublicService, { type, passes, fails });
  service(
    "aws:dms/replicationInstance:ReplicationInstance",
    { private: { publiclyAccessible: false } },
    { "its default": {}, public: { publiclyAccessible: true } },
  );
  service("aws:mq/broker:Broker", { "its default": {} }, { public: { publiclyAccessible: true } });
  service(
    "aws:opensearch/domain:Domain",
    { "in a VPC": { vpcOptions: { subnetIds: ["s"] } } },
    { "outside of it": {} },
  );
  service(
    "aws:sagemaker/notebookInstance:NotebookInstance",
    { private: { directInternetAccess: "Disabled" } },
    { "its default": {} },
  );
  service("aws:sagemaker/domain:Domain", { private: { appNetworkAccessType: "VpcOnly" } }, { "its default": {} });
  service(
    "aws:msk/cluster:Cluster",
    { "its default": {} },
    { public: { brokerNodeGroupInfo: { connectivityInfo: { publicAccess: { type: "SERVICE_PROVIDED_EIPS" } } } } },
  );
  service(
    "aws:transfer/server:Server",
    { private: { endpointType: "VPC" } },
    { "its default": {}, public: { endpointType: "PUBLIC" } },
  );
  service(
    "aws:eks/cluster:Cluster",
    { private: { vpcConfig: { endpointPublicAccess: false } } },
    { "its default": {} },
  );
  service("aws:codebuild/project:Project", { "in a VPC": { vpcConfig: { subnets: ["s"] } } }, { "outside of it": {} });
  service("aws:neptunegraph/graph:Graph", { "its default": {} }, { public: { publicConnectivity: true } });
  service(
    "aws:transfer/server:Server",
    { "in the VPC": { endpointType: "VPC" }, "behind an endpoint": { endpointType: "VPC_ENDPOINT" } },
    { "its default": {}, public: { endpointType: "PUBLIC" } },
  );
  cases(netNoPublicService, {
    type: "aws:redshift/cluster:Cluster",
    unknown: { "what is not known": { publiclyAccessible: UNKNOWN } },
  });
  cases(rdsNotPublic, {
    type: "aws:rds/instance:Instance",
    passes: { "its default": {}, private: { publiclyAccessible: false } },
    fails: { public: { publiclyAccessible: true } },
    unknown: { "what is not known": { publiclyAccessible: UNKNOWN } },
  });
  it("rds-not-public closes a database where asked to", () => {
    const inputs: Inputs = { publiclyAccessible: true };
    assert.equal(remediated(rdsNotPublic, inputs, "aws:rds/instance:Instance"), true);
    assert.deepEqual(inputs, { publiclyAccessible: false });
    assert.equal(remediated(rdsNotPublic, {}, ""), false);
  });

  cases(ecsNoPublicIp, {
    type: "aws:ecs/service:Service",
    passes: { "its default": {}, false: { networkConfiguration: { assignPublicIp: false } } },
    fails: { true: { networkConfiguration: { assignPublicIp: true } } },
    unknown: { "what is not known": { networkConfiguration: UNKNOWN } },
  });
  cases(ecsNoPublicIp, {
    type: "aws:pipes/pipe:Pipe",
    fails: {
      ENABLED: {
        targetParameters: {
          ecsTaskParameters: { networkConfiguration: { awsVpcConfiguration: { assignPublicIp: "ENABLED" } } },
        },
      },
    },
  });
  cases(albInternal, {
    type: "aws:lb/loadBalancer:LoadBalancer",
    passes: { internal: { internal: true }, "a gateway load balancer": { loadBalancerType: "gateway" } },
    fails: { "its default": {}, "facing the internet": { internal: false } },
    unknown: { "what is not known": { internal: UNKNOWN } },
  });
  cases(lambdaInVpc, {
    type: "aws:lambda/function:Function",
    passes: {
      "in a VPC": { vpcConfig: { subnetIds: ["s"] } },
      "in subnets that are not known": { vpcConfig: { subnetIds: UNKNOWN } },
    },
    fails: { "outside of it": {}, "in no subnet": { vpcConfig: { subnetIds: [] } } },
    unknown: { "a configuration that is not known": { vpcConfig: UNKNOWN } },
  });
  cases(apigwPrivateAuthz, {
    type: "aws:apigateway/restApi:RestApi",
    passes: {
      private: { endpointConfiguration: { types: "PRIVATE" } },
      "private in a list": { endpointConfiguration: { types: ["PRIVATE"] } },
    },
    fails: { "its default": {}, regional: { endpointConfiguration: { types: "REGIONAL" } } },
    unknown: { "kinds that are not known": { endpointConfiguration: { types: UNKNOWN } } },
  });
  cases(apigwPrivateAuthz, { type: "aws:apigatewayv2/api:Api", fails: { "an HTTP API": {} } });
  cases(apigwAuthorized, {
    type: "aws:apigateway/method:Method",
    passes: {
      IAM: { authorization: "AWS_IAM" },
      "a key": { authorization: "NONE", apiKeyRequired: true },
      preflight: { authorization: "NONE", httpMethod: "OPTIONS" },
    },
    fails: { nobody: { authorization: "NONE" }, "its default": {} },
    unknown: { "what is not known": { authorization: UNKNOWN } },
  });
  cases(apigwAuthorized, {
    type: "aws:apigatewayv2/route:Route",
    passes: { JWT: { authorizationType: "JWT" } },
    fails: { nobody: {} },
  });
  cases(apigwAccessLogs, {
    type: "aws:apigateway/stage:Stage",
    passes: {
      "logs to what is not known": { accessLogSettings: { destinationArn: UNKNOWN } },
      logs: { accessLogSettings: { destinationArn: "arn:x" } },
    },
    fails: { "no logs": {}, "an empty name": { accessLogSettings: { destinationArn: "" } } },
  });
  const METHOD = "aws:apigateway/methodSettings:MethodSettings";
  cases(apigwCacheEncrypted, {
    type: METHOD,
    passes: {
      "no cache": { settings: {} },
      "an encrypted one": { settings: { cachingEnabled: true, cacheDataEncrypted: true } },
    },
    fails: { "an open one": { settings: { cachingEnabled: true } } },
    unknown: { "encryption that is not known": { settings: { cachingEnabled: true, cacheDataEncrypted: UNKNOWN } } },
  });
  it("apigw-cache-encrypted encrypts a cache where asked to", () => {
    const inputs: Inputs = { settings: { cachingEnabled: true } };
    assert.equal(remediated(apigwCacheEncrypted, inputs, METHOD), true);
    assert.deepEqual(inputs, { settings: { cachingEnabled: true, cacheDataEncrypted: true } });
    assert.equal(remediated(apigwCacheEncrypted, inputs, METHOD), false);
  });
});
