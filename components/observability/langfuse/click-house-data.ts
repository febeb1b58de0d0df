import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { noDefaultUser } from "../../workspace/no-default-user";
import { withoutComments } from "../../workspace/script";
import { userDataLimit } from "../../workspace/user-data";
import { clickHousePorts } from "./click-house-place";

/** Arguments of {@link planClickHouseData}. None is secret. */
export interface ClickHouseData {
  readonly region: string;
  /** Image by digest, from this account's registry. */
  readonly image: string;
  /** Secrets Manager name of the password. */
  readonly passwordSecret: string;
  /** Days until traces are deleted. */
  readonly retentionDays: number;
  readonly logGroup: string;
  /** Secrets Manager name of ClickHouse's key and certificate. */
  readonly certificateSecret: string;
  /** DNS name that the certificate is for. */
  readonly host: string;
  /** Value of the dimension `Stack` of the ready metric. */
  readonly stack: string;
}

/** CloudWatch namespace of the ready metric `ClickHouseReady`: 1 where Langfuse could use the host, otherwise 0, each minute. */
export const traceNamespace = "Cline/Traces";

const script = (name: string) => {
  const text = readFileSync(join(__dirname, "..", "files", name), "utf8");
  return name.endsWith(".sh") ? withoutComments(text) : text;
};
const lines = (...text: readonly string[]) => `${text.join("\n")}\n`;

const tlsFolder = "/etc/clickhouse-server/tls";

/**
 * ClickHouse's own settings: UTC, TLS on the ports that the host publishes, plain only inside the container for its own client, its system
 * tables kept for a week, its log on standard output only.
 */
export const clickHouseSettings = {
  timezone: "UTC",
  https_port: clickHousePorts.https,
  tcp_port_secure: clickHousePorts.native,
  http_port: { "@remove": "1" },
  mysql_port: { "@remove": "1" },
  postgresql_port: { "@remove": "1" },
  interserver_http_port: { "@remove": "1" },
  openSSL: {
    server: {
      certificateFile: `${tlsFolder}/server.pem`,
      privateKeyFile: `${tlsFolder}/server.key`,
      dhParamsFile: { "@remove": "1" },
      verificationMode: "none",
      disableProtocols: "sslv2,sslv3,tlsv1,tlsv1_1",
      preferServerCiphers: true,
    },
  },
  logger: { level: "warning", console: 1, log: { "@remove": "1" }, errorlog: { "@remove": "1" } },
  listen_host: "0.0.0.0",
  ...Object.fromEntries(
    ["query_log", "part_log", "trace_log", "metric_log", "asynchronous_metric_log", "text_log", "error_log"].map(
      (table) => [table, { ttl: "event_date + INTERVAL 7 DAY DELETE" }],
    ),
  ),
};

const file = (path: string, content: string, permissions = "0644") => ({ path, permissions, content });

const unit = (name: string, ...text: readonly string[]) => file(`/etc/systemd/system/${name}`, lines(...text));
const timer = (name: string, ...clock: readonly string[]) =>
  unit(name, "[Timer]", ...clock, "[Install]", "WantedBy=timers.target");
const online = ["Wants=network-online.target", "After=network-online.target"];

