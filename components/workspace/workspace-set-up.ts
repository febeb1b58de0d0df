import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PlatformSpec } from "../../config";
import type { ArtifactFacts, KeyFacts, ObservabilityFacts } from "../facts";
import { alarm, after, type StackContext } from "../kit";
import { agentKey, planAgentFiles } from "./agent";
import { setUp, setUpKey } from "./set-up";
import { workspaceNamespace } from "./user-data";

/** Arguments of {@link WorkspaceSetUp}. */
export interface WorkspaceSetUpArgs {
  /** The department's stack. */
  readonly context: StackContext;
  readonly artifacts: Pick<ArtifactFacts, "bucket">;
  readonly keys: Pick<KeyFacts, "data">;
  /** What Cline may run and knows. */
  readonly agent: PlatformSpec["agent"];
  readonly observability: Pick<ObservabilityFacts, "alarmTopicArn">;
}

/** Minutes after which a running workspace that nobody can work in alarms; a first start takes about ten. */
const patience = 30;

/**
 * What the workspaces of a department share: their set-up, an object named by its content, and an
 * alarm while one of them runs and is not ready.
 *
 * Cost: $0.40 a month for metric and alarm.
 */
export class WorkspaceSetUp extends pulumi.ComponentResource {
  /** Key of the object; known when it is stored. */
  readonly key: pulumi.Output<string>;

  constructor(name: string, args: WorkspaceSetUpArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:workspace:WorkspaceSetUp", name, {}, opts);
    const { context, artifacts, keys, observability } = args;
    const { stack } = context;
    const tags = context.tags({ Purpose: "workspace-set-up" });
    const object = new aws.s3.BucketObject(
      // By content: the set-up of machines that still stand goes only after they are replaced.
      `${name}-${setUp.sha256.slice(0, 12)}`,
      {
        bucket: artifacts.bucket,
        key: setUpKey(stack),
        content: setUp.content,
        contentType: "application/json",
        kmsKeyId: keys.data,
        tags,
      },
      { parent: this },
    );
    const told = planAgentFiles(args.agent).map(
      ({ name: file, content }) =>
        new aws.s3.BucketObject(
          `${name}-${file}`,
          { bucket: artifacts.bucket, key: agentKey(stack, file), content, kmsKeyId: keys.data, tags },
          { parent: this },
        ),
    );
    this.key = after(pulumi.output(setUpKey(stack)), [object, ...told]);
    alarm(
      `${name}-not-ready`,
      {
        alarmName: context.names.alarm("workspace-not-ready"),
        description: `A workspace of ${stack} runs and has not been ready for ${String(patience)} minutes`,
        runbook: "alarms-of-workspaces",
        audience: "infrastructure",
        namespace: workspaceNamespace,
        metricName: "WorkspaceReady",
        dimensions: { Department: stack },
        statistic: "Minimum",
        period: 300,
        evaluationPeriods: patience / 5,
        threshold: 1,
        comparisonOperator: "LessThanThreshold",
        // Stopped machines say nothing.
        treatMissingData: "notBreaching",
        topicArn: observability.alarmTopicArn,
        tags,
      },
      { parent: this },
    );
    this.registerOutputs({ key: this.key });
  }
}
