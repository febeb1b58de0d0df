import { arns, names, type StackSpec } from "../../config";
import type { FunctionPlan } from "../actions/function-plan";
import { allow } from "../policy-document";

/** Name of the CodeBuild project that copies images and files. */
export const builderProject = (spec: StackSpec): string =>
  names(spec.platform.organization).lambda(spec.stack, "artifact-builder");

/** Runs the copying build, which works outside every VPC, too. */
export const artifactMirror = (spec: StackSpec): FunctionPlan => ({
  purpose: "artifact-mirror",
  description: "Starts the copying build and waits for it",
  place: "outside",
  timeout: 900,
  statements: [
    allow("RunBuild", {
      Action: ["codebuild:StartBuild", "codebuild:BatchGetBuilds"],
      Resource: arns(spec).regional("codebuild", `project/${builderProject(spec)}`),
    }),
  ],
});

/** All functions of the artifact store. */
export const artifactFunctions = [artifactMirror] as const;
