import { arns, names, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import type { ScheduledFunction } from "../actions/function-plan";
import { useKey } from "../kit";
import { allow } from "../policy-document";

/** Purpose of the secret that holds the collector's configuration. */
export const configPurpose = "collector-config";

/** Port of Langfuse's web service. */
export const langfusePort = 3000;

/** Makes departments' Langfuse projects: their secrets and the collector's, and one-off tasks of Langfuse's own definition. */
export function langfuseProvisioner(spec: StackSpec): ScheduledFunction {
  const known = names(spec.platform.organization);
  const arn = arns(spec);
  const projects = arn.secret(known.secret("*", "langfuse"));
  const config = arn.secret(known.secret(spec.stack, configPurpose));
  const traces = known.lambda(spec.stack, "traces");
  const inCluster = { ArnEquals: { "ecs:cluster": arn.regional("ecs", `cluster/${traces}`) } };
  const initDefinition = arn.regional("ecs", `task-definition/${known.lambda(spec.stack, "langfuse")}-init:*`);
  return {
    purpose: "langfuse-provisioner",
    description: "Makes departments' Langfuse projects and the collector's routes",
    place: "network",
    connects: { langfuse: langfusePort },
    schedule: { expression: "rate(1 hour)", input: JSON.stringify({ action: "sync" }) },
    timeout: 900,
    // Two runs at a time could each write routes that lack the other's department.
    concurrency: 1,
    statements: [
      allow("FindProjects", { Action: "secretsmanager:ListSecrets", Resource: "*" }),
      allow("KeepProjectsAndRoutes", {
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
        Resource: [projects, config],
      }),
      useKey(contextOf(spec), { stack: "*", purpose: "secrets", via: "secretsmanager" }),
      allow("CopyDefinition", {
        Action: ["ecs:DescribeTaskDefinition", "ecs:DeregisterTaskDefinition"],
        Resource: "*",
      }),
      allow("RegisterInit", { Action: "ecs:RegisterTaskDefinition", Resource: initDefinition }),
      allow("RunInit", { Action: "ecs:RunTask", Resource: initDefinition, Condition: inCluster }),
      allow("StopInit", {
        Action: "ecs:StopTask",
        Resource: arn.regional("ecs", `task/${traces}/*`),
        Condition: inCluster,
      }),
      allow("PassRoles", {
        Action: "iam:PassRole",
        Resource: ["execution", "task"].map((kind) => arn.role(known.role(spec.stack, `langfuse-${kind}`))),
        Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      }),
      allow("RestartCollector", {
        Action: "ecs:UpdateService",
        Resource: arn.regional("ecs", `service/${traces}/${known.lambda(spec.stack, "collector")}`),
      }),
    ],
  };
}

/** All functions of the observability stack. */
export const observabilityFunctions = [langfuseProvisioner] as const;
