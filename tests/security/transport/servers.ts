import { parse } from "yaml";
import { planCollectorConfig } from "../../../functions/langfuse-provisioner/collector-config";
import { containersOf, hostOf, type Planned, type Program } from "./programs";
import type { ExceptionName, Kind } from "./table";

/** Something that takes connections. */
export interface Server {
  readonly name: string;
  readonly kind: Kind | "unknown";
  readonly port: number;
  /** Its security groups. */
  readonly groups: readonly string[];
  /** Why its TLS is none; empty where it is. */
  readonly faults: readonly string[];
  readonly exceptions: readonly ExceptionName[];
}

type Inputs = Planned["inputs"];
const ofType = (resources: readonly Planned[], type: string) => resources.filter((each) => each.type === type);
const list = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as readonly string[]) : []);
const entries = (value: unknown): readonly Inputs[] => (Array.isArray(value) ? (value as readonly Inputs[]) : []);
const fault = (when: boolean, words: string): readonly string[] => (when ? [words] : []);

/** HAProxy: one word that stands for TLS on the network, in each section. */
export function proxyFaults(config: string): readonly string[] {
  return config
    .split(/^(?=(?:listen|frontend|backend) )/m)
    .filter((section) => /^(listen|frontend|backend) /.test(section))
    .flatMap((section) => {
      const lines = section.split("\n").map((each) => each.trim());
      const isLoopback = (each: string) => /^(bind|server \S+) (127\.0\.0\.1:|unix@)/.test(each);
      const inward = lines.filter((each) => each.startsWith("bind ") && !isLoopback(each));
      const onward = lines.filter((each) => /^server(-template)? /.test(each) && !isLoopback(each));
      const verifies = [" ssl ", " verify required ", " ca-file ", " sni ", " verifyhost ", " ssl-min-ver TLSv1.2"];
      return [
        ...inward.filter((each) => !/ ssl crt \S+ ssl-min-ver TLSv1\.2$/.test(each)),
        ...onward.filter((each) => !verifies.every((word) => each.includes(word))),
      ].map((each) => `HAProxy: "${each}" is no verified TLS`);
    });
}

/** What a container's own settings say of TLS on a port; a container without a row has none. */
const containerTls: Readonly<
  Record<string, { readonly kind: Kind; readonly faults: (container: Program, port: number) => readonly string[] }>
> = {
  proxy: {
    kind: "langfuse",
    faults: ({ settings }, port) =>
      fault(!new RegExp(`^  bind :${String(port)} ssl `, "m").test(settings["CONFIG"] ?? ""), "no bind with TLS"),
  },
  litellm: {
    kind: "litellm",
    faults: ({ settings, commands }) => {
      const serves = !commands.some((each) => each.includes("--skip_server_startup"));
      const hasPair = ["SSL_CERTFILE_PATH", "SSL_KEYFILE_PATH"].every((name) => settings[name]);
      return fault(serves && !hasPair, "LiteLLM has no certificate");
    },
  },
  collector: {
    kind: "collector",
    faults: ({ injected }, port) => {
      const { receivers, extensions } = JSON.parse(planCollectorConfig([])) as CollectorConfig;
      const { endpoint, tls } = receivers.otlp.protocols.http;
      return [
        ...fault(!endpoint.endsWith(`:${String(port)}`), `it listens on ${endpoint}`),
        ...fault(tls?.cert_pem !== "${env:TLS_CERTIFICATE}" || tls.min_version !== "1.2", "its receiver has no TLS"),
        ...fault(!["TLS_CERTIFICATE", "TLS_KEY"].every((name) => injected.includes(name)), "it is given no key"),
        ...fault(!extensions.health_check.endpoint.startsWith("127.0.0.1:"), "its health check is open"),
      ];
    },
  },
};
interface CollectorConfig {
  readonly extensions: { readonly health_check: { readonly endpoint: string } };
  readonly receivers: {
    readonly otlp: {
      readonly protocols: {
        readonly http: { readonly endpoint: string; readonly tls?: { cert_pem?: string; min_version?: string } };
      };
    };
  };
}

/** Every port that a container's task publishes; the groups are of the services that run it. */
function containers(resources: readonly Planned[]): readonly Server[] {
  return ofType(resources, "aws:ecs/taskDefinition:TaskDefinition").flatMap((definition) => {
    const groups = ofType(resources, "aws:ecs/service:Service")
      .filter(({ inputs }) => inputs["taskDefinition"] === definition.outputs["arn"])
      .flatMap(({ inputs }) => list((inputs["networkConfiguration"] as Inputs)["securityGroups"]));
    return containersOf(definition, resources).flatMap((container) =>
      container.ports.map((port) => {
        const row = containerTls[container.name.split("/").at(-1) ?? ""];
        return {
          name: container.name,
          kind: row?.kind ?? "unknown",
          port,
          groups,
          faults: row?.faults(container, port) ?? ["nothing says that this container speaks TLS"],
          exceptions: [],
        };
      }),
    );
  });
}

