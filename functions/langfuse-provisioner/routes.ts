import { type ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { setting } from "../shared/environment";
import { log } from "../shared/log";
import { planCollectorConfig } from "./collector-config";
import { parseSecret, type ProjectSecret } from "./project";
import { keepSecret, readSecret, secretNames } from "./store";

async function projects(): Promise<ProjectSecret[]> {
  const found: ProjectSecret[] = [];
  for await (const name of secretNames(`cline/${setting("ORGANIZATION")}/`)) {
    if (!name.endsWith("/langfuse")) continue;
    const secret = await readSecret(name);
    if (secret) found.push(parseSecret(secret.text));
  }
  return found;
}

/**
 * Writes the collector's configuration for all projects, and restarts the collector when it
 * changed.
 */
async function writeRoutes(ecs: ECSClient): Promise<boolean> {
  const id = setting("COLLECTOR_CONFIG_ID");
  const wanted = planCollectorConfig(await projects());
  if (!(await keepSecret(id, wanted, await readSecret(id))).written) return false;
  try {
    await ecs.send(
      new UpdateServiceCommand({
        cluster: setting("CLUSTER"),
        service: setting("COLLECTOR_SERVICE"),
        forceNewDeployment: true,
      }),
    );
  } catch (fault) {
    // At the first `up` the service waits for this very configuration.
    const { name } = fault as Error;
    if (name !== "ServiceNotFoundException" && name !== "ServiceNotActiveException") throw fault;
  }
  log("collector routes changed");
  return true;
}

/** Times that a run writes the routes at most; each hour begins another. */
const mostWrites = 4;

/**
 * Keeps the collector's routes. Two runs may overlap, so a run that wrote looks again: the last one
 * to look finds every department's project in the routes.
 */
export async function syncRoutes(ecs: ECSClient): Promise<boolean> {
  let writes = 0;
  while (writes < mostWrites && (await writeRoutes(ecs))) writes++;
  return writes > 0;
}
