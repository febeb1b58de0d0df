import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bench } from "./support/hooks";
import { succeeded } from "./support/expect";
import { judged } from "./support/policy";
import { fromPreview } from "./support/state";
import { root } from "./support/workbench";

/** The pack on the engine over a program that is not ours: any AWS stack may be judged with it. */
describe("the policy pack on somebody else's program", () => {
  let project: string;
  const subnet = "urn:pulumi:judged::mini::aws:ec2/subnet:Subnet::subnet";
  const pack = ["--policy-pack", path.join(root, "policy-pack")];
  const withConfig = (config: Readonly<Record<string, string>>): string[] => {
    const file = bench().at("pack-config.json");
    writeFileSync(file, JSON.stringify(config));
    return [...pack, "--policy-pack-config", file];
  };

  before(async () => {
    project = bench().copyProject("mini-judged", path.join(__dirname, "fixture"));
    const file = path.join(project, "index.ts");
    const text = readFileSync(file, "utf8");
    assert.ok(text.includes("vpcId: vpc.id,"));
    writeFileSync(file, text.replace("vpcId: vpc.id,", "vpcId: vpc.id, mapPublicIpOnLaunch: true,"));
    succeeded(await bench().pulumi(project, ["stack", "init", "judged"]));
    succeeded(await bench().pulumi(project, ["config", "set", "aws:region", "eu-west-1"]));
  });

  it("stops an up with a mandatory violation", async () => {
    const { code, stdout, findings } = await judged(bench(), project, ["up", "--yes", ...pack]);
    assert.notEqual(code, 0);
    assert.match(stdout, /mandatory/);
    const found = findings.find(
      ({ policyName, resourceUrn }) => policyName === "net-subnet-no-public-ip" && resourceUrn === subnet,
    );
    assert.equal(found?.enforcementLevel, "mandatory");
    assert.deepEqual(
      bench()
        .cloud.all()
        .filter(({ urn }) => urn.startsWith("urn:pulumi:judged::")),
      [],
    );
  });

  it("changes the input where a policy is set to remediate", async () => {
    const asked = withConfig({ all: "advisory", "net-subnet-no-public-ip": "remediate" });
    const { remediations } = succeeded(await judged(bench(), project, ["preview", ...asked]));
    assert.deepEqual(
      remediations.map(({ policyName, resourceUrn }) => [policyName, resourceUrn]),
      [["net-subnet-no-public-ip", subnet]],
    );
    const { stdout } = succeeded(await bench().pulumi(project, ["preview", "--json", ...asked]));
    const made = fromPreview(stdout, project).find(({ urn }) => urn === subnet);
    assert.equal(made?.inputs["mapPublicIpOnLaunch"], false);
  });

  it("refuses a configuration that names a policy it does not have", async () => {
    const { code, stdout, stderr } = await bench().pulumi(project, [
      "preview",
      ...withConfig({ "net-subnet-no-public-ipp": "advisory" }),
    ]);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /net-subnet-no-public-ipp/);
  });
});
