import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { LeadSpec } from "../../config";
import { personKey, type MfaSettings } from "../access/human-trust";
import type { KeyFacts, ObservabilityFacts } from "../facts";
import { waitFor, type StackContext } from "../kit";
import { initExecutionPurpose } from "../observability/functions";
import { closedPolicy } from "../secret";
import { sha256 } from "./configuration";

/** Arguments of {@link LangfuseAccount}. */
export interface LangfuseAccountArgs {
  /** The department's stack. */
  readonly context: StackContext;
  /** The stack with the department's Langfuse. */
  readonly tracesContext: StackContext;
  readonly mfaMode: MfaSettings["mfaMode"];
  readonly person: LeadSpec;
  readonly observability: Pick<ObservabilityFacts, "langfuseProvisionerArn">;
  readonly keys: Pick<KeyFacts, "secrets" | "usable">;
  /** Made first: the department's project, and the account before this one. */
  readonly startsAfter: readonly pulumi.Resource[];
}

/**
 * A lead's or deputy's account at Langfuse, an owner of the department's organization, and an empty secret into which the provisioner writes
 * user and password. Pulumi never sees them. Only a session of that person reads the secret, beside what makes the account.
 *
 * Cost: $.40 a month.
 */
export class LangfuseAccount extends pulumi.ComponentResource {
  constructor(name: string, args: LangfuseAccountArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:gateway:LangfuseAccount", name, {}, opts);
    const { context, person, observability, keys, startsAfter } = args;
    const secretName = context.names.langfuseAccount(person.id);
    const secret = new aws.secretsmanager.Secret(
      `${name}-secret`,
      {
        name: secretName,
        description: `Langfuse account of ${person.id}`,
        kmsKeyId: keys.secrets,
        policy: langfuseAccountPolicy(args),
        // The name is free at once for a person who comes back, with another account.
        recoveryWindowInDays: 0,
        tags: context.tags({ Owner: person.signIn, Purpose: "langfuse-account" }),
      },
      { parent: this },
    );
    const input = JSON.stringify({ action: "account", department: context.stack, person: person.id, secretName });
    new aws.lambda.Invocation(
      `${name}-made`,
      { functionName: observability.langfuseProvisionerArn, input, triggers: { wish: sha256(input) } },
      { parent: this, dependsOn: [secret, ...startsAfter, ...waitFor(keys)] },
    );
    this.registerOutputs({});
  }
}

/** The secret's own policy: the person by the name that the session carries, in whatever role, and what makes the account. */
export function langfuseAccountPolicy({
  context,
  tracesContext,
  mfaMode,
  person,
}: Pick<LangfuseAccountArgs, "context" | "tracesContext" | "mfaMode" | "person">): string {
  const [provisioner, initTask] = ["langfuse-provisioner", initExecutionPurpose].map((purpose) =>
    context.arns.role(tracesContext.names.role(purpose)),
  ) as [string, string];
  return closedPolicy(context, {
    readersSid: "OnlyOwnerAndProvisioner",
    exceptReaders: {
      ArnNotEquals: { "aws:PrincipalArn": [provisioner, initTask] },
      StringNotEquals: { [personKey({ mfaMode })]: person.signIn },
    },
    writersSid: "OnlyProvisionerWrites",
    writers: [provisioner],
  });
}
