import { RotateSecretCommand, DescribeSecretCommand, GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import type { Context } from "aws-lambda";
import { createRequire } from "node:module";
import { join } from "node:path";
import { bundleFolder } from "../../../functions/build";
import { names } from "../../../config";
import type { World } from "./world";

const root = join(__dirname, "..", "..", "..");
const load = createRequire(__filename);

/** A function as Lambda runs it: the built bundle, with the AWS SDK inside. */
const bundled = (name: string): unknown => load(join(bundleFolder(root, name), "index.js"));

export const reconciler = () =>
  bundled("access-reconciler") as typeof import("../../../functions/access-reconciler/handler");
export const rotation = () => bundled("key-rotation") as typeof import("../../../functions/key-rotation/handler");
export const keyAdmin = () => bundled("key-admin") as typeof import("../../../functions/key-admin/handler");
export const usageReport = () => bundled("usage-report") as typeof import("../../../functions/usage-report/handler");
export const spendCheck = () => bundled("spend-check") as typeof import("../../../functions/spend-check/handler");
export const batchRunner = () => bundled("batch-runner") as typeof import("../../../functions/batch-runner/handler");
export const canary = () => bundled("gateway-canary") as typeof import("../../../functions/gateway-canary/handler");

export const steps = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;

/** A developer's virtual-key secret, rotated as Secrets Manager does: a pending version, then the function's four steps. */
export class KeySecret {
  readonly name: string;

  constructor(
    private readonly world: World,
    readonly department: string,
    readonly developer: string,
  ) {
    this.name = names(world.organization).virtualKey(department, developer);
  }

  /** The secret without a value, as `up` makes it. */
  create(): Promise<void> {
    return this.world.createSecret(this.name);
  }

  /** Opens a rotation; the version that is to become the key. One that is under way already goes on. */
  async begin(): Promise<string> {
    const { current, pending } = await this.versions();
    if (pending === undefined || pending === current) {
      await this.world.secrets.send(new RotateSecretCommand({ SecretId: this.name }));
    }
    const version = (await this.versions()).pending;
    if (version === undefined) throw new Error(`${this.name}: no version is pending`);
    return version;
  }

  async step(Step: (typeof steps)[number], version: string): Promise<void> {
    await rotation().handler({ Step, SecretId: this.name, ClientRequestToken: version });
  }

  /** A whole rotation. @returns the new key. */
  async rotate(): Promise<string> {
    const version = await this.begin();
    for (const step of steps) await this.step(step, version);
    return this.key();
  }

  async versions(): Promise<{ readonly current?: string; readonly pending?: string; readonly previous?: string }> {
    const { VersionIdsToStages = {} } = await this.world.secrets.send(
      new DescribeSecretCommand({ SecretId: this.name }),
    );
    const at = (stage: string) => Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(stage))?.[0];
    const found = { current: at("AWSCURRENT"), pending: at("AWSPENDING"), previous: at("AWSPREVIOUS") };
    return Object.fromEntries(Object.entries(found).filter(([, version]) => version !== undefined));
  }

  /** The current key, as the workspace reads it. */
  async key(): Promise<string> {
    const { SecretString } = await this.world.secrets.send(new GetSecretValueCommand({ SecretId: this.name }));
    if (SecretString === undefined) throw new Error(`${this.name} has no value`);
    return SecretString;
  }
}

/** Asks `key-admin` by an alias: as the lead of a department does, or as operators do. */
export function askKeyAdmin(department: string, action: string, developer: string, alias = department) {
  const invokedFunctionArn = `arn:aws:lambda:ap-northeast-1:111122223333:function:key-admin:${alias}`;
  return keyAdmin().handler({ action, department, developer }, { invokedFunctionArn } as Context);
}
