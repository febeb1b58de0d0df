import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { tags, type StackSpec } from "../../config";
import type { NetworkFacts } from "../facts";

/** Arguments of {@link HostGroup}. */
export interface HostGroupArgs {
  readonly spec: StackSpec;
  readonly purpose: string;
  readonly network: NetworkFacts;
}

/** Security group of a task or host that calls AWS through the endpoints: 443 to them and to S3, nothing in. */
export class HostGroup extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly #args: HostGroupArgs;
  readonly #name: string;

  constructor(name: string, args: HostGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:HostGroup", name, {}, opts);
    const { spec, purpose, network } = args;
    this.#args = args;
    this.#name = name;
    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      {
        description: `Traces: ${purpose}`,
        vpcId: network.vpcId,
        revokeRulesOnDelete: true,
        tags: tags(spec, { Purpose: purpose }),
      },
      { parent: this },
    );
    this.id = group.id;
    this.reach("endpoints", 443, { referencedSecurityGroupId: network.endpointSecurityGroupId });
    this.reach("s3", 443, { prefixListId: network.s3PrefixListId });
    this.registerOutputs({ id: this.id });
  }

  /** Lets it open connections to something on one port. */
  reach(noun: string, port: number, target: Partial<aws.vpc.SecurityGroupEgressRuleArgs>): void {
    new aws.vpc.SecurityGroupEgressRule(`${this.#name}-to-${noun}`, this.#rule(`to ${noun}`, port, target), {
      parent: this,
    });
  }

  /** Lets another group open connections to it on one port. */
  admit(noun: string, port: number, source: pulumi.Input<string>): void {
    new aws.vpc.SecurityGroupIngressRule(
      `${this.#name}-from-${noun}`,
      this.#rule(`from ${noun}`, port, { referencedSecurityGroupId: source }),
      { parent: this },
    );
  }

  #rule(what: string, port: number, target: Partial<aws.vpc.SecurityGroupEgressRuleArgs>) {
    const { spec, purpose } = this.#args;
    return {
      securityGroupId: this.id,
      description: `${purpose} ${what}`,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      ...target,
      tags: tags(spec, { Purpose: purpose }),
    };
  }
}
