import assert from "node:assert/strict";
import { contextOf } from "../../../components/context-of";
import { ObservabilityStack } from "../../../components/observability";
import { patternsOf } from "../../../components/observability/filter-pattern";
import { planSecurityFilters } from "../../../components/observability/security-filters";
import { observabilityStackArgs } from "../../../compose";
import { runInProcess, type DocumentResource } from "../../../offline/in-process";
import { buildFunctions } from "../../../functions/build";
import { accessFacts, artifactFacts, keyFacts, networkFacts } from "../../support/facts";
import { departmentSpec, platformSpec, type Config } from "../../support/specs";
import { root } from "../../support/project";

before(() => {
  buildFunctions(root);
});

async function build(
  overrides: Config = {},
  spec = platformSpec(overrides),
  preview = true,
): Promise<readonly DocumentResource[]> {
  const { resources } = await runInProcess(
    () => {
      new ObservabilityStack("observability", {
        ...observabilityStackArgs(spec, spec.observability!),
        network: networkFacts(),
        keys: keyFacts(),
        access: accessFacts(),
        artifacts: artifactFacts(),
      });
    },
    { stack: spec.stack, preview },
  );
  return resources;
}

const of = (resources: readonly DocumentResource[], type: string) => resources.filter((r) => r.type === type);
const statements = (document: unknown) =>
  (
    JSON.parse(document as string) as {
      Statement: { Sid: string; Effect: string; Action: string | string[]; Condition?: object }[];
    }
  ).Statement;

