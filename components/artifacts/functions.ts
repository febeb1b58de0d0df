import type { FunctionPlan } from "../actions/function-plan";
import type { StackContext } from "../kit";
import { allow } from "../policy-document";

/**
 * Runs the copying build. The build and the function run outside every VPC: CodeBuild has no
 * endpoint in it.
 */
export const artifactMirror = ({ arns, names }: StackContext): FunctionPlan => ({
  purpose: "artifact-mirror",
  description: "Starts the copying build and waits for it",
  place: "outside",
  timeout: 900,
  statements: [
    allow("RunBuild", {
      Action: ["codebuild:StartBuild", "codebuild:BatchGetBuilds"],
      Resource: arns.build(names.build("artifact-builder")),
    }),
  ],
});

/** All functions of the artifact store. */
export const artifactFunctions = [artifactMirror] as const;
