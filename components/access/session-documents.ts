/** Name of the account's own preferences, which sessions without a document use. */
export const preferencesDocument = "SSM-SessionManagerRunShell";

/** The Linux user that sessions run as, and whose code-server answers on this port. */
const runAs = "developer";
const codeServerPort = "8080";
const sshPort = "22";

/** Where a shell session is logged and which key encrypts it. */
export interface ShellDocumentPlan {
  readonly bucket: string;
  readonly logGroup: string;
  readonly keyArn: string;
}

/** A shell as the workspace's user: encrypted by the session key on top of TLS, logged to CloudWatch and S3, ended after 20 idle minutes or 10 hours. */
export function planShellDocument(plan: ShellDocumentPlan): string {
  return JSON.stringify({
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
  });
}

/** code-server in the person's own browser: the port is fixed, the local one is free to choose (0: any). */
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

/** SSH for a person's own editor: standard input and output of the plugin, as ProxyCommand needs it, to sshd on loopback. */
export function planSshDocument(): string {
  return JSON.stringify({
    schemaVersion: "1.0",
    description: "SSH to a Cline workspace for an editor of one's own",
    sessionType: "Port",
    properties: { portNumber: sshPort },
  });
}