describe("ObservabilityStack", () => {
  let resources: readonly DocumentResource[];
  before(async () => (resources = await build({ "cline:platform": { account: "dedicated" } })));

  it("records everything, validated and encrypted, where nobody can delete it", () => {
    const [trail] = of(resources, "aws:cloudtrail/trail:Trail");
    const { inputs } = trail!;
    assert.deepEqual(
      [
        inputs.isMultiRegionTrail,
        inputs.includeGlobalServiceEvents,
        inputs.enableLogFileValidation,
        inputs.enableLogging,
      ],
      [true, true, true, true],
    );
    assert.match(String(inputs.kmsKeyId), /^arn:aws:kms:/);
    assert.equal(trail!.options.retainOnDelete, true);
    const selectors = inputs.advancedEventSelectors as {
      name: string;
      fieldSelectors: { field: string; equals?: string[] }[];
    }[];
    const management = selectors.find(({ name }) => name === "Management")!;
    assert.deepEqual(
      management.fieldSelectors,
      [{ field: "eventCategory", equals: ["Management"] }],
      "reads and writes alike",
    );
    const functions = selectors.find(({ name }) => name === "Functions")!;
    assert.deepEqual(
      functions.fieldSelectors.slice(1),
      [
        { field: "resources.type", equals: ["AWS::Lambda::Function"] },
        { field: "resources.ARN", startsWiths: ["arn:aws:lambda:ap-northeast-1:111122223333:function:example-"] },
      ],
      "who calls the functions that act as the gateway's master",
    );
    const [lock] = of(resources, "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration");
    assert.deepEqual(lock!.inputs.rule, { defaultRetention: { mode: "COMPLIANCE", days: 365 } });
  });

  it("makes the account's singletons in an account of its own only", async () => {
    const shared = await build({ "cline:platform": { account: "shared" } });
    for (const type of [
      "aws:cloudtrail/trail:Trail",
      "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration",
    ]) {
      assert.equal(of(shared, type).length, 0, type);
      assert.equal(of(resources, type).length, 1, type);
    }
  });

  it("tells the security team by a topic of its own where it has addresses, and of its alarms only", async () => {
    const spec = platformSpec({ "cline:platform": { alerts: { security: ["security@example.com"] } } });
    const own = await build({}, spec, false);
    const mails = new Map(
      of(own, "aws:sns/topicSubscription:TopicSubscription").map(({ inputs }) => [inputs.endpoint, inputs.topic]),
    );
    assert.deepEqual([...mails.keys()], ["cloud-cost@example.com", "security@example.com"]);
    const security = mails.get("security@example.com");
    for (const { name, inputs } of of(own, "aws:cloudwatch/metricAlarm:MetricAlarm")) {
      const forSecurity = String(inputs.alarmDescription).includes("For: security.");
      assert.equal((inputs.alarmActions as unknown[])[0] === security, forSecurity, name);
    }
    const told = of(own, "aws:cloudwatch/eventTarget:EventTarget").filter(({ name }) => name.endsWith("-mail"));
    assert.ok(told.length > 0 && told.every(({ inputs }) => inputs.arn === security));
    assert.equal(of(resources, "aws:sns/topic:Topic").length, 1, "one topic without addresses of its own");
  });

  it("keeps no prompt, answer, image or embedding in Bedrock's record", () => {
    const [setting] = of(resources, "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration");
    const { cloudwatchConfig, ...delivery } = setting!.inputs.loggingConfig as Record<string, unknown>;
    assert.ok(cloudwatchConfig);
    assert.deepEqual(delivery, {
      textDataDeliveryEnabled: false,
      imageDataDeliveryEnabled: false,
      embeddingDataDeliveryEnabled: false,
      videoDataDeliveryEnabled: false,
    });
  });

  it("has an alarm that tells somebody for each filter, none of them longer than CloudWatch takes", () => {
    const longest = contextOf(platformSpec({ "cline:platform": { organization: "abcdefghijkl" } }));
    const subject = `repo:${"o".repeat(39)}/${"n".repeat(100)}:environment:production`;
    const filters = planSecurityFilters(longest, subject);
    for (const [name, pattern] of filters.flatMap(patternsOf))
      assert.ok(pattern.length <= 1024, `${name}: ${String(pattern.length)}`);
    const alarms = of(resources, "aws:cloudwatch/metricAlarm:MetricAlarm");
    for (const { noun } of filters) {
      const alarm = alarms.find(({ inputs }) => inputs.metricName === noun);
      assert.ok(alarm, noun);
    }
    for (const { name, inputs } of alarms) assert.equal((inputs.alarmActions as unknown[]).length, 1, name);
    const wanted = [
      "root-use",
      "console-without-mfa",
      "assume-role-without-mfa",
      "break-glass",
      "model-past-gateway",
      "virtual-key-read",
      "key-disabling",
    ];
    for (const noun of wanted)
      assert.ok(
        filters.some((filter) => filter.noun === noun),
        noun,
      );
  });

  it("expects the workflow that the platform's file names to take the deployer's role, and without one nobody", async () => {
    const named = /userName != "repo:example\/zone:environment:production"/;
    const url = "https://github.com/example/zone";
    const glass = async (repository?: object) => {
      const made = await build({ "cline:platform": { account: "dedicated", ...(repository && { repository }) } });
      return ["aws:cloudwatch/logMetricFilter:LogMetricFilter", "aws:cloudwatch/eventRule:EventRule"].map((type) =>
        of(made, type)
          .map(({ inputs }) => JSON.stringify(inputs).replaceAll("\\", ""))
          .join(" "),
      );
    };
    const [filters = "", rules = ""] = await glass({ url });
    assert.match(filters, named);
    assert.match(rules, /"anything-but":\["repo:example\/zone:environment:production"\]/);
    for (const text of await glass()) assert.doesNotMatch(text, /environment:production/);
  });

  it("hears read-only events too, and IAM's from the region where they arrive", () => {
    const rules = of(resources, "aws:cloudwatch/eventRule:EventRule");
    for (const { name, inputs } of rules) {
      assert.equal(inputs.state, "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", name);
    }
    const identity = rules.filter(({ inputs }) => String(inputs.eventPattern).includes("aws.iam"));
    assert.deepEqual(identity.map(({ inputs }) => inputs.region).sort(), [
      ...Array<string>(3).fill("ap-northeast-1"),
      ...Array<string>(3).fill("us-east-1"),
    ]);
    const forwards = of(resources, "aws:cloudwatch/eventTarget:EventTarget").filter(
      ({ inputs }) => inputs.region === "us-east-1",
    );
    assert.equal(forwards.length, 5);
    for (const { inputs } of forwards)
      assert.equal(inputs.arn, "arn:aws:events:ap-northeast-1:111122223333:event-bus/default");
  });

  it("encrypts every bucket with its own key except the one that load balancers write to", () => {
    const encryption = of(
      resources,
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    );
    const plain = encryption.filter(({ inputs }) => !JSON.stringify(inputs.rules).includes("aws:kms"));
    assert.deepEqual(
      plain.map(({ name }) => name),
      ["observability-access-logs-encryption"],
    );
    for (const { name, inputs } of of(resources, "aws:s3/bucketPolicy:BucketPolicy")) {
      const denied = statements(inputs.policy)
        .filter(({ Effect }) => Effect === "Deny")
        .map(({ Sid }) => Sid);
      assert.deepEqual(denied, ["TlsOnly", "OwnEndpointsOnly"], name);
    }
  });

  it("runs Langfuse and the collector without public address, on read-only roots, by digest, on awsx's safe form", () => {
    const services = of(resources, "aws:ecs/service:Service");
    assert.deepEqual(services.map(({ name }) => name).sort(), [
      "observability-collector-service",
      "observability-langfuse-web-service",
      "observability-langfuse-worker-service",
    ]);
    for (const { inputs } of services) {
      assert.equal((inputs.networkConfiguration as Record<string, unknown>).assignPublicIp, false);
    }
    assert.equal(of(resources, "awsx:ecs:FargateService").length, 3);
  });

  it("gives tasks their secrets by reference, and no secret as plain text", async () => {
    const { resources: deployed } = await runInProcess(
      () => {
        const spec = platformSpec();
        new ObservabilityStack("observability", {
          ...observabilityStackArgs(spec, spec.observability!),
          network: networkFacts(),
          keys: keyFacts(),
          access: accessFacts(),
          artifacts: artifactFacts(),
        });
      },
      { stack: "platform", preview: false },
    );
    const definitions = of(deployed, "aws:ecs/taskDefinition:TaskDefinition");
    assert.equal(definitions.length, 3);
    for (const { name, inputs } of definitions) {
      const [container] = JSON.parse(inputs.containerDefinitions as string) as [Record<string, unknown>];
      assert.equal(container.readonlyRootFilesystem, true, name);
      assert.match(String(container.image), /@sha256:[0-9a-f]{64}$/, name);
      const environment = container.environment as { name: string; value: string }[];
      for (const entry of environment) assert.ok(!/SECRET|PASSWORD|SALT|AUTH$|_KEY$/.test(entry.name), entry.name);
      for (const { valueFrom } of container.secrets as { valueFrom: string }[])
        assert.match(valueFrom, /^arn:aws:secretsmanager:/);
    }
  });

  it("keeps queues, traces and databases: noeviction, retained volume with snapshots", () => {
    const [parameters] = of(resources, "aws:elasticache/parameterGroup:ParameterGroup");
    assert.deepEqual(parameters!.inputs.parameters, [{ name: "maxmemory-policy", value: "noeviction" }]);
    const [volume] = of(resources, "aws:ebs/volume:Volume");
    assert.equal(volume!.options.retainOnDelete, true);
    assert.equal((volume!.inputs.tags as Record<string, string>).Snapshots, "example-platform-daily");
  });

  it("uses an external ClickHouse instead of a host of its own where the stack file names one", async () => {
    const external = await build({ "cline:observability": { clickHouseUrl: "https://clickhouse.example.com:8443" } });
    assert.equal(of(external, "aws:ebs/volume:Volume").length, 0);
    assert.equal(of(external, "aws:ec2/instance:Instance").length, 1, "the access node");
  });

  it("opens one fixed port to people", () => {
    const [document] = of(resources, "aws:ssm/document:Document");
    const content = JSON.parse(document!.inputs.content as string) as {
      sessionType: string;
      properties: Record<string, string>;
    };
    assert.equal(content.sessionType, "Port");
    assert.equal(content.properties.portNumber, "3000");
    assert.equal(content.properties.host, undefined, "the node itself, which alone opens TLS to Langfuse");
  });

  it("reads every document in preview, and opens nothing to the world", () => {
    for (const { name, type, inputs } of resources) {
      for (const key of ["policy", "assumeRolePolicy"] as const) {
        if (inputs[key] !== undefined && type.startsWith("aws:"))
          assert.ok(!JSON.stringify(inputs[key]).includes("[unknown]"), name);
      }
      assert.ok(!/0\.0\.0\.0\/0|::\/0/.test(JSON.stringify(inputs)), name);
    }
    for (const role of of(resources, "aws:iam/role:Role")) {
      assert.match(String(role.inputs.permissionsBoundary), /policy\/cline\/example-boundary-workload$/, role.name);
    }
  });

  it("serves a department that stands alone, without the account's singletons", async () => {
    const spec = departmentSpec({
      "aws:allowedAccountIds": ["444455556666"],
      "cline:network": { cidr: "10.80.0.0/20", zones: 2 },
      "cline:gateway": { minTasks: 2, maxTasks: 4 },
      "cline:observability": { logRetentionDays: 365 },
      "cline:images": { workspaceAmi: "ami-0123456789abcdef0" },
    });
    const alone = await build({}, spec);
    assert.equal(of(alone, "aws:cloudtrail/trail:Trail").length, 0);
    assert.equal(of(alone, "awsx:ecs:FargateService").length, 3);
  });
});
