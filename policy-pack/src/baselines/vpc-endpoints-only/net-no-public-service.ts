import { filled, mustBe, mustNotBe, notTrue, servicePolicy, type Setting } from "./service-policy";

const address = notTrue("publiclyAccessible");

const SERVICES: Readonly<Record<string, Setting>> = {
  // Visibility is GLOBAL unless PRIVATE is asked for.
  "aws:appsync/graphQLApi:GraphQLApi": mustBe("visibility", "PRIVATE"),
  "aws:dms/replicationInstance:ReplicationInstance": {
    path: "publiclyAccessible",
    isPrivate: (value) => value.flag() === false,
  },
  "aws:dms/instanceProfile:InstanceProfile": address,
  "aws:docdb/clusterInstance:ClusterInstance": address,
  "aws:lightsail/database:Database": address,
  "aws:m2/environment:Environment": address,
  "aws:mq/broker:Broker": address,
  "aws:neptune/clusterInstance:ClusterInstance": address,
  "aws:neptunegraph/graph:Graph": notTrue("publicConnectivity"),
  "aws:redshift/cluster:Cluster": address,
  "aws:redshiftserverless/workgroup:Workgroup": address,
  "aws:timestreaminfluxdb/dbInstance:DbInstance": address,
  "aws:timestreaminfluxdb/dbCluster:DbCluster": address,
  "aws:msk/cluster:Cluster": mustNotBe(
    "brokerNodeGroupInfo.connectivityInfo.publicAccess.type",
    "SERVICE_PROVIDED_EIPS",
  ),
  "aws:opensearch/domain:Domain": filled("vpcOptions.subnetIds"),
  "aws:elasticsearch/domain:Domain": filled("vpcOptions.subnetIds"),
  "aws:sagemaker/notebookInstance:NotebookInstance": mustBe("directInternetAccess", "Disabled"),
  "aws:sagemaker/domain:Domain": mustBe("appNetworkAccessType", "VpcOnly"),
  "aws:mwaa/environment:Environment": mustNotBe("webserverAccessMode", "PUBLIC_ONLY"),
  "aws:transfer/server:Server": {
    path: "endpointType",
    isPrivate: (value) => ["VPC", "VPC_ENDPOINT"].includes(value.text() ?? "PUBLIC"),
  },
  "aws:apprunner/service:Service": {
    path: "networkConfiguration.ingressConfiguration.isPubliclyAccessible",
    isPrivate: (value) => value.flag() === false,
  },
  "aws:eks/cluster:Cluster": { path: "vpcConfig.endpointPublicAccess", isPrivate: (value) => value.flag() === false },
  "aws:codebuild/project:Project": filled("vpcConfig.subnets"),
  "aws:synthetics/canary:Canary": filled("vpcConfig.subnetIds"),
};

/** Other services that stand on the internet unless, or when, a setting says so. */
export const netNoPublicService = servicePolicy(
  {
    name: "net-no-public-service",
    description: "Managed services stand inside the VPC and are not reachable from the internet",
    severity: "high",
    controls: {
      baseline: ["vpc-endpoints-only"],
      fsbp: ["DMS.1", "Redshift.1", "SageMaker.1", "EKS.1", "Opensearch.2"],
      "nist-800-53r5": ["SC-7"],
    },
    remediation: "Place the service in private subnets and switch its public endpoint off.",
    url: "https://docs.aws.amazon.com/vpc/latest/privatelink/what-is-privatelink.html",
  },
  SERVICES,
);
