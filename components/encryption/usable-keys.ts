import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { KeyFacts, KeyProbeFacts } from "../facts";

/** Arguments of {@link UsableKeys}. */
export interface UsableKeysArgs {
  readonly keys: KeyFacts;
  readonly probe: KeyProbeFacts;
}

/**
 * A stack's keys, with the wait for them: tasks, instances and builds whose roles use a key by its
 * alias start after it.
 */
export class UsableKeys extends pulumi.ComponentResource {
  readonly facts: KeyFacts;

  constructor(name: string, { keys, probe }: UsableKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:encryption:UsableKeys", name, {}, opts);
    const { usable: _, ...arns } = keys;
    const wanted = pulumi.all(Object.values(arns));
    const usable = new aws.lambda.Invocation(
      `${name}-usable`,
      {
        functionName: probe.functionArn,
        input: pulumi.jsonStringify({ keys: wanted }),
        triggers: { keys: wanted.apply((all) => all.join(" ")) },
      },
      { parent: this },
    );
    // As a dependency, not through the outputs: they stay known while the wait is new in a preview.
    this.facts = { ...keys, usable };
    this.registerOutputs({});
  }
}
