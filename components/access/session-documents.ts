import type * as pulumi from "@pulumi/pulumi";

/** Name of the account's preferences document, which applies to sessions without a document. */
export const preferencesDocument = "SSM-SessionManagerRunShell";

/** The Linux user of sessions, and the port of that user's code-server. */
const runAs = "developer";
const codeServerPort = "8080";
const sshPort = "22";

/** Log destinations of a shell session, and the key that encrypts the channel. */
export interface ShellDocumentPlan {
  readonly bucket: pulumi.Input<string>;
  readonly logGroup: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
}

/**
 * A shell as the workspace's user. The session key encrypts it on top of TLS, CloudWatch and S3 log
 * it. It ends after 20 idle minutes or 10 hours.
 */
export function planShellDocument(plan: ShellDocumentPlan) {
  return {
    schemaVersion: "1.0",
    description: "A shell in a Cline workspace, encrypted and logged",
    sessionType: "Standard_Stream",
    inputs: {
      s3BucketName: plan.bucket,
      s3KeyPrefix: "",
      s3EncryptionEnabled: true,
      cloudWatchLogGroupName: plan.logGroup,
      cloudWatchEncryptionEnabled: true,
      cloudWatchStreamingEnabled: true,
      kmsKeyId: plan.keyArn,
      idleSessionTimeout: "20",
      maxSessionDuration: "600",
      runAsEnabled: true,
      runAsDefaultUser: runAs,
      shellProfile: { linux: 'cd "$HOME" && exec bash --login' },
    },
  };
}

/**
 * code-server in the user's own browser: the remote port is fixed, the local port is free to choose
 * (0: any).
 */
export function planCodeServerDocument(): string {
  return JSON.stringify({
    schemaVersion: "1.0",
    description: "code-server of a Cline workspace",
    sessionType: "Port",
    parameters: {
      localPortNumber: {
        type: "String",
        description: "Port on your own machine; 0 takes a free one",
        allowedPattern: "^(0|[1-9][0-9]{0,4})$",
        default: "0",
      },
    },
    properties: { type: "LocalPortForwarding", portNumber: codeServerPort, localPortNumber: "{{ localPortNumber }}" },
  });
}

/**
 * SSH for a local editor: standard input and output of the plugin, as ProxyCommand needs it, to
 * sshd on loopback.
 */
export function planSshDocument(): string {
  return JSON.stringify({
    schemaVersion: "1.0",
    description: "SSH to a Cline workspace for an editor of one's own",
    sessionType: "Port",
    properties: { portNumber: sshPort },
  });
}
