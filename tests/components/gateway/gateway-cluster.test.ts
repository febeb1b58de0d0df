import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { GatewayCluster } from "../../../components/gateway";
import { gatewayClusterArgs } from "../../../compose";
import { buildFunctions } from "../../../functions/build";
import { runInProcess, type DocumentResource } from "../../../offline/in-process";
import { listenerRoutes, type StackSpec } from "../../../config";
import { accessFacts, artifactFacts, keyFacts, networkFacts, observabilityFacts } from "../../support/facts";
import { listed, ofType, one, statementsOf } from "../../support/resources";
import { platformSpec } from "../../support/specs";

async function cluster(spec: StackSpec, preview = true) {
  buildFunctions(process.cwd());
  return runInProcess(
    () =>
      new GatewayCluster("gateway", {
        ...gatewayClusterArgs(spec, spec.gateway!),
        network: networkFacts(),
        keys: keyFacts(),
        access: accessFacts(),
        artifacts: artifactFacts(),
        observability: observabilityFacts(),
      }).facts,
    { stack: spec.stack, preview },
  );
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly user: string;
  readonly readonlyRootFilesystem: boolean;
  readonly privileged: boolean;
  readonly essential: boolean;
  readonly dependsOn?: readonly { containerName: string; condition: string }[];
  readonly linuxParameters: { capabilities: { drop: string[] } };
  readonly environment: readonly { name: string; value: string }[];
  readonly secrets: readonly { name: string; valueFrom: string }[];
  readonly logConfiguration: { options: Record<string, string> };
}
const containersOf = (resources: readonly DocumentResource[], name: string) =>
  JSON.parse(one(resources, "TaskDefinition", name).inputs["containerDefinitions"] as string) as Container[];

