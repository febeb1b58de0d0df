import type { StackContext } from "../kit";
import { changesOf, events, notBy, type SecurityFilter } from "./filter-pattern";

/** What runs: images, tasks, functions, hosts, builds and schedules. */
function workloads(deployer: string, role: (name: string) => string): SecurityFilter {
  return {
    noun: "workload-changes",
    description: "An image, a task, a function, a host, a build or a schedule was changed past the protected workflow",
    // Lambda's events carry their version, such as AddPermission20150331v2.
    pattern: changesOf("lambda", [
      [
        ...["CreateFunction*", "UpdateFunction*", "PutFunction*", "DeleteFunction*", "CreateAlias*", "UpdateAlias*"],
        ...["AddPermission*", "RemovePermission*", "PublishLayerVersion*", "AddLayerVersionPermission*"],
        ...["CreateEventSourceMapping*", "UpdateEventSourceMapping*"],
      ],
      deployer,
    ]),
    further: {
      images: changesOf(
        "ecr",
        [["PutImage"], role("artifact-builder")],
        [
          [
            "SetRepositoryPolicy",
            "DeleteRepositoryPolicy",
            "PutImageTagMutability",
            "PutRegistryPolicy",
            "BatchDeleteImage",
          ],
          deployer,
        ],
      ),
      tasks: changesOf(
        "ecs",
        [["RegisterTaskDefinition"], deployer, role("langfuse-provisioner")],
        [["RunTask"], role("gateway-migration"), role("langfuse-provisioner")],
      ),
      services: changesOf("ecs", [["StartTask", "CreateService", "CreateTaskSet"], deployer]),
      hosts: changesOf("ec2", [
        [
          ...["RunInstances", "ModifyInstanceAttribute", "ModifyInstanceMetadataOptions", "AttachVolume"],
          ...["AssociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation"],
        ],
        deployer,
      ]),
      builds: changesOf(
        "codebuild",
        [["StartBuild*"], role("artifact-mirror")],
        [["CreateProject", "UpdateProject", "ImportSourceCredentials"], deployer],
      ),
      schedules: changesOf("scheduler", [["CreateSchedule", "UpdateSchedule", "DeleteSchedule"], deployer]),
    },
  };
}

/** RDS alone changes the values of the secrets that it manages. */
const notOfDatabases = `($.requestParameters.secretId != "*rds!*")`;

/** A pattern of new values of secrets. */
const values = (deployer: string, role: (name: string) => string) =>
  `{ ($.eventSource = "secretsmanager.amazonaws.com") && ($.errorCode NOT EXISTS) && ${notOfDatabases} && ` +
  `((($.eventName = "PutSecretValue") && ${notBy(deployer, ...["key-rotation", "langfuse-provisioner", "trace-certificates"].map(role))}) || ` +
  `(($.eventName = "UpdateSecretVersionStage") && ${notBy(deployer, role("key-rotation"))})) }`;

/** A pattern of secrets that others can read, or that another function rotates. */
const secrets = (deployer: string) =>
  `{ ($.eventSource = "secretsmanager.amazonaws.com") && ($.errorCode NOT EXISTS) && ` +
  `((${events("UpdateSecret", "DeleteSecret", "PutResourcePolicy", "DeleteResourcePolicy", "ReplicateSecretToRegions", "CancelRotateSecret")}) || ` +
  `(($.eventName = "RotateSecret") && ($.requestParameters.rotationLambdaARN = "*"))) && ${notBy(deployer)} }`;

/** What workloads run with: secrets, parameters, databases, caches, models and budgets. */
function settings(deployer: string, role: (name: string) => string): SecurityFilter {
  return {
    noun: "setting-changes",
    description: "A setting of a workload was changed past the functions and the protected workflow",
    pattern: secrets(deployer),
    further: {
      values: values(deployer, role),
      parameters: changesOf("ssm", [["PutParameter", "DeleteParameter*", "UpdateServiceSetting"], deployer]),
      databases: changesOf("rds", [
        [
          ...[
            "ModifyDBClusterParameterGroup",
            "ModifyDBCluster",
            "ModifyDBInstance",
            "DeleteDBCluster",
            "DeleteDBInstance",
          ],
          ...["ModifyDBClusterSnapshotAttribute", "DeleteDBClusterSnapshot", "StartExportTask", "AddRoleToDBCluster"],
          ...["RestoreDBCluster*", "CopyDBClusterSnapshot"],
        ],
        deployer,
      ]),
      caches: changesOf("elasticache", [
        [
          ...["ModifyCacheParameterGroup", "ModifyReplicationGroup", "DeleteReplicationGroup"],
          ...["ModifyUser", "ModifyUserGroup", "CreateSnapshot", "CopySnapshot"],
        ],
        deployer,
      ]),
      models: changesOf(
        "bedrock",
        [["UpdateGuardrail", "DeleteGuardrail", "CreateProvisionedModelThroughput"]],
        [["CreateInferenceProfile", "DeleteInferenceProfile"], deployer],
      ),
      budgets: changesOf("budgets", [
        [
          "UpdateBudget",
          "DeleteBudget",
          "UpdateNotification",
          "DeleteNotification",
          "UpdateSubscriber",
          "DeleteSubscriber",
        ],
        deployer,
      ]),
    },
  };
}

/** What is kept: homes and their backups. */
function backups(deployer: string, role: (name: string) => string): SecurityFilter {
  return {
    noun: "backup-changes",
    description: "A home or a backup was deleted or shared, or backups were switched off",
    pattern: changesOf(
      "ec2",
      [["ModifySnapshotAttribute", "ModifyImageAttribute"]],
      [["DeleteVolume"], deployer],
      [["DeleteSnapshot"], role("snapshots")],
    ),
    further: { lifecycle: changesOf("dlm", [["UpdateLifecyclePolicy", "DeleteLifecyclePolicy"], deployer]) },
  };
}

/** Filters of what only a deployment, the mirror and the functions change. */
export function workloadFilters(context: StackContext): readonly SecurityFilter[] {
  const deployer = context.names.deployerRole();
  const { role } = context.of("*").names;
  return [workloads, settings, backups].map((plan) => plan(deployer, role));
}
