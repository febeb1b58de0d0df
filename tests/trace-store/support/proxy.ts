import { spawnSync } from "node:child_process";
import { parse } from "yaml";
import { langfusePort } from "../../../components/observability/functions";
import { planAccessData } from "../../../components/observability/langfuse/access-node";
import { clickHousePorts } from "../../../components/observability/langfuse/click-house-place";
import { planProxy } from "../../../components/observability/langfuse/tls";
import type { Issued } from "../../../functions/certificate/issue";
import { serverSecret } from "../../../functions/trace-certificates/plan";
import type { Server } from "../../gateway/support/server";
import { hosts, type World } from "./world";

/** The container beside Langfuse's web server, as it is deployed. */
const sidecar = (ownAuthority = true) =>
  planProxy({
    image: "unused",
    port: langfusePort,
    clickHouse: { host: hosts.clickHouse, port: clickHousePorts.native, ownAuthority },
    secrets: { authority: "unused", bundle: "unused" },
  });

/** Its configuration. */
export const sidecarConfig = (ownAuthority?: boolean): string => {
  const config = sidecar(ownAuthority).environment["CONFIG"];
  if (typeof config !== "string") throw new Error("the configuration is not known before the deployment");
  return config;
};

/** As Fargate would: the image's own user 99, without capabilities. */
const asItsUser = [
  ..."setpriv --reuid 99 --regid 99 --clear-groups --bounding-set -all --inh-caps -all --no-new-privs".split(" "),
];

/** Runs the sidecar with the secret of its server and the authority that it trusts. */
export function startSidecar(world: World, server: Issued, authority: string): Promise<Server> {
  const { entryPoint = [], command = [] } = sidecar();
  const { bundle } = JSON.parse(serverSecret(server)) as { bundle: string };
  const told = { CONFIG: sidecarConfig(), SERVER: bundle, AUTHORITY: authority };
  const env = { PATH: "/usr/sbin:/usr/bin:/bin", ...told };
  return world.start("sidecar", langfusePort, [...asItsUser, ...entryPoint, ...command], env);
}

/** The access node's configuration, with its authority in the world's folder. */
export function accessConfig(authorityFile: string): string {
  const text = planAccessData({
    host: hosts.langfuse,
    port: langfusePort,
    region: "ap-northeast-1",
    authoritySecret: "unused",
  });
  const { write_files: files } = parse(text) as { write_files: { path: string; content: string }[] };
  const config = files.find(({ path }) => path.endsWith("haproxy.cfg"))?.content ?? "";
  return config.replaceAll("/etc/cline/access/authority.pem", authorityFile);
}

/** HAProxy's own opinion of a configuration: empty where it has nothing to say. */
export function complaints(config: string, world: World): string {
  const file = world.file("checked.cfg", config);
  const { status, stdout, stderr } = spawnSync("/usr/sbin/haproxy", ["-c", "-dW", "-f", file], { encoding: "utf8" });
  return status === 0 ? "" : `${stdout}${stderr}` || "no words";
}
