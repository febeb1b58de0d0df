import { createHash } from "node:crypto";
import {
  embeddingGroup,
  type DeclaredDeveloper,
  type DepartmentState,
  type Limits,
  type ModelGroup,
} from "../../../config";
import { KeySecret, reconciler } from "./functions";
import type { World } from "./world";

const ample: Limits = {
  monthlyBudgetUsd: 100,
  tpm: 100_000_000,
  rpm: 100_000,
  models: ["light", "standard", "strong"],
  priority: "high",
};

/** The tagged inference profile of a department's model, as its stack makes it. */
export const profileOf = (department: string, group: ModelGroup): string =>
  `arn:aws:bedrock:ap-northeast-1:111122223333:application-inference-profile/${department}-${group}`;

export type People = Readonly<Record<string, Partial<Limits & { readonly blocked: boolean }>>>;

/** What a department of these tests declares beside its people. */
export type Declared = Partial<Limits> & {
  readonly keepPromptText?: boolean;
  /** Whether its stack made the profile of embeddings; default false. */
  readonly embeddings?: boolean;
};

/** A department's declaration; limits that are not given are out of the way. */
export function departmentState(department: string, people: People, declared: Declared = {}): DepartmentState {
  const { keepPromptText = false, embeddings = false, ...own } = declared;
  const whole = { ...ample, ...own };
  const ids = Object.keys(people).sort();
  const developers = ids.map((id): DeclaredDeveloper => {
    const equal = Math.floor((100 * whole.monthlyBudgetUsd) / ids.length) / 100;
    return { id, blocked: false, ...whole, monthlyBudgetUsd: equal, ...people[id] };
  });
  return {
    version: 1,
    source: `stacks/Pulumi.${department}.yaml`,
    department,
    lead: "sato",
    costCenter: "CC-1042",
    keepPromptText,
    ...whole,
    profiles: Object.fromEntries(
      [...whole.models, ...(embeddings ? [embeddingGroup] : [])].map((group) => [
        group,
        profileOf(department, group as ModelGroup),
      ]),
    ),
    developers,
  };
}

/** Declares a department and reconciles it, as its `up` does. @throws Error with the reconciler's refusal. */
export async function up(
  world: World,
  state: DepartmentState,
): Promise<{ readonly writes: number; readonly calls: number }> {
  const sha256 = createHash("sha256")
    .update(await world.declare(state))
    .digest("hex");
  return reconciler().handler({ department: state.department, sha256 });
}

/** Declares a department and gives each of its people a first key. @returns keys by person. */
export async function onboard(world: World, state: DepartmentState): Promise<Readonly<Record<string, string>>> {
  await up(world, state);
  const keys: Record<string, string> = {};
  for (const { id } of state.developers) {
    const secret = new KeySecret(world, state.department, id);
    await secret.create();
    keys[id] = await secret.rotate();
  }
  return keys;
}
