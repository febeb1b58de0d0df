import { RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import type { Context } from "aws-lambda";
import { names } from "../../config/names";
import { declaredDepartment } from "../shared/declared";
import { setting } from "../shared/environment";
import { log } from "../shared/log";
import { gatewayAsMaster, secretsManager } from "../shared/secrets";
import { administer, departmentOf, parseRequest, type KeyStatus } from "./administer";

/** Does what a lead asks of the keys of their own department; see `administer`. */
export async function handler(event: unknown, context: Context): Promise<{ readonly keys: readonly KeyStatus[] }> {
  const department = departmentOf(context.invokedFunctionArn);
  const request = parseRequest(event);
  const { virtualKey } = names(setting("ORGANIZATION"));
  const keys = await administer(
    {
      gateway: await gatewayAsMaster(),
      department: async (name) => (await declaredDepartment(name))?.value,
      startRotation: async (owner, developer) => {
        await secretsManager.send(new RotateSecretCommand({ SecretId: virtualKey(owner, developer) }));
      },
    },
    department,
    request,
  );
  log("key administered", { department, action: request.action, developer: request.developer });
  return { keys };
}
