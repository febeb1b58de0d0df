import assert from "node:assert/strict";
import {
  endSeconds,
  interfaceSeconds,
  nodeSeconds,
  rollSeconds,
  serviceTimeouts,
  stateChangeSeconds,
} from "../../components/kit/timeouts";
import { fixturesDeployed, type DeployedStack } from "../support/deployed";
import { variant, variants } from "./variants";

type Resource = DeployedStack["resources"][number];
type Inputs = Readonly<Record<string, unknown>>;
type Operation = "create" | "update" | "delete";
type Minutes = Readonly<Partial<Record<Operation, number>>>;

/** What AWS may take for one resource, in minutes. */
type Need = (resource: Resource, all: readonly Resource[]) => Minutes;

const inputs = (value: unknown): readonly Inputs[] => (Array.isArray(value) ? (value as readonly Inputs[]) : []);
const ofNoun = (all: readonly Resource[], noun: string) => all.filter(({ type }) => type.endsWith(`:${noun}`));
const number = (value: unknown, otherwise: number): number => (typeof value === "number" ? value : otherwise);

/** The roll of a service, from the numbers of its own task definition and target group. */
function rollOf(service: Resource, all: readonly Resource[]) {
  const definition = ofNoun(all, "TaskDefinition").find(
    ({ outputs }) => outputs["arn"] === service.inputs["taskDefinition"],
  );
  assert.ok(definition, `${service.urn}: no task definition`);
  const containers = inputs(JSON.parse(String(definition.inputs["containerDefinitions"])));
  const groups = inputs(service.inputs["loadBalancers"]).map(({ targetGroupArn }) => targetGroupArn);
  const drains = ofNoun(all, "TargetGroup")
    .filter(({ outputs }) => groups.includes(outputs["arn"]))
    .map((group) => number(group.inputs["deregistrationDelay"], 300));
  assert.equal(drains.length, groups.length, `${service.urn}: no target group`);
  const start = containers.map(({ healthCheck }) => {
    const { startPeriod, interval, retries } = (healthCheck ?? {}) as Inputs;
    return healthCheck === undefined ? 0 : number(startPeriod, 0) + number(interval, 30) * number(retries, 3);
  });
  return {
    start: Math.max(...start),
    drain: Math.max(0, ...drains),
    stop: Math.max(...containers.map(({ stopTimeout }) => number(stopTimeout, 30))),
  };
}

/** Ids that a function's network interfaces carry, of one property of its VPC configuration. */
const ofFunctions = (all: readonly Resource[], property: string): readonly unknown[] =>
  ofNoun(all, "Function").flatMap(
    ({ inputs: { vpcConfig } }) => ((vpcConfig as Inputs | undefined)?.[property] ?? []) as unknown[],
  );

const usual: Minutes = { create: 20, update: 20, delete: 20 };

/**
 * The provider's own timeouts of the types that AWS takes minutes for, and what one of them may take. Every other type of the plan is done
 * when the call returns, or waits a time that the provider fixes. Source of the defaults: terraform-provider-aws 6.58.0.
 */
