import type { ScheduledFunction } from "../actions/function-plan";
import { useKey, type StackContext } from "../kit";
import { allow, type Statement } from "../policy-document";

/** Purpose of the secret that holds the collector's configuration. */
export const configPurpose = "collector-config";

/** Port of Langfuse's web service. */
export const langfusePort = 3000;

/** Purpose of the ECS cluster of the trace store. */
export const tracesPurpose = "traces";

/** What the provisioner may do: secrets of projects and routes, and one-off tasks of Langfuse's own task definition. */
function planProvisionerStatements(context: StackContext): readonly Statement[] {
  const { arns, names } = context;
  const projects = arns.secret(context.of("*").names.secret("langfuse"));
  const config = arns.secret(names.secret(configPurpose));
  const cluster = names.cluster(tracesPurpose);
  const inCluster = { ArnEquals: { "ecs:cluster": arns.cluster(cluster) } };
  const initDefinition = arns.regional("ecs", `task-definition/${names.taskFamily("langfuse")}-init:*`);
  return [
    allow("FindProjects", { Action: "secretsmanager:ListSecrets", Resource: "*" }),
    allow("KeepProjectsAndRoutes", {
      Action: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
      Resource: [projects, config],
    }),
    useKey(context, { stack: "*", purpose: "secrets", via: "secretsmanager" }),
    allow("CopyDefinition", {
      Action: ["ecs:DescribeTaskDefinition", "ecs:DeregisterTaskDefinition"],
      Resource: "*",
    }),
    allow("RegisterInit", { Action: "ecs:RegisterTaskDefinition", Resource: initDefinition }),
    allow("RunInit", { Action: "ecs:RunTask", Resource: initDefinition, Condition: inCluster }),
    allow("StopInit", {
      Action: "ecs:StopTask",
      Resource: arns.regional("ecs", `task/${cluster}/*`),
      Condition: inCluster,
    }),
    allow("PassRoles", {
      Action: "iam:PassRole",
      Resource: ["execution", "task"].map((kind) => arns.role(names.role(`langfuse-${kind}`))),
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    }),
    allow("RestartCollector", {
      Action: "ecs:UpdateService",
      Resource: arns.regional("ecs", `service/${cluster}/${names.service("collector")}`),
    }),
  ];
}

/** Makes departments' Langfuse projects and writes the collector's routes. */
export const langfuseProvisioner = (context: StackContext): ScheduledFunction => ({
  purpose: "langfuse-provisioner",
  description: "Makes departments' Langfuse projects and the collector's routes",
  place: "network",
  connects: { langfuse: langfusePort },
  schedule: { expression: "rate(1 hour)", input: JSON.stringify({ action: "sync" }) },
  timeout: 900,
  // Two runs at a time could each write routes that lack the other's department.
  concurrency: 1,
  statements: planProvisionerStatements(context),
});

/** All functions of the observability stack. */
export const observabilityFunctions = [langfuseProvisioner] as const;
