import assert from "node:assert/strict";
import { statementsOf } from "../support/resources";
import { fixturesDeployed, type DeployedStack } from "../support/deployed";
import { variant, variants } from "./variants";

type Resource = DeployedStack["resources"][number];
type Inputs = Readonly<Record<string, unknown>>;

const ofType = (stacks: readonly DeployedStack[], ...nouns: readonly string[]): readonly Resource[] =>
  stacks.flatMap(({ resources }) => resources.filter(({ type }) => nouns.includes(type.split(":").at(-1) ?? "")));
const entries = (value: unknown): readonly Inputs[] => (Array.isArray(value) ? (value as readonly Inputs[]) : []);

/** Bedrock's tag values; every other service of this program takes any letter. Source: botocore 1.44.8, bedrock TagValue. */
const bedrockTag = /^[a-zA-Z0-9\s._:/=+@-]*$/;

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
  // ValidationException at CreateInferenceProfile, in the middle of `up`.
  "Bedrock's tags are ASCII": (stacks) => {
    const tagged = ofType(stacks, "InferenceProfile").map(({ urn, inputs }) => ({
      urn,
      tags: inputs["tags"] as Inputs,
    }));
    const faults = tagged.flatMap(({ urn, tags }) =>
      Object.entries(tags).flatMap(([key, value]) =>
        bedrockTag.test(`${key}${String(value)}`) ? [] : [`${urn} ${key} ${String(value)}`],
      ),
    );
    return { read: tagged.length, faults };
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
