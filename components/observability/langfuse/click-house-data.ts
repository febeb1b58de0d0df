import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { noDefaultUser } from "../../workspace/no-default-user";

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
}

const script = (name: string) => readFileSync(join(__dirname, "..", "files", name), "utf8");
const lines = (...text: readonly string[]) => `${text.join("\n")}\n`;

/** ClickHouse's own settings: UTC, its system tables kept for a week, its log on standard output only. */
const settings = {
  timezone: "UTC",
  logger: { level: "warning", console: 1, log: { "@remove": "1" }, errorlog: { "@remove": "1" } },
  listen_host: "0.0.0.0",
  ...Object.fromEntries(
    ["query_log", "part_log", "trace_log", "metric_log", "asynchronous_metric_log", "text_log", "error_log"].map(
      (table) => [table, { ttl: "event_date + INTERVAL 7 DAY DELETE" }],
    ),
  ),
};

const file = (path: string, content: string, permissions = "0644") => ({ path, permissions, content });

/** systemd units: the container, and the hourly retention. */
const units = [
  file(
    "/etc/systemd/system/clickhouse.service",
    lines(
      "[Unit]",
      "Description=ClickHouse in a container",
      "Requires=docker.service var-lib-clickhouse.mount",
      "After=docker.service var-lib-clickhouse.mount network-online.target",
      "[Service]",
      "ExecStart=/usr/local/sbin/clickhouse-run",
      "ExecStop=/usr/bin/docker stop --time 60 clickhouse",
      "Restart=always",
      "RestartSec=10",
      "TimeoutStartSec=600",
      "[Install]",
      "WantedBy=multi-user.target",
    ),
  ),
  file(
    "/etc/systemd/system/clickhouse-retention.service",
    lines("[Service]", "Type=oneshot", "ExecStart=/usr/local/sbin/clickhouse-retention"),
  ),
  file(
    "/etc/systemd/system/clickhouse-retention.timer",
    lines(
      "[Timer]",
      "OnCalendar=hourly",
      "RandomizedDelaySec=600",
      "Persistent=true",
      "[Install]",
      "WantedBy=timers.target",
    ),
  ),
];

/**
 * The ClickHouse host's cloud-config: mounts the retained data volume, runs ClickHouse as one container under systemd, and deletes traces at
 * the end of their retention. The host fetches the password at each start and keeps it in no file that survives a restart.
 */
export function planClickHouseData(data: ClickHouseData): string {
  const environment = {
    AWS_DEFAULT_REGION: data.region,
    IMAGE: data.image,
    CREDENTIAL_ID: data.passwordSecret,
    RETENTION_DAYS: String(data.retentionDays),
    LOG_GROUP: data.logGroup,
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
      file("/etc/cline/clickhouse/cline.yaml", stringify(settings)),
      file("/usr/local/sbin/clickhouse-bootstrap", script("clickhouse-bootstrap.sh"), "0700"),
      file("/usr/local/sbin/clickhouse-run", script("clickhouse-run.sh"), "0700"),
      file("/usr/local/sbin/clickhouse-retention", script("clickhouse-retention.sh"), "0700"),
      ...units,
      file("/etc/sudoers.d/zz-cline", "ssm-user ALL=(ALL) !ALL\n", "0440"),
    ],
    runcmd: [["systemctl", "daemon-reload"], ["/usr/local/sbin/clickhouse-bootstrap"]],
  };
  return `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
}
