import * as pulumi from "@pulumi/pulumi";
import type { AccessFacts, KeyFacts, KeyProbeFacts, NetworkFacts } from "../facts";
import type { StackContext } from "../kit";
import { LambdaFunction } from "../lambda";
import { keyProbe } from "./functions";

/** Arguments of {@link KeyProbe}. */
export interface KeyProbeArgs {
  readonly context: StackContext;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
}

/**
 * The account's function that waits until keys can be used by their aliases: for its own stack, and
 * for every stack that shares its foundation.
 *
 * Cost: its runs, seconds to minutes in the first `up` of a stack.
 */
export class KeyProbe extends pulumi.ComponentResource {
  readonly facts: KeyProbeFacts;

  constructor(name: string, args: KeyProbeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:encryption:KeyProbe", name, {}, opts);
    // Without alarms: the topic does not exist yet, and `up` shows its failure.
    const { arn } = new LambdaFunction(`${name}-wait`, { ...args, ...keyProbe(args.context) }, { parent: this });
    this.facts = { functionArn: arn };
    this.registerOutputs({ ...this.facts });
  }
}
