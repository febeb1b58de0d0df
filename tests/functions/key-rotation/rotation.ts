import assert from "node:assert/strict";
import type { DepartmentState } from "../../../config";
import { rotate, type Rotation, type Step } from "../../../functions/key-rotation/rotate";
import type { Vault } from "../../../functions/key-rotation/vault";
import { declaredPlatform } from "../../support/declared";
import type { FakeLiteLLM } from "../../support/litellm";

export const steps: readonly Step[] = ["createSecret", "setSecret", "testSecret", "finishSecret"];

/** A secret as Secrets Manager keeps it: a stage is at one version, a version's value never changes. */
export class FakeVault implements Vault {
  readonly stages = new Map<string, string>();
  readonly values = new Map<string, string>();
  calls = 0;
  failAt: { readonly call: number; readonly way: "before" | "after" } | undefined;

  constructor(readonly name: string) {}

  #call<T>(act: () => T): Promise<T> {
    this.calls++;
    const failing = this.failAt?.call === this.calls ? this.failAt.way : undefined;
    if (failing === "before") return Promise.reject(new Error("not heard"));
    const done = act();
    return failing === "after" ? Promise.reject(new Error("answer lost")) : Promise.resolve(done);
  }
  state = () => this.#call(() => ({ name: this.name, versions: Object.fromEntries(this.stages) }));
  value = (version: string) => this.#call(() => this.values.get(version));
  putPending = (version: string, value: string) =>
    this.#call(() => {
      assert.ok(!this.values.has(version) || this.values.get(version) === value, "a version's value never changes");
      this.values.set(version, value);
      this.stages.set("AWSPENDING", version);
    });
  promote = (version: string, from: string | undefined) =>
    this.#call(() => {
      if (from !== undefined) this.stages.set("AWSPREVIOUS", from);
      this.stages.set("AWSCURRENT", version);
    });
  abandon = () => this.#call(() => void this.stages.delete("AWSPENDING"));

  /** What RotateSecret does before it calls the function. */
  begin(version: string): void {
    this.stages.set("AWSPENDING", version);
  }
  get current(): string | undefined {
    return this.values.get(this.stages.get("AWSCURRENT") ?? "");
  }
}

/** Rotations of a vault's key at LiteLLM, for the one department that there is. */
export const rotationOf = (litellm: FakeLiteLLM, vault: Vault, state: DepartmentState): Rotation => ({
  vault,
  gateway: litellm.client(),
  gatewayAs: (key) => litellm.client(key),
  organization: "example",
  platform: () => Promise.resolve(declaredPlatform()),
  department: (name) => Promise.resolve(name === "engineering" ? state : undefined),
  now: () => new Date(),
});

/** One rotation as Secrets Manager drives it: a step that fails is tried again. */
export async function turned(rotation: () => Rotation, vault: FakeVault, version: string, attempts = 5): Promise<void> {
  vault.begin(version);
  for (const step of steps) {
    for (let attempt = 1; ; attempt++) {
      try {
        await rotate(rotation(), step, version);
        break;
      } catch (fault) {
        if (attempt === attempts) throw fault;
      }
    }
  }
  vault.stages.delete("AWSPENDING");
}
