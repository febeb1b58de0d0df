import { stringify } from "yaml";
import type { GatewayRoute } from "../../config";
import { editor } from "./editor-door";
import { localGateway, planLocalGateway } from "./local-gateway";
import { noDefaultUser } from "./no-default-user";
import { lines, logged, machineFile, script } from "./script";
import { workspaceUid, workspaceUser } from "./user";

/** EC2's limit on user data, in bytes before base64. */
export const userDataLimit = 16_384;

/** CloudWatch namespace of the metric `WorkspaceReady`: 1 where a developer could work, otherwise 0, each minute. */
export const workspaceNamespace = "Cline/Workspaces";

/**
 * Input of {@link planUserData}. It holds no secret: every principal that may describe the instance
 * can read its user data.
 */
export interface UserDataPlan {
  readonly region: string;
  /** Value of the metric's dimension `Department`. */
  readonly department: string;
  /** DNS name of the gateway. */
  readonly gatewayHost: string;
  /** The gateway's routes that clients here may use. */
  readonly routes: readonly GatewayRoute[];
  /** Seconds without a byte until the load balancer ends a connection. */
  readonly idleSeconds: number;
  /** Secrets Manager name of the virtual key. */
  readonly keySecret: string;
  /** Bucket with the set-up and `workspace/{SHA256SUMS,code-server.rpm,cline.vsix,cline-cli.tgz}`. */
  readonly artifactBucket: string;
  /** The set-up in it. */
  readonly setUp: { readonly key: string; readonly sha256: string };
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

const authorityFile = "/etc/pki/ca-trust/source/anchors/cline-gateway.pem";

/**
 * Instance metadata for root only; editor and local gateway for root, whose agent forwards ports, and
 * the developer. By number: a name that does not exist yet would refuse all rules.
 */
const nftables = lines(
  "table inet cline {",
  "  chain output {",
  "    type filter hook output priority 0; policy accept;",
  "    ip daddr 169.254.169.254 meta skuid != 0 reject",
  "    ip6 daddr fd00:ec2::254 meta skuid != 0 reject",
  `    oifname lo tcp dport { ${String(localGateway.port)}, ${String(editor.port)} } meta skuid != { 0, ${String(workspaceUid)} } reject with tcp reset`,
  "  }",
  "}",
);

/** Session Manager's agent waits for the guard, so no session opens without it. */
const agentGuard = lines("[Unit]", "Requires=nftables.service", "After=nftables.service");

const setUpService = lines(
  "[Unit]",
  "Description=Prepare the workspace",
  "Wants=network-online.target",
  "After=network-online.target",
  "StartLimitIntervalSec=0",
  "[Service]",
  "Type=oneshot",
  "RemainAfterExit=yes",
  "ExecStart=/usr/local/sbin/cline-set-up",
  ...logged("bootstrap"),
  "Restart=on-failure",
  "RestartSec=30",
  "TimeoutStartSec=1800",
  "[Install]",
  "WantedBy=multi-user.target",
);
const readyService = lines("[Service]", "Type=oneshot", "ExecStart=/usr/local/sbin/cline-ready");
const readyTimer = lines("[Timer]", "OnBootSec=60", "OnUnitActiveSec=60", "[Install]", "WantedBy=timers.target");

/** The set-up's own environment. */
function environment(plan: UserDataPlan): string {
  const values = {
    DEVELOPER_USER: workspaceUser,
    DEPARTMENT: plan.department,
    AWS_REGION: plan.region,
    AWS_DEFAULT_REGION: plan.region,
    VIRTUAL_KEY_ID: plan.keySecret,
    ARTIFACT_BUCKET: plan.artifactBucket,
    SET_UP_OBJECT: plan.setUp.key,
    SET_UP_SHA256: plan.setUp.sha256,
    BATCH_BUCKET: plan.batchBucket,
    BATCH_OWNER: plan.batchOwner,
    METRIC_NAMESPACE: workspaceNamespace,
  };
  return Object.entries(values)
    .map(([key, value]) => `export ${key}='${value}'\n`)
    .join("");
}

/** Settings of the CloudWatch agent. */
function shippedLogs(logGroup: string): string {
  const files = ["bootstrap", "key-refresh", "batch"].map((name) => ({
    file_path: `/var/log/cline/${name}.log`,
    log_group_name: logGroup,
    log_stream_name: `{instance_id}/${name}`,
  }));
  return JSON.stringify({ logs: { logs_collected: { files: { collect_list: files } } } });
}

/** Files that cloud-init writes before anything runs: what differs between workspaces, the guards, and the way to the set-up. */
function planFiles(plan: UserDataPlan) {
  const { sshPublicKey, caCertificate } = plan;
  const gateway = planLocalGateway({
    host: plan.gatewayHost,
    routes: plan.routes,
    idleSeconds: plan.idleSeconds,
    ...(caCertificate !== undefined && { authority: authorityFile }),
  });
  return [
    machineFile("/etc/cline/workspace.env", environment(plan)),
    machineFile("/etc/cline/cloudwatch-agent.json", shippedLogs(plan.logGroup)),
    machineFile("/etc/cline/gateway/haproxy.cfg", gateway),
    machineFile("/usr/local/sbin/cline-set-up", script("cline-set-up.sh"), "0700"),
    machineFile("/usr/local/sbin/cline-ready", script("cline-ready.sh"), "0700"),
    machineFile("/etc/systemd/system/cline-set-up.service", setUpService),
    machineFile("/etc/systemd/system/cline-ready.service", readyService),
    machineFile("/etc/systemd/system/cline-ready.timer", readyTimer),
    machineFile("/etc/systemd/system/amazon-ssm-agent.service.d/cline.conf", agentGuard),
    machineFile("/etc/sysconfig/nftables.conf", nftables),
    machineFile("/etc/sudoers.d/zz-cline", `${workspaceUser} ALL=(ALL) !ALL\nssm-user ALL=(ALL) !ALL\n`, "0440"),
    ...(sshPublicKey ? [machineFile(`/etc/ssh/authorized_keys/${workspaceUser}`, `${sshPublicKey}\n`)] : []),
    ...(caCertificate ? [machineFile(authorityFile, caCertificate)] : []),
  ];
}

/**
 * A workspace's cloud-config, as text. It writes the guards and starts two units: the ready signal,
 * and the set-up, which is fetched by its SHA-256 and runs until it succeeds. It holds no models, key
 * or budget: the workspace reads those from the gateway, so their changes replace no instance.
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
      ["mkdir", "-p", "/var/log/cline"],
      ["systemctl", "daemon-reload"],
      ["systemctl", "enable", "--now", "--no-block", "cline-ready.timer", "cline-set-up.service"],
    ],
  };
  const text = `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
  const bytes = Buffer.byteLength(text);
  if (bytes > userDataLimit) {
    throw new RangeError(`a workspace's user data has ${String(bytes)} bytes; EC2 takes ${String(userDataLimit)}`);
  }
  return text;
}
