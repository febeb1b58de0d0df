import { RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import type { Context } from "aws-lambda";
import { names } from "../../config/names";
import { declaredDepartment } from "../shared/declared";
import { setting } from "../shared/environment";
import { log } from "../shared/log";
import { gatewayAsMaster, secretsManager } from "../shared/secrets";
import type { KeyStatus } from "./administer";
import { serve } from "./serve";

/** Does what a lead or an operator asks of a developer's keys; see `administer`. */
export async function handler(event: unknown, context: Context): Promise<{ readonly keys: readonly KeyStatus[] }> {
  const { virtualKey } = names(setting("ORGANIZATION"));
  const administration = {
    gateway: await gatewayAsMaster(),
    department: async (name: string) => (await declaredDepartment(name))?.value,
    startRotation: async (owner: string, developer: string) => {
      await secretsManager.send(new RotateSecretCommand({ SecretId: virtualKey(owner, developer) }));
    },
  };
  return { keys: await serve(administration, event, context, log) };
}
