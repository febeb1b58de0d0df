import {
  ecsContainerInsights,
  ecsEfsTransit,
  ecsExecEncrypted,
  ecsExecLogged,
  ecsExecOff,
  ecsFargatePlatform,
  ecsImageDigest,
  ecsLogging,
  ecsNoHostNamespace,
  ecsNoPlaintextSecrets,
  ecsNoPrivileged,
  ecsNoRootUser,
  ecsReadonlyRoot,
  ecsSeparateRoles,
} from "../../src/controls/ecs";
import { type Changes, type Inputs, resourceCases } from "./cases";

resourceCases(ecsContainerInsights, {
  compliant: { settings: [{ name: "containerInsights", value: "enhanced" }] },
  violations: {
    off: { "settings[0].value": "disabled" },
    none: { settings: undefined },
    "another setting": { "settings[0].name": "other" },
  },
});

const DIGEST = `sha256:${"0f".repeat(32)}`;
const container = {
  name: "gateway",
  image: `111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/litellm@${DIGEST}`,
  environment: [{ name: "REGION", value: "ap-northeast-1" }],
  secrets: [{ name: "MASTER_KEY", valueFrom: "arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:a" }],
  logConfiguration: { logDriver: "awslogs" },
  readonlyRootFilesystem: true,
  user: "1000",
};
const task = (...changes: object[]): Inputs => ({
  family: "f",
  containerDefinitions: JSON.stringify(changes.map((more) => ({ ...container, ...more }))),
});
const efs = { fileSystemId: "fs-1", transitEncryption: "ENABLED" };
resourceCases(ecsEfsTransit, {
  compliant: { ...task({}), volumes: [{ name: "scratch" }, { name: "data", efsVolumeConfiguration: efs }] },
  violations: {
    off: { "volumes[1].efsVolumeConfiguration.transitEncryption": "DISABLED" },
    "left out": { "volumes[1].efsVolumeConfiguration.transitEncryption": undefined },
  },
});

const exec = { kmsKeyId: "key", logging: "OVERRIDE", logConfiguration: { cloudWatchEncryptionEnabled: true } };
resourceCases(ecsExecEncrypted, {
  compliant: { configuration: { executeCommandConfiguration: exec } },
  violations: {
    "no key": { "configuration.executeCommandConfiguration.kmsKeyId": undefined },
    "a plain log": {
      "configuration.executeCommandConfiguration.logConfiguration": { cloudWatchEncryptionEnabled: false },
    },
  },
  accepted: {
    S3: { "configuration.executeCommandConfiguration.logConfiguration": { s3BucketEncryptionEnabled: true } },
    "not configured": { configuration: undefined },
  },
});

resourceCases(ecsExecLogged, {
  compliant: { configuration: { executeCommandConfiguration: exec } },
  violations: { "no log": { "configuration.executeCommandConfiguration.logging": "NONE" } },
  accepted: { "not configured": { configuration: undefined } },
});

resourceCases(ecsExecOff, {
  compliant: { cluster: "c" },
  violations: { on: { enableExecuteCommand: true } },
  accepted: { off: { enableExecuteCommand: false } },
});

resourceCases(ecsFargatePlatform, {
  compliant: { cluster: "c", platformVersion: "LATEST" },
  violations: { "an old one": { platformVersion: "1.3.0" } },
  accepted: { "AWS's default": { platformVersion: undefined } },
});

/** The container that each case spoils stands after one that complies. */
const spoiled = (change: object): Changes => ({
  containerDefinitions: task({}, { name: "second", ...change })["containerDefinitions"],
});
resourceCases(ecsImageDigest, {
  compliant: task({}),
  violations: {
    "a tag": spoiled({ image: "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/litellm:latest" }),
    "another registry": spoiled({ image: `ghcr.io/berriai/litellm@${DIGEST}` }),
    "a registry that only looks like it": spoiled({
      image: `111122223333.dkr.ecr.ap-northeast-1.amazonaws.com.example.com/litellm@${DIGEST}`,
    }),
    none: spoiled({ image: undefined }),
  },
  accepted: {
    "a tag beside the digest": spoiled({
      image: `111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/litellm:1.0@${DIGEST}`,
    }),
  },
});

resourceCases(ecsLogging, {
  compliant: task({}),
  violations: { none: spoiled({ logConfiguration: undefined }), "an empty one": spoiled({ logConfiguration: {} }) },
});

resourceCases(ecsNoHostNamespace, {
  compliant: { ...task({}), networkMode: "awsvpc", pidMode: "task" },
  violations: {
    processes: { pidMode: "host" },
    memory: { ipcMode: "host" },
    network: { networkMode: "host" },
    "a container that asks": spoiled({ pidMode: "host" }),
  },
});

resourceCases(ecsNoPlaintextSecrets, {
  compliant: task({}),
  violations: {
    "by its name": spoiled({ environment: [{ name: "LITELLM_MASTER_KEY", value: "9fK2mQ7xZp4vT1wR8sLd" }] }),
    "by its shape": spoiled({ environment: [{ name: "X", value: `sk-${"a1".repeat(20)}` }] }),
    "in a URL": spoiled({ environment: [{ name: "DATABASE_URL", value: "postgresql://litellm:hunter2@db/app" }] }),
    "in the command": spoiled({ command: ["--key", `sk-ant-${"a1".repeat(20)}`] }),
  },
  accepted: {
    "a place": spoiled({
      environment: [
        { name: "SECRET_ARN", value: "arn:aws:secretsmanager:a" },
        { name: "MAX_TOKENS", value: "1" },
      ],
    }),
  },
});

resourceCases(ecsNoPrivileged, {
  compliant: task({}),
  violations: {
    privileged: spoiled({ privileged: true }),
    "every capability": spoiled({ linuxParameters: { capabilities: { add: ["ALL"] } } }),
    "a mighty one": spoiled({ linuxParameters: { capabilities: { add: ["SYS_ADMIN"] } } }),
  },
  accepted: {
    "a harmless capability": spoiled({
      linuxParameters: { capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] } },
    }),
  },
});

resourceCases(ecsNoRootUser, {
  compliant: task({}),
  violations: { root: spoiled({ user: "root" }), "root by number": spoiled({ user: "0:0" }) },
  accepted: {
    "the image's own user": spoiled({ user: undefined }),
    "a user that begins with root": spoiled({ user: "rootless" }),
  },
});

resourceCases(ecsReadonlyRoot, {
  compliant: task({}),
  violations: {
    off: spoiled({ readonlyRootFilesystem: false }),
    "left out": spoiled({ readonlyRootFilesystem: undefined }),
  },
});

resourceCases(ecsSeparateRoles, {
  compliant: { ...task({}), taskRoleArn: "arn:task", executionRoleArn: "arn:execution" },
  violations: { "one role for both": { executionRoleArn: "arn:task" } },
  accepted: { "no execution role": { executionRoleArn: undefined } },
});