const waits: Readonly<Record<string, { readonly defaults: Minutes; readonly need: Need }>> = {
  "aws:ecs/service:Service": {
    defaults: usual,
    need: (service, all) => {
      const roll = rollOf(service, all);
      const rolled = rollSeconds(roll) / 60;
      return { create: rolled, update: rolled, delete: endSeconds(roll) / 60 };
    },
  },
  "aws:lambda/invocation:Invocation": {
    // The provider's client waits for the answer; the plugin SDK ends any operation after 20 minutes.
    defaults: usual,
    need: ({ inputs: { functionName } }, all) => {
      const called = ofNoun(all, "Function").find(
        ({ inputs: given, outputs }) => given["name"] === functionName || outputs["arn"] === functionName,
      );
      return { create: called === undefined ? 15 : number(called.inputs["timeout"], 3) / 60 };
    },
  },
  "aws:lambda/function:Function": {
    defaults: { create: 10, update: 10, delete: 10 },
    need: () => ({ create: 5, update: 5 }),
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    defaults: { create: 10, delete: 15 },
    need: ({ id }, all) => (ofFunctions(all, "securityGroupIds").includes(id) ? { delete: interfaceSeconds / 60 } : {}),
  },
  "aws:ec2/subnet:Subnet": {
    defaults: { create: 10, delete: 20 },
    need: ({ id }, all) => (ofFunctions(all, "subnetIds").includes(id) ? { delete: interfaceSeconds / 60 } : {}),
  },
  "aws:ec2/instance:Instance": {
    defaults: { create: 10, update: 10, delete: 20 },
    need: () => ({ create: 5, update: (2 * stateChangeSeconds) / 60, delete: 10 }),
  },
  "aws:ec2/volumeAttachment:VolumeAttachment": {
    defaults: { create: 5, delete: 5 },
    need: ({ inputs: { stopInstanceBeforeDetaching: stops } }) =>
      stops === true ? { create: 2, delete: stateChangeSeconds / 60 + 2 } : { create: 2, delete: 2 },
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    defaults: { create: 60, update: 40, delete: 45 },
    need: ({ inputs: { numCacheClusters } }) => ({
      create: 30,
      update: (number(numCacheClusters, 1) * nodeSeconds) / 60,
      delete: 30,
    }),
  },
  // Creation, an upgrade of the engine, the final snapshot; estimates.
  "aws:rds/cluster:Cluster": {
    defaults: { create: 120, update: 120, delete: 120 },
    need: () => ({ create: 30, update: 60, delete: 60 }),
  },
  "aws:rds/clusterInstance:ClusterInstance": {
    defaults: { create: 90, update: 90, delete: 90 },
    need: () => ({ create: 30, update: 60, delete: 30 }),
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    defaults: { create: 10, update: 10, delete: 10 },
    need: () => ({ create: 6, update: 6, delete: 6 }),
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    defaults: { create: 10, update: 10, delete: 10 },
    need: () => ({ create: 6, update: 6, delete: 8 }),
  },
  "aws:ec2/vpcEndpointService:VpcEndpointService": {
    defaults: { create: 10, update: 10, delete: 10 },
    need: () => ({ create: 3, delete: 3 }),
  },
  "aws:acm/certificateValidation:CertificateValidation": { defaults: { create: 75 }, need: () => ({ create: 45 }) },
  "aws:ebs/volume:Volume": {
    defaults: { create: 5, update: 5, delete: 10 },
    need: () => ({ create: 2, update: 2, delete: 5 }),
  },
};

const minutes = (text: string): number | undefined => {
  const [, hours, mins] = /^(?:(\d+)h)?(?:(\d+)m)?$/.exec(text) ?? [];
  return text === "" ? undefined : Number(hours ?? 0) * 60 + Number(mins ?? 0);
};

describe("timeouts of the plan as deployed", () => {
  for (const [name, stacks] of [
    ["the usual stacks", fixturesDeployed],
    ...variants.map((each) => [each, () => variant(each)] as const),
  ] as const) {
    it(`are at least what AWS may take, for every resource that takes minutes: ${name}`, async () => {
      const all = (await stacks()).flatMap(({ resources }) => resources);
      const faults: string[] = [];
      let read = 0;
      for (const resource of all) {
        const row = waits[resource.type];
        if (row === undefined) continue;
        for (const [operation, need] of Object.entries(row.need(resource, all)) as [Operation, number][]) {
          read += 1;
          const has = minutes(resource.options.customTimeouts[operation]) ?? row.defaults[operation] ?? 20;
          if (has < need) faults.push(`${resource.urn} ${operation}: may take ${need.toFixed()} minutes, waits ${has}`);
        }
      }
      assert.deepEqual(faults, []);
      assert.ok(read > 50, String(read));
    });
  }

  it("of a service grow with the drain, and hold two rolls, for a failed one is rolled back", () => {
    const roll = { start: 240, drain: 600, stop: 120 };
    assert.equal(rollSeconds(roll), 300 + 240 + 600 + 120 + 120);
    assert.deepEqual(serviceTimeouts(roll), { create: "50m", update: "50m", delete: "30m" });
    assert.deepEqual(serviceTimeouts({ start: 60, drain: 0, stop: 30 }), {
      create: "20m",
      update: "20m",
      delete: "5m",
    });
  });
});
