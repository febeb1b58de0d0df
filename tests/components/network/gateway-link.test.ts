import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { contextOf } from "../../../components/context-of";
import { GatewayLink } from "../../../components/network";
import { runInProcess, type DocumentResource } from "../../../offline/in-process";
import { gatewayFacts, networkFacts } from "../../support/facts";
import { one } from "../../support/resources";
import { departmentSpec } from "../../support/specs";

async function linked(service: string | undefined): Promise<readonly DocumentResource[]> {
  const spec = departmentSpec({ "cline:network": { cidr: "10.65.0.0/20", zones: 2 } });
  const { resources } = await runInProcess(
    () => {
      const gateway = { ...gatewayFacts(), endpointServiceName: pulumi.output<string | undefined>(service) };
      new GatewayLink("gateway-link", {
        context: contextOf(spec),
        gatewayStack: "platform",
        network: networkFacts(),
        gateway,
      });
    },
    { stack: "engineering", preview: false },
  );
  return resources;
}

describe("GatewayLink", () => {
  it("reaches the gateway by its own name through one endpoint", async () => {
    const resources = await linked("com.amazonaws.vpce.ap-northeast-1.vpce-svc-0123456789abcdef0");
    const endpoint = one(resources, "VpcEndpoint");
    assert.equal(endpoint.inputs["serviceName"], "com.amazonaws.vpce.ap-northeast-1.vpce-svc-0123456789abcdef0");
    assert.deepEqual(endpoint.inputs["securityGroupIds"], ["sg-0a1b2c3d4e5f60701"]);
    const record = one(resources, "Record").inputs;
    assert.equal(record["name"], "gateway.cline.internal");
    const [alias] = record["aliases"] as { name: string }[];
    assert.ok(alias!.name.startsWith(endpoint.id), alias!.name);
    assert.deepEqual(one(resources, "Zone").inputs["vpcs"], [{ vpcId: "vpc-0a1b2c3d4e5f60718" }]);
  });

  it("says what to do while the gateway has no endpoint service", async () => {
    await assert.rejects(linked(undefined), /run platform first: pulumi up --stack platform/);
  });
});
