import { BatchGetBuildsCommand, CodeBuildClient, StartBuildCommand } from "@aws-sdk/client-codebuild";
import { setTimeout as sleep } from "node:timers/promises";
import { awsClient } from "../shared/aws";
import { log } from "../shared/log";
import { awaitBuild } from "./await-build";

/** What `up` sends. */
export interface Event {
  /** CodeBuild project. */
  readonly project: string;
  /** Hash of the inputs: CodeBuild starts one build for it, however often Lambda retries. */
  readonly inputs: string;
}

const codeBuild = awsClient(new CodeBuildClient({}));

/** Runs the copying build and waits for its end. */
export async function handler({ project, inputs }: Event): Promise<{ readonly build: string }> {
  const { build } = await codeBuild.send(new StartBuildCommand({ projectName: project, idempotencyToken: inputs }));
  const id = build?.id ?? "";
  log("build started", { build: id });
  await awaitBuild(
    async () => {
      const { builds } = await codeBuild.send(new BatchGetBuildsCommand({ ids: [id] }));
      const phase = builds?.[0]?.phases?.find(({ phaseStatus }) => phaseStatus === "FAILED");
      return { status: builds?.[0]?.buildStatus, why: phase?.contexts?.[0]?.message };
    },
    () => sleep(5_000),
  );
  return { build: id };
}
