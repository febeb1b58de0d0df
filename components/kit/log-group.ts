import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { DataPurpose } from "../../config";
import type { KeyFacts } from "../facts";
import type { StackContext } from "./context";

/** Arguments of {@link logGroup}. */
export interface LogGroupArgs {
  readonly context: StackContext;
  /** Physical name, from `context.names`. */
  readonly groupName: string;
  readonly keys: Pick<KeyFacts, "logs">;
  /** The row of the data-control table that sets its retention. */
  readonly retention: DataPurpose;
  readonly tags: Record<string, string>;
}

/**
 * A log group, encrypted with the stack's key for logs, with the retention of its row in the
 * data-control table. A kept one is taken over under its own key.
 */
export function logGroup(
  name: string,
  args: LogGroupArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup {
  const { names, kept } = args.context;
  const [, keptKey] =
    Object.entries(kept.logGroups).find(([purpose]) => names.logGroup(purpose) === args.groupName) ?? [];
  return new aws.cloudwatch.LogGroup(
    name,
    {
      name: args.groupName,
      kmsKeyId: keptKey ?? args.keys.logs,
      retentionInDays: args.context.retentionDays[args.retention],
      tags: args.tags,
    },
    { ...opts, ...(keptKey !== undefined && { import: args.groupName }) },
  );
}
