/**
 * The kit: the building blocks of every component. Each one is a plain function that creates
 * resources under the given parent, so a component's constructor reads as a list of its resources.
 * `LambdaFunction` and `FunctionSchedule` (components/lambda) use the same functions.
 *
 * **Context.** The stack's identity, and the names, ARNs and tags of its resources by kind.
 * `contextOf(spec)` creates it from a stack file, another program with `stackContext`:
 * ```ts
 * const context = stackContext({
 *   organization: "acme", stack: "tools", accountId: "111122223333", region: "eu-west-1",
 * });
 * context.names.cluster("gateway"); // acme-tools-gateway
 * // arn:aws:secretsmanager:…:secret:cline/acme/tools/salt-??????
 * context.arns.secret(context.names.secret("salt"));
 * context.of("*").names.virtualKey("*"); // a pattern over every stack
 * context.tags({ Purpose: "gateway" });
 * ```
 * **Role**, with trust, permission boundary and policy:
 * ```ts
 * const { role, policies } = boundedRole(
 *   `${name}-role`,
 *   {
 *     roleName: context.names.role("flow-logs"),
 *     description: "Delivers flow logs",
 *     trust: accountTrust(
 *       context,
 *       "vpc-flow-logs.amazonaws.com",
 *       context.arns.regional("ec2", "vpc-flow-log/*"),
 *     ),
 *     boundaryArn: access.workloadBoundaryArn,
 *     statements: [
 *       allow("Deliver", { Action: "logs:PutLogEvents", Resource: "…" }),
 *       useKey(context, { purpose: "logs" }),
 *     ],
 *     tags: context.tags({ Purpose: "flow-logs" }),
 *   },
 *   { parent: this },
 * );
 * ```
 * **Key use.** A policy names a key by its alias ({@link useKey}, {@link hasAlias}); a resource
 * takes its ARN from `KeyFacts`.
 *
 * **Log group**, with the stack's key and the retention of its row in the data-control table:
 * ```ts
 * logGroup(
 *   `${name}-logs`,
 *   {
 *     context,
 *     groupName: context.names.logGroup("gateway"),
 *     keys,
 *     retention: "gateway-logs",
 *     tags,
 *   },
 *   { parent: this },
 * );
 * ```
 * **Alarm**, with audience and runbook:
 * ```ts
 * alarm(
 *   `${name}-lag`,
 *   {
 *     description: "The reader is over 10 s behind",
 *     runbook: "alarms-of-the-database",
 *     audience: "infrastructure",
 *     namespace: "AWS/RDS", metricName: "AuroraReplicaLagMaximum", dimensions,
 *     statistic: "Maximum", period: 300, evaluationPeriods: 3,
 *     threshold: 10_000, comparisonOperator: "GreaterThanThreshold",
 *     topicArn, tags,
 *   },
 *   { parent: this },
 * );
 * ```
 * **Network reach**: a security group, and its rules by a noun for each destination or source:
 * ```ts
 * const options = { parent: this };
 * const groupArgs = { network, description: "Gateway tasks", tags };
 * const group = securityGroup(`${name}-group`, groupArgs, options);
 * const rules = { securityGroupId: group.id, label: "Gateway", tags };
 * const cacheEnd = { securityGroupId: cache.securityGroupId, port: 6379 };
 * const out = reach(name, rules, { ...awsServices(network), cache: cacheEnd }, options);
 * const collectorEnd = { securityGroupId: collectorGroupId, port: 4318 };
 * admit(name, rules, { collector: collectorEnd }, options);
 * ```
 * **Order**: what runs code depends on its rules, and a group that others reach is named after its
 * own:
 * ```ts
 * new aws.ec2.Instance(`${name}-host`, { vpcSecurityGroupIds: [group.id], … }, { dependsOn: out });
 * this.securityGroupId = after(group.id, admitted);
 * ```
 */
export { after } from "./after";
export { alarm, compositeAlarm, runbooks, type AlarmArgs, type Audience, type Runbook } from "./alarm";
export { stackContext, type ResourceTags, type StackContext, type StackSettings } from "./context";
export { fargateCluster } from "./fargate-cluster";
export { logGroup, type LogGroupArgs } from "./log-group";
export { type AuthorityPurpose, type KeyAliasPurpose, type KeyPurpose, type StackIdentity } from "./names";
export { privateHost } from "./private-host";
export {
  admit,
  awsServices,
  clientsOn,
  httpsFrom,
  reach,
  securityGroup,
  type Reach,
  type RulesOf,
  type Source,
} from "./reach";
export { accountTrust, boundedRole, type BoundedRole, type BoundedRoleArgs } from "./role";
export { scratch } from "./scratch";
export {
  cacheTimeouts,
  detachTimeouts,
  instanceTimeouts,
  interfaceTimeouts,
  serviceTimeouts,
  type Roll,
} from "./timeouts";
export { hasAlias, useKey, waitFor, type KeyUse } from "./use-key";
