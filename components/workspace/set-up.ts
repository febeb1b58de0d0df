import { createHash } from "node:crypto";
import { editor, planEditorDoor } from "./editor-door";
import { emptyKeyMap, localGateway, localGatewayPaths } from "./local-gateway";
import { lines, logged, machineFile, script } from "./script";
import { workspaceUser } from "./user";

const unit = (name: string, ...text: readonly string[]) => machineFile(`/etc/systemd/system/${name}`, lines(...text));
const timer = (name: string, ...clock: readonly string[]) =>
  unit(name, "[Timer]", ...clock, "[Install]", "WantedBy=timers.target");

/** A unit of HAProxy, which reads its settings and connects. */
const confined = [
  "NoNewPrivileges=yes",
  "CapabilityBoundingSet=",
  "ProtectSystem=strict",
  "ProtectHome=yes",
  "PrivateTmp=yes",
  "PrivateDevices=yes",
  "ProtectKernelTunables=yes",
  "ProtectKernelModules=yes",
  "ProtectControlGroups=yes",
  "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
] as const;

/** HAProxy as a user of its own, without rights, core dumps and swap: its memory holds the key. */
const gatewayService = unit(
  "cline-gateway.service",
  "[Unit]",
  "Description=Local gateway: adds the virtual key to requests from this machine",
  "Wants=network-online.target",
  "Requires=nftables.service",
  "After=network-online.target nftables.service",
  "StartLimitIntervalSec=0",
  "[Service]",
  `User=${localGateway.user}`,
  "RuntimeDirectory=cline-gateway",
  "RuntimeDirectoryMode=0700",
  "ExecStart=/usr/sbin/haproxy -db -f /etc/cline/gateway/haproxy.cfg",
  "ExecStartPost=-+/usr/local/sbin/cline-key-refresh",
  "Restart=always",
  "RestartSec=2",
  "LimitCORE=0",
  "MemoryMax=128M",
  "MemorySwapMax=0",
  ...confined,
  "[Install]",
  "WantedBy=multi-user.target",
);

/** HAProxy with the developer's rights, which code-server behind it has, too. */
const editorDoor = unit(
  "cline-editor.service",
  "[Unit]",
  "Description=Door of the editor: answers its own names only",
  "Requires=nftables.service",
  "After=nftables.service",
  "StartLimitIntervalSec=0",
  "[Service]",
  `User=${workspaceUser}`,
  "ExecStart=/usr/sbin/haproxy -db -f /etc/cline/editor/haproxy.cfg",
  "Restart=always",
  "RestartSec=2",
  "MemoryMax=128M",
  ...confined,
  "[Install]",
  "WantedBy=multi-user.target",
);

/** Behind its door; the session that forwards the port is the authentication, with MFA. */
const codeServer = unit(
  `code-server@${workspaceUser}.service.d/cline.conf`,
  "[Unit]",
  `RequiresMountsFor=/home/${workspaceUser}`,
  "Wants=cline-gateway.service cline-editor.service",
  "After=cline-gateway.service",
  "[Service]",
  "RuntimeDirectory=cline-editor",
  "RuntimeDirectoryMode=0700",
  "ExecStartPre=-/usr/bin/python3 -I /usr/local/lib/cline/cline-settings.py",
  "ExecStart=",
  `ExecStart=/usr/bin/code-server --socket ${editor.socket} --auth none --disable-proxy --disable-telemetry --disable-update-check --disable-getting-started-override --disable-workspace-trust /home/${workspaceUser}/projects`,
  `Environment=GATEWAY_URL=${localGateway.baseUrl}`,
  `Environment=GATEWAY_PLACEHOLDER=${localGateway.placeholder}`,
  "EnvironmentFile=-/etc/cline/agent.env",
  "Environment=NODE_EXTRA_CA_CERTS=/etc/pki/tls/certs/ca-bundle.crt",
  "NoNewPrivileges=yes",
  "ProtectSystem=full",
);

const sshd = lines(
  "ListenAddress 127.0.0.1",
  `AllowUsers ${workspaceUser}`,
  "AuthorizedKeysFile /etc/ssh/authorized_keys/%u",
  "AuthorizedKeysCommand none",
  "AuthenticationMethods publickey",
  "PermitRootLogin no",
  "X11Forwarding no",
  "ClientAliveInterval 60",
);

/** Files of every workspace, the same on each. None is secret. */
export const setUpFiles = [
  machineFile("/usr/local/sbin/cline-bootstrap", script("bootstrap.sh"), "0700"),
  machineFile("/usr/local/sbin/cline-key-refresh", script("cline-key-refresh.sh"), "0700"),
  machineFile("/usr/local/sbin/cline-batch", script("cline-batch.sh"), "0700"),
  machineFile("/usr/local/lib/cline/cline-set-key.py", script("cline-set-key.py")),
  machineFile("/usr/local/lib/cline/cline-settings.py", script("cline-settings.py")),
  machineFile("/usr/local/lib/cline/cline_models.py", script("cline_models.py")),
  machineFile("/usr/local/lib/cline/cline-seed.json", script("cline-seed.json")),
  machineFile(localGatewayPaths.keyMap, emptyKeyMap),
  machineFile("/etc/cline/editor/haproxy.cfg", planEditorDoor()),
  gatewayService,
  editorDoor,
  codeServer,
  unit(
    "cline-key-refresh.service",
    "[Unit]",
    "Description=Set the developer's current virtual key in the local gateway",
    "Wants=network-online.target",
    "After=network-online.target",
    "StartLimitIntervalSec=0",
    "[Service]",
    "Type=oneshot",
    "ExecStart=/usr/local/sbin/cline-key-refresh",
    ...logged("key-refresh"),
    "TimeoutStartSec=120",
    "Restart=on-failure",
    "RestartSec=20",
  ),
  timer("cline-key-refresh.timer", "OnBootSec=20", "OnUnitActiveSec=300", "RandomizedDelaySec=30"),
  unit(
    "cline-batch.service",
    "[Service]",
    "Type=oneshot",
    "ExecStart=/usr/local/sbin/cline-batch",
    "StandardOutput=append:/var/log/cline/batch.log",
  ),
  timer("cline-batch.timer", "OnBootSec=60", "OnUnitInactiveSec=120"),
  machineFile("/etc/ssh/sshd_config.d/10-cline.conf", sshd, "0600"),
  machineFile(
    "/etc/profile.d/cline.sh",
    lines("export NODE_EXTRA_CA_CERTS=/etc/pki/tls/certs/ca-bundle.crt", "export AWS_EC2_METADATA_DISABLED=true"),
  ),
] as const;

/** The set-up as an object of the artifacts' bucket. */
export const setUp = (() => {
  const content = JSON.stringify(setUpFiles);
  return { content, sha256: createHash("sha256").update(content).digest("hex") };
})();

/** Key of a stack's set-up, by its content: a machine names an object that never changes. */
export const setUpKey = (stack: string): string => `workspace/set-up/${stack}/${setUp.sha256.slice(0, 12)}.json`;