/** systemd units: the log, the bootstrap until it succeeds, the container, its certificate, the retention, and the ready signal. */
const units = [
  unit(
    "clickhouse-logs.service",
    "[Unit]",
    "Description=Ship the journal to CloudWatch Logs",
    ...online,
    "StartLimitIntervalSec=0",
    "[Service]",
    "ExecStart=/usr/local/sbin/clickhouse-logs",
    "Restart=always",
    "RestartSec=10",
    "[Install]",
    "WantedBy=multi-user.target",
  ),
  unit(
    "clickhouse-bootstrap.service",
    "[Unit]",
    "Description=Prepare the ClickHouse host",
    ...online,
    "StartLimitIntervalSec=0",
    "[Service]",
    "Type=oneshot",
    "RemainAfterExit=yes",
    "ExecStart=/usr/local/sbin/clickhouse-bootstrap",
    "Restart=on-failure",
    "RestartSec=30",
    "TimeoutStartSec=900",
    "[Install]",
    "WantedBy=multi-user.target",
  ),
  unit(
    "clickhouse.service",
    "[Unit]",
    "Description=ClickHouse in a container",
    "Requires=docker.service var-lib-clickhouse.mount",
    "After=docker.service var-lib-clickhouse.mount network-online.target",
    "StartLimitIntervalSec=0",
    "[Service]",
    "ExecStartPre=/usr/local/sbin/clickhouse-certificate",
    "ExecStart=/usr/local/sbin/clickhouse-run",
    "ExecStop=/usr/bin/docker stop --time 60 clickhouse",
    "Restart=always",
    "RestartSec=10",
    "TimeoutStartSec=600",
    "[Install]",
    "WantedBy=multi-user.target",
  ),
  unit(
    "clickhouse-certificate.service",
    "[Service]",
    "Type=oneshot",
    "ExecStart=/usr/local/sbin/clickhouse-certificate",
  ),
  timer("clickhouse-certificate.timer", "OnCalendar=hourly", "RandomizedDelaySec=600"),
  unit("clickhouse-retention.service", "[Service]", "Type=oneshot", "ExecStart=/usr/local/sbin/clickhouse-retention"),
  timer("clickhouse-retention.timer", "OnCalendar=hourly", "RandomizedDelaySec=600", "Persistent=true"),
  unit("clickhouse-ready.service", "[Service]", "Type=oneshot", "ExecStart=/usr/local/sbin/clickhouse-ready"),
  timer("clickhouse-ready.timer", "OnBootSec=60", "OnUnitActiveSec=60"),
];

const scripts = ["bootstrap.sh", "certificate.sh", "logs.py", "ready.sh", "retention.sh", "run.sh"].map((name) =>
  file(`/usr/local/sbin/clickhouse-${name.replace(/\.[a-z]+$/, "")}`, script(`clickhouse-${name}`), "0700"),
);

/** What cloud-init starts, without waiting for any: the log before what may fail, and the signal that tells of it. */
const firstUnits = ["clickhouse-logs.service", "clickhouse-ready.timer", "clickhouse-bootstrap.service"];

/**
 * The ClickHouse host's cloud-config. It only writes files and starts units: the log first, then the bootstrap, which mounts the retained data
 * volume and is started again until it succeeds. ClickHouse runs as one container; traces go at the end of their retention. The host fetches
 * password and key at each start and keeps them in no file that survives a restart.
 * @throws RangeError when it is longer than EC2 takes
 */
export function planClickHouseData(data: ClickHouseData): string {
  const environment = {
    AWS_DEFAULT_REGION: data.region,
    IMAGE: data.image,
    CERTIFICATE_ID: data.certificateSecret,
    CLICKHOUSE_HOST: data.host,
    CREDENTIAL_ID: data.passwordSecret,
    RETENTION_DAYS: String(data.retentionDays),
    LOG_GROUP: data.logGroup,
    METRIC_NAMESPACE: traceNamespace,
    METRIC_STACK: data.stack,
  };
  const config = {
    users: noDefaultUser,
    disable_root: true,
    ssh_pwauth: false,
    package_update: false,
    write_files: [
      file(
        "/etc/cline/clickhouse.env",
        Object.entries(environment)
          .map(([key, value]) => `${key}='${value}'\n`)
          .join(""),
      ),
      file("/etc/cline/clickhouse/cline.yaml", stringify(clickHouseSettings)),
      ...scripts,
      ...units,
      file("/etc/sudoers.d/zz-cline", "ssm-user ALL=(ALL) !ALL\n", "0440"),
    ],
    runcmd: [
      ["systemctl", "daemon-reload"],
      ["systemctl", "enable", "--now", "--no-block", ...firstUnits],
    ],
  };
  const text = `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
  const bytes = Buffer.byteLength(text);
  if (bytes > userDataLimit)
    throw new RangeError(
      `user data of the ClickHouse host: ${String(bytes)} bytes, EC2 takes ${String(userDataLimit)}`,
    );
  return text;
}