describe("GatewayCluster", () => {
  let resources: readonly DocumentResource[];
  let deployed: readonly DocumentResource[];
  before(async () => {
    ({ resources } = await cluster(platformSpec()));
    ({ resources: deployed } = await cluster(platformSpec(), false));
  });

  it("has tasks that a preview can read: by digest, hardened, without a credential in the environment", () => {
    for (const definition of ["gateway-litellm-task", "gateway-litellm-migration"]) {
      for (const container of containersOf(resources, definition)) {
        assert.match(
          container.image,
          /^111122223333\.dkr\.ecr\.ap-northeast-1\.amazonaws\.com\/cline\/example\/gateway@sha256:[0-9a-f]{64}$/,
        );
        assert.equal(container.readonlyRootFilesystem, true);
        assert.equal(container.privileged, false);
        // Root, without a capability, is whoever fills the volume: it belongs to root.
        assert.equal(container.user, container.name === "bootstrap" ? "0:0" : "65534:65534");
        assert.deepEqual(container.linuxParameters.capabilities.drop, ["ALL"]);
        for (const { name } of container.environment) assert.doesNotMatch(name, /PASSWORD|MASTER|SALT|DATABASE_URL/);
        for (const { valueFrom } of container.secrets) assert.equal(valueFrom, "[unknown]");
      }
    }
    const [bootstrap, litellm] = containersOf(resources, "gateway-litellm-task");
    assert.equal(bootstrap!.essential, false);
    assert.deepEqual(litellm!.dependsOn, [{ containerName: "bootstrap", condition: "SUCCESS" }]);
  });

  it("names files in S3 that are there, under their content's hash", () => {
    const [bootstrap] = containersOf(resources, "gateway-litellm-task");
    const value = (name: string) => bootstrap!.environment.find((variable) => variable.name === name)!.value;
    const keys = ofType(resources, "BucketObject").map(({ inputs }) => inputs["key"]);
    const files = Object.keys(JSON.parse(value("CONFIG_FILES")) as Record<string, string>);
    assert.ok(files.length > 3);
    for (const file of files) assert.ok(keys.includes(`${value("CONFIG_PREFIX")}/${file}`), file);
  });

  it("rolls when the configuration changes: another task definition, other objects", async () => {
    const { resources: other } = await cluster(
      platformSpec({ "cline:platform": { models: { light: "nova-2-lite" } } }),
    );
    const text = (all: readonly DocumentResource[]) =>
      one(all, "TaskDefinition", "litellm-task").inputs["containerDefinitions"];
    assert.notEqual(text(other), text(resources));
    const names = (all: readonly DocumentResource[]) =>
      ofType(all, "BucketObject").flatMap(({ name }) => (name.endsWith("config.yaml") ? name : []));
    assert.notDeepEqual(names(other), names(resources));
  });

  it("runs the service between floor and ceiling, private, with a deployment that rolls itself back", () => {
    const service = one(resources, "Service", "litellm").inputs;
    assert.equal(service["desiredCount"], 2);
    assert.equal(service["enableExecuteCommand"], false);
    assert.deepEqual(service["deploymentCircuitBreaker"], { enable: true, rollback: true });
    assert.equal((service["networkConfiguration"] as Record<string, unknown>)["assignPublicIp"], false);
    const target = one(resources, "Target", "scaling").inputs;
    assert.deepEqual([target["minCapacity"], target["maxCapacity"]], [2, 8]);
    assert.equal(ofType(resources, "Policy").filter(({ type }) => type.includes("appautoscaling")).length, 3);
  });

  it("migrates before the service rolls, after the database has its owner", () => {
    const service = one(deployed, "Service", "litellm");
    const dependencies = service.dependencies.join();
    assert.match(dependencies, /gateway-litellm-migrated/);
    const migrated = one(deployed, "Invocation", "litellm-migrated");
    assert.match(migrated.dependencies.join(), /gateway-database-ready/);
  });

  it("lets its tasks invoke tagged profiles and the models behind them, in this network, and nothing else of Bedrock", () => {
    const statements = statementsOf(one(resources, "RolePolicy", "gateway-task").inputs["policy"]);
    const invoking = statements.filter(({ Action }) => listed(Action).some((action) => action.startsWith("bedrock:")));
    for (const { Sid, Effect, Action, Condition } of invoking) {
      assert.deepEqual(Action, ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"], Sid);
      if (Effect === "Allow") assert.deepEqual(Condition?.["IpAddress"], { "aws:VpcSourceIp": ["10.64.0.0/16"] }, Sid);
    }
    const profiles = invoking.find(({ Sid }) => Sid === "InvokeDepartmentProfiles")!;
    assert.match(String(profiles.Resource), /:application-inference-profile\/\*$/);
    assert.equal(profiles.Condition?.["StringLike"]?.["aws:ResourceTag/Department"], "?*");
    const behind = invoking.find(({ Sid }) => Sid === "ModelsBehindProfiles")!;
    assert.match(
      String(behind.Condition?.["ArnLike"]?.["bedrock:InferenceProfileArn"]),
      /^arn:aws:bedrock:.*:application-inference-profile\/\*$/,
    );
    const denied = invoking.find(({ Effect }) => Effect === "Deny")!;
    assert.deepEqual(denied.Condition, { Null: { "bedrock:InferenceProfileArn": "true" } });
  });

  it("admits nothing by address but HTTPS from its own network", () => {
    const byAddress = ofType(resources, "SecurityGroupIngressRule").filter(
      ({ inputs }) => "cidrIpv4" in inputs || "cidrIpv6" in inputs,
    );
    assert.deepEqual(
      byAddress.map(({ name, inputs }) => [name, inputs["cidrIpv4"], inputs["fromPort"], inputs["toPort"]]),
      [["gateway-load-balancer-from-network", "10.64.0.0/16", 443, 443]],
    );
    for (const rule of ofType(resources, "SecurityGroupEgressRule")) {
      assert.equal("cidrIpv4" in rule.inputs || "cidrIpv6" in rule.inputs, false, rule.name);
    }
  });

  it("forwards each route of its callers by a rule of its own, and answers 404 to everything else", () => {
    const rules = ofType(deployed, "ListenerRule");
    assert.deepEqual(rules.length, listenerRoutes("api", []).length + listenerRoutes("management", []).length);
    for (const [listener, name, port, taskPort] of [
      ["api", "gateway-load-balancer-https", 443, 4000],
      ["management", "gateway-load-balancer-management", 8443, 4001],
    ] as const) {
      const { id, inputs } = one(deployed, "Listener", name);
      const [targets] = ofType(deployed, "TargetGroup").filter((group) => group.inputs["port"] === taskPort);
      const [action] = inputs["defaultActions"] as { type: string; fixedResponse: { statusCode: string } }[];
      assert.deepEqual(
        [inputs["port"], inputs["protocol"], action!.type, action!.fixedResponse.statusCode],
        [port, "HTTPS", "fixed-response", "404"],
      );
      const own = rules.filter((rule) => rule.inputs["listenerArn"] === id);
      const forwarded = own.map((rule) => {
        assert.deepEqual(rule.inputs["actions"], [{ type: "forward", targetGroupArn: targets!.id }]);
        const [method, path] = rule.inputs["conditions"] as [
          { httpRequestMethod: { values: string[] } },
          { pathPattern: { values: string[] } },
        ];
        return `${method.httpRequestMethod.values.join()} ${path.pathPattern.values.join()}`;
      });
      assert.deepEqual(
        forwarded.sort(),
        listenerRoutes(listener, [])
          .map((route) => `${route.method} ${route.path.replaceAll(/\{\w+\}/g, "*")}`)
          .sort(),
      );
      assert.equal(
        forwarded.some((route) => route.includes("liveliness")),
        false,
      );
      const priorities = own.map((rule) => rule.inputs["priority"] as number);
      assert.equal(new Set(priorities).size, own.length, "two routes have one priority");
    }
  });

  it("forwards an extra's route by one rule more, and changes no other rule", async () => {
    const { resources: opened } = await cluster(platformSpec({ "cline:gateway": { extras: ["messages"] } }));
    const nameless = (all: readonly DocumentResource[]) =>
      ofType(all, "ListenerRule").map(({ name, inputs }) => `${name} ${JSON.stringify(inputs)}`);
    const added = nameless(opened).filter((rule) => !nameless(resources).includes(rule));
    assert.equal(added.length, 1, added.join("\n"));
    assert.match(added[0]!, /^gateway-load-balancer-https-post-v1-messages .*"\/v1\/messages"/);
    assert.equal(opened.length, resources.length + 1);
  });

  it("admits functions of one group to management, and the network to the API only", () => {
    const group = one(deployed, "SecurityGroup", "load-balancer-group").id;
    const members = one(deployed, "SecurityGroup", "load-balancer-management-group").id;
    const admitted = ofType(deployed, "SecurityGroupIngressRule")
      .filter(({ inputs }) => inputs["securityGroupId"] === group)
      .map(({ inputs }) => [
        inputs["fromPort"],
        inputs["toPort"],
        inputs["cidrIpv4"] ?? inputs["referencedSecurityGroupId"],
      ]);
    assert.deepEqual(admitted.sort(), [
      [443, 443, "10.64.0.0/16"],
      [8443, 8443, members],
    ]);
  });

  it("shows a generated password nowhere but where it is kept, and there as a secret", () => {
    for (const version of ofType(resources, "SecretVersion")) {
      assert.match(String(version.inputs["secretString"]), /^\[(secret|unknown)\]$/, version.name);
    }
    for (const version of ofType(deployed, "SecretVersion")) {
      assert.equal(version.inputs["secretString"], "[secret]", version.name);
    }
    assert.match(String(one(deployed, "ReplicationGroup").inputs["authToken"]), /^\[secret\]$/);
  });

  it("is a certificate of its own without a domain, and a public one with", async () => {
    assert.equal(ofType(resources, "Certificate").length, 0);
    const authority = one(resources, "Key", "certificate-authority").inputs;
    assert.equal(authority["keyUsage"], "SIGN_VERIFY");
    const signing = statementsOf(authority["policy"]).filter(({ Action }) => listed(Action).includes("kms:Sign"));
    assert.deepEqual(
      signing.map(({ Condition }) => Condition?.["ArnEquals"]?.["aws:PrincipalArn"]),
      ["arn:aws:iam::111122223333:role/cline/example-platform-certificate"],
    );
    const { resources: publicly } = await cluster(platformSpec({ "cline:platform": { domain: "example.com" } }));
    assert.equal(one(publicly, "Certificate").inputs["domainName"], "gateway.platform.example.com");
    assert.equal(ofType(publicly, "Key").length, 0);
  });

  it("alarms within a minute on the line that its hook writes when it does not reach the cache", () => {
    const filter = one(resources, "LogMetricFilter").inputs;
    const group = one(resources, "LogGroup", "gateway-litellm-logs").inputs;
    assert.equal(filter["logGroupName"], group["name"]);
    const written = readFileSync("components/gateway/hook/cline_gateway/outage.py", "utf8");
    assert.ok(written.includes(`log.error(${String(filter["pattern"]).slice(0, -1)} `), String(filter["pattern"]));
    const { namespace, name } = filter["metricTransformation"] as Record<string, unknown>;
    const alarm = one(resources, "MetricAlarm", "gateway-unqueued").inputs;
    assert.deepEqual([alarm["namespace"], alarm["metricName"]], [namespace, name]);
    assert.deepEqual([alarm["period"], alarm["evaluationPeriods"], alarm["threshold"]], [60, 1, 0]);
    assert.equal((alarm["alarmActions"] as unknown[]).length, 1);
    assert.ok(alarm["tags"]);
  });

  it("offers an endpoint service only while a department of another network uses it", async () => {
    assert.equal(ofType(resources, "VpcEndpointService").length, 0);
    const { resources: joined } = await cluster({ ...platformSpec(), gatewayClients: ["design"] });
    const service = one(joined, "VpcEndpointService").inputs;
    assert.deepEqual(service["allowedPrincipals"], ["arn:aws:iam::111122223333:root"]);
    assert.equal(one(joined, "Listener", "tcp").inputs["tcpIdleTimeoutSeconds"], 6000);
    // Its check takes a way that the API's listener forwards, and knows a task by its refusal.
    const [link] = ofType(joined, "TargetGroup").filter(({ inputs }) => inputs["targetType"] === "alb");
    const { path, matcher } = link!.inputs["healthCheck"] as { path: string; matcher: string };
    assert.deepEqual([link!.inputs["port"], matcher], [443, "401"]);
    assert.ok(listenerRoutes("api", []).some((route) => route.method === "GET" && route.path === path));
  });
});
