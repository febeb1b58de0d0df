import { resourcePolicy, type ResourcePolicy } from "../../frame/policy";
import type { Value } from "../../frame/value";

/** How a managed service says that it may be reached from the internet. */
interface Setting {
  readonly path: string;
  readonly isPrivate: (value: Value) => boolean;
}

const notTrue = (path: string): Setting => ({ path, isPrivate: (value) => value.flag() !== true });
const mustBe = (path: string, text: string): Setting => ({ path, isPrivate: (value) => value.text() === text });
const mustNotBe = (path: string, text: string): Setting => ({ path, isPrivate: (value) => value.text() !== text });
const filled = (path: string): Setting => ({ path, isPrivate: (value) => value.items().length > 0 });
const public_ = notTrue("publiclyAccessible");

const DATABASES: Readonly<Record<string, Setting>> = {
  "aws:rds/instance:Instance": public_,
  "aws:rds/clusterInstance:ClusterInstance": public_,
  "aws:rds/cluster:Cluster": public_,
  "aws:rds/shardGroup:ShardGroup": public_,
};

const SERVICES: Readonly<Record<string, Setting>> = {
  "aws:dms/replicationInstance:ReplicationInstance": {
    path: "publiclyAccessible",
    isPrivate: (value) => value.flag() === false,
  },
  "aws:dms/instanceProfile:InstanceProfile": public_,
  "aws:docdb/clusterInstance:ClusterInstance": public_,
  "aws:lightsail/database:Database": public_,
  "aws:m2/environment:Environment": public_,
  "aws:mq/broker:Broker": public_,
  "aws:neptune/clusterInstance:ClusterInstance": public_,
  "aws:neptunegraph/graph:Graph": notTrue("publicConnectivity"),
  "aws:redshift/cluster:Cluster": public_,
  "aws:redshiftserverless/workgroup:Workgroup": public_,
  "aws:timestreaminfluxdb/dbInstance:DbInstance": public_,
  "aws:timestreaminfluxdb/dbCluster:DbCluster": public_,
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

function servicePolicy(
  facts: Pick<ResourcePolicy, "name" | "description" | "severity" | "controls" | "url" | "remediation">,
  settings: Readonly<Record<string, Setting>>,
): ResourcePolicy {
  return resourcePolicy({
    ...facts,
    level: "mandatory",
    types: Object.keys(settings),
    check(service, report) {
      const setting = settings[service.type];
      if (setting !== undefined) report.expect(service.at(setting.path), setting.isPrivate);
    },
    remediate(inputs) {
      if (inputs["publiclyAccessible"] !== true) return false;
      inputs["publiclyAccessible"] = false;
      return true;
    },
  });
}

/** Databases with an address on the internet. */
export const rdsNotPublic = servicePolicy(
  {
    name: "rds-not-public",
    description: "Databases are not reachable from the internet",
    severity: "critical",
    controls: {
      baseline: ["vpc-endpoints-only"],
      fsbp: ["RDS.2"],
      "cis-aws-3.0": ["2.3.3"],
      "nist-800-53r5": ["SC-7"],
      checkov: ["CKV_AWS_17"],
      trivy: ["AWS-0180"],
      "cdk-nag": ["R5-RDSInstancePublicAccess"],
    },
    remediation: "Leave publiclyAccessible out or set it to false.",
    url: "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-2",
  },
  DATABASES,
);

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
