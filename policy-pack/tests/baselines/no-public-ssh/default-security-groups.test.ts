import assert from "node:assert/strict";
import { netDefaultSgClosed } from "../../../src/baselines/no-public-ssh/net-default-sg-closed";
import { netDefaultSgTaken } from "../../../src/baselines/no-public-ssh/net-default-sg-taken";
import { remediated } from "../../../src/frame/judge";
import { cases, resource, UNKNOWN, type Inputs } from "../../support";
import { RULE, open, ssh } from "./shapes";

const VPC = "aws:ec2/vpc:Vpc";
const DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";

describe("no public SSH: default security groups", () => {
  cases(netDefaultSgClosed, {
    type: DEFAULT,
    passes: { "no rules": { vpcId: "vpc-1" }, "empty rules": { ingress: [], egress: [] } },
    fails: { "an ingress rule": { ingress: [ssh()] }, "an egress rule": { egress: [open()] } },
    unknown: { "rules that are not known": { ingress: UNKNOWN } },
    both: { "egress beside ingress that is not known": { ingress: UNKNOWN, egress: [open()] } },
  });
  cases(netDefaultSgTaken, {
    passes: {
      "a VPC whose group is taken over": [
        resource(VPC, { id: "vpc-1" }),
        resource(DEFAULT, { vpcId: "vpc-1" }, "closed"),
      ],
      "two VPCs whose groups are taken over": ["vpc-1", "vpc-2"].flatMap((id) => [
        resource(VPC, { id }, id),
        resource(DEFAULT, { vpcId: id }, `closed-${id}`),
      ]),
    },
    fails: {
      "a VPC whose group is left alone": [resource(VPC, { id: "vpc-1" })],
      "a VPC beside one that is in order": [
        resource(VPC, { id: "vpc-1" }),
        resource(VPC, { id: "vpc-2" }, "other"),
        resource(DEFAULT, { vpcId: "vpc-1" }, "closed"),
      ],
      "rules stated apart": [
        resource(VPC, { id: "vpc-1" }),
        resource(DEFAULT, { vpcId: "vpc-1", id: "sg-1" }, "taken"),
        resource(RULE, { securityGroupId: "sg-1", type: "ingress" }, "rule"),
      ],
      "rules stated inline": [
        resource(VPC, { id: "vpc-1" }),
        resource(DEFAULT, { vpcId: "vpc-1", egress: [open()] }, "taken"),
      ],
    },
    unknown: {
      "a group of a VPC that is not known": [resource(VPC, {}), resource(DEFAULT, { vpcId: UNKNOWN }, "closed")],
    },
  });
  it("net-default-sg-closed empties the rules where asked to", () => {
    const inputs: Inputs = { ingress: [open()], vpcId: "vpc-1" };
    assert.equal(remediated(netDefaultSgClosed, inputs, DEFAULT), true);
    assert.deepEqual(inputs, { ingress: [], vpcId: "vpc-1" });
    assert.equal(remediated(netDefaultSgClosed, {}, DEFAULT), false);
  });
});
