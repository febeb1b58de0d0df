import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { noDefaultUser } from "./no-default-user";

/** Linux user of every workspace; sessions run as it. */
export const workspaceUser = "developer";

/** EC2's limit on user data, in bytes before base64. */
export const userDataLimit = 16_384;

/**
 * Input of {@link planUserData}. It holds no secret: every principal that may describe the instance
 * can read its user data.
 */
export interface UserDataPlan {
  readonly region: string;
  readonly gatewayUrl: string;
  /** Secrets Manager name of the virtual key. */
  readonly keySecret: string;
  /** Bucket with `workspace/{SHA256SUMS,code-server.rpm,cline.vsix}`. */
  readonly artifactBucket: string;
  /** Bucket of batch requests and answers. */
  readonly batchBucket: string;
  /** Owner of the requests and answers: `DEPARTMENT/DEVELOPER`. */
  readonly batchOwner: string;
  /** CloudWatch log group of the workspace's own logs. */
  readonly logGroup: string;
  readonly sshPublicKey?: string | undefined;
  /** PEM of the gateway's certificate authority where it is not a public one. */
  readonly caCertificate?: string | undefined;
}

/**
 * A shell script without its comments, because EC2 limits the bytes. shellcheck's directives stay.
 */
export const withoutComments = (script: string): string => script.replaceAll(/^ *# (?!shellcheck ).*\n/gm, "");

const file = (name: string) => {
  const text = readFileSync(join(__dirname, "files", name), "utf8");
  return name.endsWith(".sh") ? withoutComments(text) : text;
};
const bootstrap = file("bootstrap.sh");
const keyRefresh = file("cline-key-refresh.sh");
const batch = file("cline-batch.sh");
const settings = file("cline-settings.py");

const unit = (...lines: readonly string[]) => `${lines.join("\n")}\n`;
const nftables = unit(
  "table inet cline {",
  "  chain output {",
  "    type filter hook output priority 0; policy accept;",
  "    ip daddr 169.254.169.254 meta skuid != 0 reject",
  "    ip6 daddr fd00:ec2::254 meta skuid != 0 reject",
  "  }",
  "}",
);
const sshd = unit(
  "ListenAddress 127.0.0.1",
  `AllowUsers ${workspaceUser}`,
  "AuthorizedKeysFile /etc/ssh/authorized_keys/%u",
  "AuthorizedKeysCommand none",
  "AuthenticationMethods publickey",
  "PermitRootLogin no",
  "X11Forwarding no",
  "ClientAliveInterval 60",
);
/** Loopback only; the session that forwards the port is the authentication, with MFA. */
const codeServer = unit(
  "[Service]",
  "ExecStart=",
  "ExecStart=/usr/bin/code-server --bind-addr 127.0.0.1:8080 --auth none --disable-telemetry --disable-update-check --disable-getting-started-override",
  "Environment=NODE_EXTRA_CA_CERTS=/etc/pki/tls/certs/ca-bundle.crt",
  "NoNewPrivileges=yes",
  "ProtectSystem=full",
);
const refreshService = unit(
  "[Unit]",
  "Description=Fetch the developer's virtual key and write Cline's settings",
  "After=network-online.target",
  "Wants=network-online.target",
  "[Service]",
  "Type=oneshot",
  "ExecStart=/usr/local/sbin/cline-key-refresh",
  "StandardOutput=append:/var/log/cline/key-refresh.log",
  "StandardError=append:/var/log/cline/key-refresh.log",
  "TimeoutStartSec=120",
);
const refreshTimer = unit(
  "[Unit]",
  "Description=Keep the developer's virtual key current",
  "[Timer]",
  "OnBootSec=20",
  "OnUnitActiveSec=300",
  "RandomizedDelaySec=30",
  "[Install]",
  "WantedBy=timers.target",
);
const batchService = unit(
  "[Service]",
  "Type=oneshot",
  "ExecStart=/usr/local/sbin/cline-batch",
  "StandardOutput=append:/var/log/cline/batch.log",
);
const batchTimer = unit("[Timer]", "OnBootSec=60", "OnUnitInactiveSec=120", "[Install]", "WantedBy=timers.target");
/** Session Manager's agent waits for the metadata guard, so no session opens without it. */
const agentGuard = unit("[Unit]", "Requires=nftables.service", "After=nftables.service");

/** Files that cloud-init writes before anything runs. */
function planFiles(plan: UserDataPlan) {
  const environment = {
    DEVELOPER_USER: workspaceUser,
    AWS_REGION: plan.region,
    AWS_DEFAULT_REGION: plan.region,
    GATEWAY_URL: plan.gatewayUrl,
    VIRTUAL_KEY_ID: plan.keySecret,
    ARTIFACT_BUCKET: plan.artifactBucket,
    BATCH_BUCKET: plan.batchBucket,
    BATCH_OWNER: plan.batchOwner,
  };
  const logFiles = ["bootstrap", "key-refresh", "batch"].map((name) => ({
    file_path: `/var/log/cline/${name}.log`,
    log_group_name: plan.logGroup,
    log_stream_name: `{instance_id}/${name}`,
  }));
  const agent = { logs: { logs_collected: { files: { collect_list: logFiles } } } };
  const file = (path: string, content: string, permissions = "0644") => ({ path, permissions, content });
  return [
    file(
      "/etc/cline/workspace.env",
      Object.entries(environment)
        .map(([key, value]) => `export ${key}='${value}'\n`)
        .join(""),
    ),
    file("/etc/cline/cloudwatch-agent.json", JSON.stringify(agent)),
    file("/usr/local/sbin/cline-bootstrap", bootstrap, "0700"),
    file("/usr/local/sbin/cline-key-refresh", keyRefresh, "0700"),
    file("/usr/local/sbin/cline-batch", batch, "0700"),
    file("/usr/local/lib/cline/cline-settings.py", settings),
    file("/etc/systemd/system/cline-key-refresh.service", refreshService),
    file("/etc/systemd/system/cline-key-refresh.timer", refreshTimer),
    file("/etc/systemd/system/cline-batch.service", batchService),
    file("/etc/systemd/system/cline-batch.timer", batchTimer),
    file(`/etc/systemd/system/code-server@${workspaceUser}.service.d/cline.conf`, codeServer),
    file("/etc/systemd/system/amazon-ssm-agent.service.d/cline.conf", agentGuard),
    file("/etc/sysconfig/nftables.conf", nftables),
    file("/etc/sudoers.d/zz-cline", `${workspaceUser} ALL=(ALL) !ALL\nssm-user ALL=(ALL) !ALL\n`, "0440"),
    file("/etc/ssh/sshd_config.d/10-cline.conf", sshd, "0600"),
    file(
      "/etc/profile.d/cline.sh",
      unit("export NODE_EXTRA_CA_CERTS=/etc/pki/tls/certs/ca-bundle.crt", "export AWS_EC2_METADATA_DISABLED=true"),
    ),
    ...(plan.sshPublicKey ? [file(`/etc/ssh/authorized_keys/${workspaceUser}`, `${plan.sshPublicKey}\n`)] : []),
    ...(plan.caCertificate ? [file("/etc/pki/ca-trust/source/anchors/cline-gateway.pem", plan.caCertificate)] : []),
  ];
}

/**
 * A workspace's cloud-config, as text. It mounts the home, installs code-server and Cline's
 * extension by checksum, guards the instance's credentials, and updates Cline's settings and key.
 * It holds no models, key or budget: the workspace reads those from the gateway, so their changes
 * replace no instance.
 * @throws RangeError above EC2's limit.
 */
export function planUserData(plan: UserDataPlan): string {
  const config = {
    users: noDefaultUser,
    disable_root: true,
    ssh_pwauth: false,
    package_update: false,
    write_files: planFiles(plan),
    runcmd: [
      ["mkdir", "-p", "/var/log/cline", "/var/lib/cline"],
      ["systemctl", "daemon-reload"],
      ["/usr/local/sbin/cline-bootstrap"],
    ],
  };
  const text = `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
  const bytes = Buffer.byteLength(text);
  if (bytes > userDataLimit) {
    throw new RangeError(`a workspace's user data has ${String(bytes)} bytes; EC2 takes ${String(userDataLimit)}`);
  }
  return text;
}
