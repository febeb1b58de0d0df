import assert from "node:assert/strict";
import { PrivateNetwork } from "../../../components/network";
import { planDomains } from "../../../components/network/domains";
import { planEndpoints } from "../../../components/network/endpoints";
import { networkScope, privateNetworkArgs } from "../../../compose";
import { runInProcess, type DocumentResource } from "../../../offline/in-process";
import type { StackSpec } from "../../../config";
import { accessFacts, keyFacts } from "../../support/facts";
import { listed, ofType, one, statementsOf } from "../../support/resources";
import { departmentSpec, platformSpec, type Config } from "../../support/specs";

async function made(spec: StackSpec): Promise<readonly DocumentResource[]> {
  const { resources } = await runInProcess(
    () => {
      new PrivateNetwork("network", {
        ...privateNetworkArgs(spec, spec.network!),
        keys: keyFacts(),
        access: accessFacts(),
      });
    },
    { stack: spec.stack, preview: false },
  );
  return resources;
}

/** A department with a network of its own and the platform's gateway. */
const alone = (): StackSpec => departmentSpec({ "cline:network": { cidr: "10.65.0.0/20", zones: 2 } });

describe("PrivateNetwork", () => {
  it("makes no gateway, no address and no route but the VPC's own", async () => {
    const resources = await made(platformSpec());
    assert.ok(
      !resources.some(({ type }) => /InternetGateway|NatGateway|Eip\b|Peering|VpnGateway|TransitGateway/i.test(type)),
    );
    assert.deepEqual(ofType(resources, "Route"), []);
    assert.equal(one(resources, "RouteTable").inputs["routes"], undefined);
    for (const subnet of ofType(resources, "Subnet")) {
      assert.equal(subnet.inputs["mapPublicIpOnLaunch"], false);
      assert.equal(subnet.inputs["ipv6CidrBlock"], undefined);
    }
  });

  it("makes one endpoint for each source of its departments, by its private names where it has some", async () => {
    const partner = "com.amazonaws.vpce.ap-northeast-1.vpce-svc-0a1b2c3d4e5f60718";
    const nameless = "com.amazonaws.vpce.ap-northeast-1.vpce-svc-0a1b2c3d4e5f60719";
    const spec = departmentSpec({
      "cline:network": { cidr: "10.65.0.0/20", zones: 2 },
      "cline:department": {
        workspace: { sources: ["codecommit", partner] },
        developers: { tanaka: { workspace: { sources: [partner, nameless] } } },
        sourceHosts: { [partner]: ["git.example.com"] },
      },
    });
    const endpoints = ofType(await made(spec), "VpcEndpoint")
      .filter(({ name }) => name.startsWith("network-sources-"))
      .map(({ inputs }) => [inputs["serviceName"], inputs["privateDnsEnabled"], inputs["policy"] !== undefined])
      .sort();
    assert.deepEqual(endpoints, [
      ["com.amazonaws.ap-northeast-1.codecommit", true, true],
      ["com.amazonaws.ap-northeast-1.git-codecommit", true, true],
      [partner, true, false],
      [nameless, false, false],
    ]);
    assert.ok(planDomains(networkScope(spec)).includes("git.example.com"));
    assert.ok(!planDomains(networkScope(alone())).some((domain) => domain.includes("codecommit")));
  });

  it("empties what AWS makes with a VPC", async () => {
    const resources = await made(platformSpec());
    for (const type of ["DefaultSecurityGroup", "DefaultNetworkAcl"]) {
      const { inputs } = one(resources, type);
      assert.deepEqual([inputs["ingress"], inputs["egress"]], [[], []]);
    }
    assert.deepEqual(one(resources, "DefaultRouteTable").inputs["routes"], []);
  });

  it("associates every subnet with the isolated routes and the ACL", async () => {
    const resources = await made(platformSpec({ "cline:network": { zones: 3 } }));
    const subnets = ofType(resources, "Subnet").map(({ id }) => id);
    assert.equal(subnets.length, 3);
    assert.deepEqual(
      ofType(resources, "RouteTableAssociation").map(({ inputs }) => inputs["subnetId"]),
      subnets,
    );
    assert.deepEqual(one(resources, "NetworkAcl").inputs["subnetIds"], subnets);
  });

  it("lets a subnet's ACL pass HTTPS out and its answers in, nothing else from outside", async () => {
    const { inputs } = one(await made(platformSpec()), "NetworkAcl");
    const outside = (rules: unknown) =>
      (rules as Record<string, unknown>[])
        .filter((rule) => rule["cidrBlock"] !== "10.64.0.0/16")
        .map((rule) => [rule["protocol"], rule["fromPort"], rule["toPort"]]);
    assert.deepEqual(outside(inputs["egress"]), [["tcp", 443, 443]]);
    // Every ephemeral port that a function in a VPC may use, but Remote Desktop's.
    assert.deepEqual(outside(inputs["ingress"]), [
      ["tcp", 1024, 3388],
      ["tcp", 3390, 65535],
    ]);
  });

  it("gives every interface endpoint all zones, private DNS, the one group and a policy that names whom it serves", async () => {
    const resources = await made(platformSpec());
    const group = one(resources, "SecurityGroup").id;
    const subnets = ofType(resources, "Subnet").map(({ id }) => id);
    const endpoints = ofType(resources, "VpcEndpoint");
    assert.ok(endpoints.length > 10);
    for (const { name, inputs } of endpoints) {
      for (const { Sid, Effect, Action, Condition } of statementsOf(inputs["policy"])) {
        assert.equal(Effect, "Allow");
        assert.ok(
          listed(Action).every((action) => !action.includes("*")),
          `${name} ${Sid}`,
        );
        if (Sid === "PackagesLayersAgent") continue;
        if (name.endsWith("bedrock-runtime")) continue;
        assert.equal(Condition?.["StringEquals"]?.["aws:PrincipalAccount"], "111122223333", `${name} ${Sid}`);
        assert.equal(Condition["ArnLike"]?.["aws:PrincipalArn"], "arn:aws:iam::*:role/cline/example-*", name);
      }
      if (inputs["vpcEndpointType"] === "Gateway") {
        assert.deepEqual(inputs["routeTableIds"], [one(resources, "RouteTable").id]);
        continue;
      }
      assert.equal(inputs["privateDnsEnabled"], true, name);
      assert.deepEqual(inputs["securityGroupIds"], [group], name);
      assert.deepEqual(inputs["subnetIds"], subnets, name);
    }
    const rule = one(resources, "SecurityGroupIngressRule").inputs;
    assert.deepEqual(
      [rule["cidrIpv4"], rule["ipProtocol"], rule["fromPort"], rule["toPort"]],
      ["10.64.0.0/16", "tcp", 443, 443],
    );
    assert.deepEqual(ofType(resources, "SecurityGroupEgressRule"), []);
  });

  it("reads S3 without a condition on exactly AWS's three buckets", () => {
    const s3 = planEndpoints(networkScope(platformSpec())).find(({ service }) => service === "s3")!;
    const open = statementsOf(s3.policy).filter(({ Condition }) => Condition === undefined);
    assert.deepEqual(
      open.map(({ Action, Resource }) => [Action, Resource]),
      [
        [
          "s3:GetObject",
          [
            "arn:aws:s3:::al2023-repos-ap-northeast-1-de612dc2/*",
            "arn:aws:s3:::prod-ap-northeast-1-starport-layer-bucket/*",
            "arn:aws:s3:::amazon-ssm-ap-northeast-1/*",
          ],
        ],
      ],
    );
  });

  it("opens the model endpoint to the gateway's role and the catalogue's models inside the residency", () => {
    const models = planEndpoints(networkScope(platformSpec())).find(({ service }) => service === "bedrock-runtime")!;
    for (const { Condition, Resource } of statementsOf(models.policy)) {
      assert.deepEqual(Condition?.["ArnEquals"], {
        "aws:PrincipalArn": ["arn:aws:iam::111122223333:role/cline/example-platform-gateway-task"],
      });
      for (const arn of listed(Resource)) assert.match(arn, /^arn:aws:bedrock:ap-northeast-[13]:/);
    }
  });

  it("leaves out what only a gateway's and Langfuse's functions call where neither is the stack's own", () => {
    const services = planEndpoints(networkScope(alone())).map(({ service }) => service);
    assert.deepEqual(
      planEndpoints(networkScope(platformSpec()))
        .map(({ service }) => service)
        .filter((service) => !services.includes(service)),
      ["bedrock", "ecs"],
    );
  });

  it("admits no role of another stack to models, so nobody where the stack has no gateway", () => {
    const models = planEndpoints(networkScope(alone())).find(({ service }) => service === "bedrock-runtime")!;
    for (const { Condition } of statementsOf(models.policy)) {
      assert.deepEqual(Condition?.["ArnEquals"], {
        "aws:PrincipalArn": ["arn:aws:iam::111122223333:role/cline/example-engineering-gateway-task"],
      });
    }
  });

  it("filters names: the planned list passes, everything else does not resolve, failures included", async () => {
    const resources = await made(platformSpec());
    const lists = new Map(
      ofType(resources, "ResolverFirewallDomainList").map(({ id, inputs }) => [id, inputs["domains"]]),
    );
    const rules = ofType(resources, "ResolverFirewallRule")
      .map(({ inputs }) => inputs)
      .sort((a, b) => Number(a["priority"]) - Number(b["priority"]));
    assert.deepEqual(
      rules.map((rule) => [rule["action"], lists.get(rule["firewallDomainListId"] as string)]),
      [
        ["ALLOW", planDomains(networkScope(platformSpec()))],
        ["BLOCK", ["*"]],
      ],
    );
    assert.equal(rules[0]!["firewallDomainRedirectionAction"], "TRUST_REDIRECTION_DOMAIN");
    const vpc = one(resources, "Vpc").id;
    assert.deepEqual(
      [
        one(resources, "ResolverFirewallConfig").inputs["firewallFailOpen"],
        one(resources, "ResolverFirewallConfig").inputs["resourceId"],
      ],
      ["DISABLED", vpc],
    );
    assert.equal(one(resources, "ResolverFirewallRuleGroupAssociation").inputs["vpcId"], vpc);
    assert.equal(one(resources, "ResolverQueryLogConfigAssociation").inputs["resourceId"], vpc);
  });

  it("lets no name resolve whose answer comes from outside AWS and the company", () => {
    for (const platform of [{}, { domain: "cline.example.com" }] satisfies Config[]) {
      for (const domain of planDomains(networkScope(platformSpec({ "cline:platform": platform })))) {
        assert.match(
          domain,
          /(\.amazonaws\.com|^\*\.ap-northeast-1\.compute\.internal|^gateway\.platform\.(example\.cline\.internal|cline\.example\.com)|^\*\.traces\.platform\.example\.internal)$/,
        );
        assert.ok(!["*", "*.amazonaws.com", "*.com", "*.internal"].includes(domain));
      }
    }
  });

  it("keeps flow and query logs encrypted, for as long as data control says", async () => {
    const spec = platformSpec();
    const groups = ofType(await made(spec), "LogGroup");
    assert.deepEqual(groups.map(({ inputs }) => inputs["name"]).sort(), [
      "/cline/example/platform/dns-logs",
      "/cline/example/platform/flow-logs",
    ]);
    for (const { inputs } of groups) {
      assert.match(String(inputs["kmsKeyId"]), /^arn:aws:kms:/);
      assert.equal(inputs["retentionInDays"], spec.dataControl["flow-logs"].retentionDays);
    }
  });

  it("blocks public access for the whole account only where the account is the platform's alone", async () => {
    const shared = await made(platformSpec({ "cline:platform": { account: "shared" } }));
    const dedicated = await made(platformSpec({ "cline:platform": { account: "dedicated" } }));
    assert.deepEqual(ofType(shared, "VpcBlockPublicAccessOptions"), []);
    const options = one(dedicated, "VpcBlockPublicAccessOptions");
    assert.equal(options.inputs["internetGatewayBlockMode"], "block-bidirectional");
    assert.equal(options.options.retainOnDelete, true);
    assert.deepEqual(ofType(await made(alone()), "VpcBlockPublicAccessOptions"), []);
  });
});
