import { setTimeout as sleep } from "node:timers/promises";
import { names } from "../../config/names";
import { declaredDepartment, declaredPlatform } from "../shared/declared";
import { setting } from "../shared/environment";
import { log } from "../shared/log";
import { gatewayAsMaster, gatewayFor, secretsManager } from "../shared/secrets";
import { rotate, type Step } from "./rotate";
import { vaultOf } from "./vault";

/** What Secrets Manager sends. */
export interface RotationEvent {
  readonly Step: Step;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

/**
 * Event of `up`: rotations are asynchronous, and this one waits until every named developer has a
 * key.
 */
export interface AwaitEvent {
  readonly await: { readonly department: string; readonly developers: readonly string[] };
}

/** Seconds until waiting is given up; the function itself may run 900. */
const patience = 600;

async function awaitKeys({ department, developers }: AwaitEvent["await"]): Promise<{ readonly keys: number }> {
  const { virtualKey } = names(setting("ORGANIZATION"));
  const end = Date.now() + patience * 1000;
  let missing = [...developers];
  for (;;) {
    const still: string[] = [];
    for (const developer of missing) {
      const { versions } = await vaultOf(secretsManager, virtualKey(department, developer)).state();
      if (versions["AWSCURRENT"] === undefined) still.push(developer);
    }
    if (still.length === 0) return { keys: developers.length };
    if (Date.now() > end) {
      throw new Error(`no key after ${String(patience)} s for ${still.join(", ")}: see the log group of key-rotation`);
    }
    missing = still;
    await sleep(5_000);
  }
}

/** One step of a rotation, or the wait for all of a department's first ones. */
export async function handler(event: RotationEvent | AwaitEvent): Promise<{ readonly keys: number } | undefined> {
  if ("await" in event) return awaitKeys(event.await);
  const { Step: step, SecretId: secretId, ClientRequestToken: version } = event;
  await rotate(
    {
      vault: vaultOf(secretsManager, secretId),
      gateway: await gatewayAsMaster(),
      gatewayAs: gatewayFor,
      organization: setting("ORGANIZATION"),
      platform: async () => (await declaredPlatform()).value,
      department: async (name) => (await declaredDepartment(name))?.value,
      now: () => new Date(),
    },
    step,
    version,
  );
  log("rotation step done", { step, secret: secretId, version });
  return undefined;
}