/** ClickHouse's host: what its container publishes, against ClickHouse's own settings. */
function hosts(resources: readonly Planned[]): readonly Server[] {
  return ofType(resources, "aws:ec2/instance:Instance").flatMap((instance) => {
    const { settings, ports } = hostOf(instance, resources);
    const own = parse(settings["/etc/cline/clickhouse/cline.yaml"] ?? "{}") as Readonly<Record<string, unknown>>;
    return ports.map((port) => ({
      name: instance.name,
      kind: "clickhouse" as const,
      port,
      groups: list(instance.inputs["vpcSecurityGroupIds"]),
      faults: fault(port !== own["https_port"] && port !== own["tcp_port_secure"], "ClickHouse speaks no TLS there"),
      exceptions: [],
    }));
  });
}

const databases = (resources: readonly Planned[]): readonly Server[] =>
  ofType(resources, "aws:rds/cluster:Cluster").map(({ name, inputs }) => {
    const group = ofType(resources, "aws:rds/clusterParameterGroup:ClusterParameterGroup").find(
      (each) => each.inputs["name"] === inputs["dbClusterParameterGroupName"],
    );
    const forced = entries(group?.inputs["parameters"]).find((each) => each["name"] === "rds.force_ssl");
    return {
      name,
      kind: "postgres",
      port: Number(inputs["port"]),
      groups: list(inputs["vpcSecurityGroupIds"]),
      faults: fault(forced?.["value"] !== "1", "rds.force_ssl is not 1"),
      exceptions: [],
    };
  });

const caches = (resources: readonly Planned[]): readonly Server[] =>
  ofType(resources, "aws:elasticache/replicationGroup:ReplicationGroup").map(({ name, inputs }) => ({
    name,
    kind: "valkey",
    port: Number(inputs["port"]),
    groups: list(inputs["securityGroupIds"]),
    faults: fault(
      inputs["transitEncryptionEnabled"] !== true || inputs["transitEncryptionMode"] !== "required",
      "clients without TLS are taken",
    ),
    exceptions: [],
  }));

const endpoints = (resources: readonly Planned[]): readonly Server[] =>
  ofType(resources, "aws:ec2/vpcEndpoint:VpcEndpoint")
    .filter(({ inputs }) => inputs["vpcEndpointType"] === "Interface")
    .map(({ name, inputs }) => ({
      name,
      kind: "endpoint",
      port: 443,
      groups: list(inputs["securityGroupIds"]),
      faults: [],
      exceptions: [],
    }));

const isHttps = ({ inputs }: Planned) =>
  inputs["protocol"] === "HTTPS" &&
  String(inputs["sslPolicy"]).startsWith("ELBSecurityPolicy-TLS13-1-2-") &&
  inputs["certificateArn"] !== undefined;

/** Listeners of load balancers: HTTPS, or TCP to nothing but an HTTPS listener. */
function balancers(resources: readonly Planned[]): readonly Server[] {
  const listeners = ofType(resources, "aws:lb/listener:Listener");
  const passes = (listener: Planned): boolean =>
    listener.inputs["protocol"] === "TCP" &&
    entries(listener.inputs["defaultActions"]).every(({ targetGroupArn }) =>
      ofType(resources, "aws:lb/targetGroupAttachment:TargetGroupAttachment")
        .filter(({ inputs }) => inputs["targetGroupArn"] === targetGroupArn)
        .every(({ inputs }) =>
          listeners.some(
            (behind) =>
              behind.inputs["loadBalancerArn"] === inputs["targetId"] &&
              behind.inputs["port"] === inputs["port"] &&
              isHttps(behind),
          ),
        ),
    );
  return listeners.map((listener) => {
    const balancer = ofType(resources, "aws:lb/loadBalancer:LoadBalancer").find(
      ({ outputs }) => outputs["arn"] === listener.inputs["loadBalancerArn"],
    );
    const through = passes(listener);
    return {
      name: listener.name,
      kind: "balancer",
      port: Number(listener.inputs["port"]),
      groups: list(balancer?.inputs["securityGroups"]),
      faults: fault(!through && !isHttps(listener), "the listener speaks no HTTPS of TLS 1.2 and later"),
      exceptions: through ? ["passThrough"] : [],
    };
  });
}

/** Everything that takes connections. */
export const serversOf = (resources: readonly Planned[]): readonly Server[] =>
  [containers, hosts, databases, caches, endpoints, balancers].flatMap((each) => each(resources));

/** Target groups: HTTPS to targets and for health checks, or TCP to a load balancer that {@link serversOf} has checked. */
export const targetGroups = (resources: readonly Planned[]) =>
  ofType(resources, "aws:lb/targetGroup:TargetGroup").map(({ name, inputs }) => {
    const { protocol, targetType } = inputs;
    const through = protocol === "TCP" && targetType === "alb";
    return {
      faults: [
        ...fault(protocol !== "HTTPS" && !through, `${name}: its targets are sent ${String(protocol)}`),
        ...fault((inputs["healthCheck"] as Inputs)["protocol"] !== "HTTPS", `${name}: its health check is no HTTPS`),
      ],
      exception: through ? ("passThrough" as const) : ("targets" as const),
    };
  });
