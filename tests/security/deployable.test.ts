import assert from "node:assert/strict";
import { Order, texts } from "./order/graph";
import { statementsOf } from "../support/resources";
import { fixturesDeployed, type DeployedStack } from "../support/deployed";
import { variant, variants } from "./variants";
import { tasksOf, writingFaults } from "./writable";

type Resource = DeployedStack["resources"][number];
type Inputs = Readonly<Record<string, unknown>>;

const ofType = (stacks: readonly DeployedStack[], ...nouns: readonly string[]): readonly Resource[] =>
  stacks.flatMap(({ resources }) => resources.filter(({ type }) => nouns.includes(type.split(":").at(-1) ?? "")));
const entries = (value: unknown): readonly Inputs[] => (Array.isArray(value) ? (value as readonly Inputs[]) : []);

/**
 * What passes every check of names and types and is refused by AWS, or never works, once it is deployed. Each check reads the whole plan, and
 * says how many resources it read.
 */
const checks: Readonly<Record<string, (stacks: readonly DeployedStack[]) => { read: number; faults: string[] }>> = {
  // InsufficientEncryptionPolicyException at CreateTrail. Source: CloudTrail user guide, "Configure AWS KMS key policies for CloudTrail".
  "a trail whose bucket has a bucket key may decrypt with its key": (stacks) => {
    const trails = ofType(stacks, "Trail");
    const faults = trails.filter(({ inputs }) => {
      const encrypted = ofType(stacks, "BucketServerSideEncryptionConfiguration").find(
        (each) => each.inputs["bucket"] === inputs["s3BucketName"],
      );
      const withBucketKey = entries(encrypted?.inputs["rules"]).some(
        ({ bucketKeyEnabled }) => bucketKeyEnabled === true,
      );
      const key = ofType(stacks, "Key").find(({ outputs }) => outputs["arn"] === inputs["kmsKeyId"]);
      const decrypts = statementsOf(key?.inputs["policy"]).some(
        ({ Effect, Principal, Action }) =>
          Effect === "Allow" &&
          JSON.stringify(Principal).includes("cloudtrail.amazonaws.com") &&
          [Action].flat().includes("kms:Decrypt"),
      );
      return withBucketKey && !decrypts;
    });
    return { read: trails.length, faults: faults.map(({ urn }) => urn) };
  },
  // A task that pulls a digest which no mirror copied never starts.
  "every image that runs is copied by a mirror of its account": (stacks) => {
    const pulled = /(\d{12})\.dkr\.ecr\.[\w.-]+\.amazonaws\.com\/([\w/-]+)@(sha256:[0-9a-f]{64})/g;
    const copied = new Set(
      stacks.flatMap(({ spec, resources }) =>
        resources
          .filter(({ type }) => type === "aws:codebuild/project:Project")
          .flatMap(({ inputs }) => entries((inputs["environment"] as Inputs)["environmentVariables"]))
          .filter(({ name }) => name === "IMAGES")
          .flatMap(({ value }) => String(value).split("\n"))
          .map((line) => line.split(" "))
          .map(([repository = "", , digest = ""]) => `${spec.accountId} ${repository} ${digest}`),
      ),
    );
    const run = stacks.flatMap(({ resources }) =>
      resources.flatMap(({ urn, inputs }) =>
        [...JSON.stringify(inputs).matchAll(pulled)].map(([, account = "", repository = "", digest = ""]) => ({
          urn,
          image: `${account} ${repository} ${digest}`,
        })),
      ),
    );
    return {
      read: run.length,
      faults: run.filter(({ image }) => !copied.has(image)).map(({ urn, image }) => `${urn} ${image}`),
    };
  },
  // With a part of an ARN, ECS finds the secret by its name, and a key of its JSON not reliably. Source: ECS developer guide, "Pass Secrets
  // Manager secrets through Amazon ECS environment variables".
  "containers name secrets of the plan by their full ARN, with the suffix": (stacks) => {
    const secrets = new Set(ofType(stacks, "Secret").map(({ outputs }) => outputs["arn"]));
    const named = ofType(stacks, "TaskDefinition").flatMap(({ urn, inputs }) =>
      entries(JSON.parse(String(inputs["containerDefinitions"]))).flatMap(({ secrets: list }) =>
        entries(list).map(({ valueFrom }) => ({ urn, valueFrom: String(valueFrom) })),
      ),
    );
    const isFull = (valueFrom: string): boolean => {
      const [, arn, key] = /^((?:[^:]+:){6}[^:]+)(:[A-Za-z_]+::)?$/.exec(valueFrom) ?? [];
      return /-[A-Za-z0-9]{6}$/.test(arn ?? "") && secrets.has(arn) && (key === undefined || key.length > 3);
    };
    return {
      read: named.length,
      faults: named.filter(({ valueFrom }) => !isFull(valueFrom)).map(({ urn, valueFrom }) => `${urn} ${valueFrom}`),
    };
  },
  // Functions in a VPC use source ports 1024 to 65535. Source: VPC user guide, "Network ACLs", ephemeral ports.
  "answers from S3 reach every ephemeral port but Remote Desktop's": (stacks) => {
    const lists = ofType(stacks, "NetworkAcl");
    const faults = lists.flatMap(({ urn, inputs }) => {
      const open = entries(inputs["ingress"]).filter(({ cidrBlock }) => cidrBlock === "0.0.0.0/0");
      const admits = (port: number) =>
        open.some((rule) => Number(rule["fromPort"]) <= port && port <= Number(rule["toPort"]));
      return [1024, 3388, 3390, 32767, 61000, 65535]
        .filter((port) => !admits(port))
        .map((port) => `${urn} ${String(port)}`);
    });
    return { read: lists.length, faults };
  },
  // AWS makes these log groups by itself, without key and end. Sources: ECS developer guide, "Monitor Amazon ECS containers using Container
  // Insights"; RDS user guide, "Publishing database logs to Amazon CloudWatch Logs".
  "log groups that a service would make exist before it, with key and retention": (stacks) => {
    const wanted = ({ type, inputs }: Resource): readonly string[] => {
      if (type === "aws:ecs/cluster:Cluster")
        return entries(inputs["settings"]).some(
          ({ name, value }) => name === "containerInsights" && value !== "disabled",
        )
          ? [`/aws/ecs/containerinsights/${String(inputs["name"])}/performance`]
          : [];
      if (type === "aws:rds/cluster:Cluster")
        return texts(inputs["enabledCloudwatchLogsExports"]).map(
          (log) => `/aws/rds/cluster/${String(inputs["clusterIdentifier"])}/${log}`,
        );
      return [];
    };
    let read = 0;
    const faults = stacks.flatMap(({ resources }) => {
      const order = new Order(resources);
      return resources.flatMap((service) =>
        wanted(service).flatMap((name) => {
          read += 1;
          const group = resources.find(({ type, inputs }) => type.endsWith(":LogGroup") && inputs["name"] === name);
          const kept = group?.inputs["kmsKeyId"] !== undefined && Number(group.inputs["retentionInDays"]) > 0;
          return kept && order.before(service.urn).has(group.urn) ? [] : [`${service.urn} ${name}`];
        }),
      );
    });
    return { read, faults };
  },
  // The workspaces resolve the gateway's name in their own network, and a connection ends at the service that the gateway offers.
  "a network without a gateway of its own is linked to the shared one": (stacks) => {
    const gateways = stacks.flatMap(({ resources }) =>
      resources.filter(({ type }) => type.endsWith(":VpcEndpointService")),
    );
    const services = gateways.map(({ outputs }) => outputs["serviceName"]);
    const apart = stacks.filter(({ spec }) => spec.network !== undefined && spec.gateway === undefined);
    const faults = apart.filter(({ resources }) => {
      const endpoint = resources.find(
        ({ type, inputs }) => type.endsWith(":VpcEndpoint") && services.includes(inputs["serviceName"]),
      );
      const zone = resources.find(({ urn, type }) => type.endsWith(":Zone") && urn.includes("GatewayLink"));
      return endpoint === undefined || zone === undefined;
    });
    return { read: stacks.length, faults: faults.map(({ spec }) => spec.stack) };
  },
  // Source: Amazon ECS developer guide, "Use bind mounts with Amazon ECS": without a VOLUME in the image, root's with mode 0755.
  "containers write to memory, or to a volume as its owner": (stacks) => {
    const definitions = ofType(stacks, "TaskDefinition");
    const faults = definitions.flatMap(({ urn, inputs }) => {
      const volumes = entries(inputs["volumes"]).map(({ name }) => String(name));
      const tasks = tasksOf(String(inputs["family"]), String(inputs["containerDefinitions"]));
      return tasks.flatMap((containers) => writingFaults(containers, volumes).map((fault) => `${urn} ${fault}`));
    });
    return { read: definitions.length, faults };
  },
  // Source: ElastiCache user guide, "Managing ElastiCache Amazon SNS notifications": an encrypted topic gets none.
  "no cache reports to a topic, which is encrypted, and all alarm when a node is silent": (stacks) => {
    const caches = ofType(stacks, "ReplicationGroup");
    const watched = ofType(stacks, "MetricAlarm")
      .filter(({ inputs }) => inputs["treatMissingData"] === "breaching")
      .map(({ inputs }) => (inputs["dimensions"] as Inputs | undefined)?.["CacheClusterId"]);
    const silent = ({ inputs }: Resource) =>
      ["001", "002"].some((node) => !watched.includes(`${String(inputs["replicationGroupId"])}-${node}`));
    return {
      read: caches.length,
      faults: caches
        .filter((cache) => cache.inputs["notificationTopicArn"] !== undefined || silent(cache))
        .map(({ urn }) => urn),
    };
  },
};

describe("what AWS would refuse, or silently drop, of the plan as deployed", () => {
  it("links the department with a network of its own to the gateway, once, and no other stack", async () => {
    const links = (stacks: readonly DeployedStack[]) =>
      stacks.flatMap(({ spec, resources }) =>
        resources.filter(({ type }) => type === "cline:network:GatewayLink").map(() => spec.stack),
      );
    assert.deepEqual(links(await variant("a department with a network of its own")), ["engineering"]);
    assert.deepEqual(links(await variant("a department that stands alone")), []);
  });

  for (const [name, stacks] of [
    ["the usual stacks", fixturesDeployed],
    ...variants.map((each) => [each, () => variant(each)] as const),
  ] as const) {
    for (const [what, check] of Object.entries(checks)) {
      it(`${what}: ${name}`, async () => {
        const { read, faults } = check(await stacks());
        assert.deepEqual(faults, []);
        assert.ok(read > 0, "the plan has nothing of the kind");
      });
    }
  }
});
