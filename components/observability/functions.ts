import type { ScheduledFunction } from "../actions/function-plan";
import { signAsAuthority } from "../encryption";
import { useKey, type StackContext } from "../kit";
import { allow, type Statement } from "../policy-document";

/** Purpose of the secret that holds the collector's configuration. */
export const configPurpose = "collector-config";

/**
 * Purpose of the role that ECS starts the one-off tasks with that make a department's project and
 * its leads' accounts. It alone of Langfuse's roles reads departments' secrets.
 */
export const initExecutionPurpose = "langfuse-init-execution";

/** Port of Langfuse's web service, with TLS. */
export const langfusePort = 3443;

/** Purpose of the ECS cluster of the trace store. */
export const tracesPurpose = "traces";

/** What the provisioner may do: secrets of projects, accounts and routes, and one-off tasks of Langfuse's own task definition. */
function planProvisionerStatements(context: StackContext): readonly Statement[] {
  const { arns, names } = context;
  const departments = context.of("*").names;
  const made = [departments.secret("langfuse"), departments.langfuseAccount("*")].map((name) => arns.secret(name));
  const config = arns.secret(names.secret(configPurpose));
  const cluster = names.cluster(tracesPurpose);
  const inCluster = { ArnEquals: { "ecs:cluster": arns.cluster(cluster) } };
  const initDefinition = arns.regional("ecs", `task-definition/${names.taskFamily("langfuse")}-init:*`);
  return [
    allow("FindProjects", { Action: "secretsmanager:ListSecrets", Resource: "*" }),
    allow("KeepProjectsAndRoutes", {
      Action: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
      Resource: [...made, config],
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
      Resource: [initExecutionPurpose, "langfuse-task"].map((purpose) => arns.role(names.role(purpose))),
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    }),
    allow("RestartCollector", {
      Action: "ecs:UpdateService",
      Resource: arns.regional("ecs", `service/${cluster}/${names.service("collector")}`),
    }),
  ];
}

/** Makes departments' Langfuse projects and accounts, and writes the collector's routes. */
export const langfuseProvisioner = (context: StackContext): ScheduledFunction => ({
  purpose: "langfuse-provisioner",
  description: "Makes departments' Langfuse projects and the collector's routes",
  place: "network",
  connects: { langfuse: langfusePort },
  schedule: { expression: "rate(1 hour)", input: JSON.stringify({ action: "sync" }) },
  timeout: 900,
  statements: planProvisionerStatements(context),
});

/** Servers of the trace store that have a certificate. `restarts`: ECS gives it to the service's tasks at their start. */
export const traceServers = {
  langfuse: { restarts: true },
  collector: { restarts: true },
  clickhouse: { restarts: false },
} as const;
export type TraceServer = keyof typeof traceServers;

/** Secrets Manager name of a server's key and certificate. */
export const certificateSecret = ({ names }: StackContext, server: TraceServer): string =>
  names.secret(`${server}-certificate`);

/** Secrets Manager name of the certificate of the trace store's authority. */
export const authoritySecret = ({ names }: StackContext): string => names.secret("traces-authority");

/** Issues and renews the certificates of the trace store. */
export const traceCertificates = (context: StackContext): ScheduledFunction => {
  const { arns, names } = context;
  const servers = Object.keys(traceServers) as TraceServer[];
  const ofSecrets = [authoritySecret(context), ...servers.map((server) => certificateSecret(context, server))];
  const restarted = servers.filter((server) => traceServers[server].restarts);
  return {
    purpose: "trace-certificates",
    description: "Issues and renews the certificates of the trace store",
    place: "network",
    schedule: { expression: "cron(30 3 * * ? *)", windowMinutes: 60 },
    // KMS may take five minutes until a new alias acts.
    timeout: 600,
    statements: [
      signAsAuthority(context, "traces-authority"),
      allow("KeepCertificates", {
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
        Resource: ofSecrets.map((name) => arns.secret(name)),
      }),
      useKey(context, { purpose: "secrets", via: "secretsmanager" }),
      allow("RestartServers", {
        Action: ["ecs:DescribeServices", "ecs:UpdateService"],
        Resource: restarted.map((server) =>
          arns.regional("ecs", `service/${names.cluster(tracesPurpose)}/${names.service(server)}`),
        ),
      }),
    ],
  };
};

/** All functions of the observability stack. */
export const observabilityFunctions = [langfuseProvisioner, traceCertificates] as const;
