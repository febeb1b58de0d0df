import * as pulumi from "@pulumi/pulumi";
import type { ScheduledFunction } from "../actions/function-plan";
import type { AccessFacts, KeyFacts, NetworkFacts, ObservabilityFacts } from "../facts";
import type { StackContext } from "../kit";
import { FunctionSchedule, LambdaFunction } from "../lambda";
import { intervalMinutes } from "./functions";
import { dailySnapshots } from "./snapshots";

/** Arguments of {@link WorkspaceOperations}. */
export interface WorkspaceOperationsArgs {
  readonly context: StackContext;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
  readonly observability: Pick<ObservabilityFacts, "alarmTopicArn">;
  /** The function that stops idle workspaces. */
  readonly idleStop: ScheduledFunction;
}

/**
 * Shared operations of a network's workspaces: the function that stops idle ones and starts those
 * whose working time begins, and daily snapshots of the homes.
 *
 * Cost: snapshots, $.05 a GB-month of changes; the function's runs are cents.
 */
export class WorkspaceOperations extends pulumi.ComponentResource {
  constructor(name: string, args: WorkspaceOperationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:workspace:WorkspaceOperations", name, {}, opts);
    const { context, network, keys, access, observability, idleStop } = args;
    const child = { parent: this };

    const { arn } = new LambdaFunction(
      `${name}-idle-stop`,
      {
        context,
        ...idleStop,
        access,
        keys,
        network,
        environment: {
          ORGANIZATION: context.organization,
          TIME_ZONE: context.timeZone,
          INTERVAL_MINUTES: String(intervalMinutes),
        },
        alarmTopicArn: observability.alarmTopicArn,
      },
      child,
    );
    new FunctionSchedule(
      `${name}-idle-stop`,
      { context, purpose: idleStop.purpose, ...idleStop.schedule, functionArn: arn, access, keys },
      child,
    );
    dailySnapshots(`${name}-snapshots`, { context, access }, child);
    this.registerOutputs({});
  }
}
