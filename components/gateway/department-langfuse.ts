import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { leadsOf, type DepartmentSpec } from "../../config";
import { waitFor } from "../kit";
import { sha256 } from "./configuration";
import { LangfuseAccount, type LangfuseAccountArgs } from "./langfuse-account";

/** Arguments of {@link departmentLangfuse}. */
export interface DepartmentLangfuseArgs extends Omit<LangfuseAccountArgs, "person" | "startsAfter"> {
  readonly department: DepartmentSpec;
}

/**
 * A department's Langfuse project, and an account for the lead and each deputy, made by the function that holds Langfuse's own keys. One account
 * after the other: each starts a task, and a new account's quota of vCPU is small.
 */
export function departmentLangfuse(
  name: string,
  { department, ...args }: DepartmentLangfuseArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const { context, observability, keys } = args;
  const secretName = context.names.secret("langfuse");
  const secret = new aws.secretsmanager.Secret(
    name,
    {
      name: secretName,
      description: `Langfuse project of ${department.name}`,
      kmsKeyId: keys.secrets,
      recoveryWindowInDays: 0,
      tags: context.tags({ Purpose: "langfuse" }),
    },
    opts,
  );
  const wish = {
    action: "ensure",
    department: department.name,
    secretName,
    keepPromptText: department.keepPromptText,
  };
  const project: pulumi.Resource = new aws.lambda.Invocation(
    `${name}-project`,
    {
      functionName: observability.langfuseProvisionerArn,
      input: JSON.stringify(wish),
      triggers: { wish: sha256(JSON.stringify(wish)) },
    },
    // The project's task reads the secret with a role of its own.
    { ...opts, dependsOn: [secret, ...waitFor(keys)] },
  );
  leadsOf(department).reduce(
    (before, person) => new LangfuseAccount(`${name}-${person.id}`, { ...args, person, startsAfter: [before] }, opts),
    project,
  );
}
