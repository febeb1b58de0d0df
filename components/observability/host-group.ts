import * as pulumi from "@pulumi/pulumi";
import type { NetworkFacts } from "../facts";
import { admit, awsServices, reach, securityGroup, type Reach, type Source, type StackContext } from "../kit";

/** Arguments of {@link HostGroup}. */
export interface HostGroupArgs {
  readonly context: StackContext;
  /** Tag, and first word of each rule's description, e.g. `langfuse`. */
  readonly purpose: string;
  readonly network: NetworkFacts;
}

/** Security group of a task or host that calls AWS through the endpoints: 443 to them and to S3, nothing in. */
export class HostGroup extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  /** Its rules so far: code in the group depends on them. */
  readonly rules: pulumi.Resource[] = [];
  readonly #name: string;
  readonly #label: string;
  readonly #tags: Record<string, string>;

  constructor(name: string, args: HostGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:HostGroup", name, {}, opts);
    const { context, purpose, network } = args;
    this.#name = name;
    this.#label = purpose;
    this.#tags = context.tags({ Purpose: purpose });
    const description = `Traces: ${purpose}`;
    this.id = securityGroup(`${name}-group`, { network, description, tags: this.#tags }, { parent: this }).id;
    this.reach(awsServices(network));
    this.registerOutputs({ id: this.id });
  }

  /** Lets it open connections, by a noun for each place. */
  reach(places: Readonly<Record<string, Reach>>): void {
    this.rules.push(...reach(this.#name, this.#of(), places, { parent: this }));
  }

  /** Lets others open connections to it, by a noun for each source. */
  admit(sources: Readonly<Record<string, Source>>): void {
    this.rules.push(...admit(this.#name, this.#of(), sources, { parent: this }));
  }

  #of() {
    return { securityGroupId: this.id, label: this.#label, tags: this.#tags };
  }
}
