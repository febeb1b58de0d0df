import pMap from "p-map";
import type { DepartmentState } from "../../config/declared-state";
import { batchCommitments } from "../shared/batch-ledger";
import { declaredDepartment, declaredDepartments, declaredPlatform } from "../shared/declared";
import { dayOf, organizationRefusals, refusals } from "../shared/entitlements";
import { setting } from "../shared/environment";
import { tokenOf } from "../shared/litellm";
import { log } from "../shared/log";
import { gatewayAsMaster, secretText } from "../shared/secrets";
import { canaryTeam, closeDepartment, ensureCanary, reconcileDepartment } from "./reconcile";

/**
 * Departments reconciled at a time. Each one goes step by step: LiteLLM keeps a team's members in
 * one list.
 */
const departmentsAtOnce = 4;

/** The event. Without a department, the run reconciles all of them and closes undeclared teams. */
export interface Event {
  readonly department?: string;
  /** Hash of the object that `up` has just written. */
  readonly sha256?: string;
  /** A department whose keys end with its stack, whatever is still declared of it. */
  readonly ends?: string;
  /** Set by the provider with `ends`: what becomes of the resource that invokes. */
  readonly tf?: { readonly action: "create" | "update" | "delete" };
}

/** What a run did. */
export interface Outcome {
  readonly departments: number;
  readonly changes: number;
  /** Calls of LiteLLM's API, and those of them that change something. */
  readonly calls: number;
  readonly writes: number;
}

async function allDepartments(): Promise<DepartmentState[]> {
  const found = await Promise.all((await declaredDepartments()).map(declaredDepartment));
  return found.flatMap((declared) => declared?.value ?? []);
}

const nothing: Outcome = { departments: 0, changes: 0, calls: 0, writes: 0 };

/** Revokes a department's keys and blocks its team when its stack is destroyed. */
async function end({ ends = "", tf }: Event): Promise<Outcome> {
  if (tf?.action !== "delete") return nothing;
  const gateway = await gatewayAsMaster();
  const changes = await closeDepartment(gateway, ends, log);
  return { departments: 1, changes, calls: gateway.calls.all, writes: gateway.calls.writes };
}

/** Reads what is declared, and brings LiteLLM to it. */
export async function handler(event: Event): Promise<Outcome> {
  if (event.ends !== undefined) return end(event);
  const now = new Date();
  const platform = await declaredPlatform();
  const gateway = await gatewayAsMaster();
  let changes = 0;
  const faults: string[] = [];
  let departments: DepartmentState[];

  if (event.department === undefined) {
    departments = await allDepartments();
    const canaryKey = await secretText(setting("CANARY_KEY_SECRET_NAME"));
    changes += await ensureCanary(gateway, canaryKey, tokenOf(canaryKey), log);
    const declared = new Set([canaryTeam, ...departments.map(({ department }) => department)]);
    for (const team of await gateway.teamIds()) {
      if (!declared.has(team)) changes += await closeDepartment(gateway, team, log);
    }
  } else {
    const own = await declaredDepartment(event.department);
    if (own === undefined || own.sha256 !== event.sha256) {
      throw new Error(`${event.department}: what it declares has changed since this run was started; run up again`);
    }
    // The budgets of all departments together stay within the organization's.
    faults.push(...refusals(platform.value, own.value));
    faults.push(...organizationRefusals(platform.value, await allDepartments(), dayOf(now)));
    departments = [own.value];
  }
  if (faults.length > 0) throw new Error(`refused, nothing was changed:\n${faults.join("\n")}`);

  const batches = await batchCommitments(now);
  const reconcile = async (state: DepartmentState) => {
    try {
      const made = await reconcileDepartment(gateway, platform.value, state, now, log, batches.get(state.department));
      changes += made;
    } catch (fault) {
      // One department's fault does not keep the others from being repaired.
      faults.push(`${state.department}: ${(fault as Error).message}`);
    }
  };
  await pMap(departments, reconcile, { concurrency: departmentsAtOnce });
  const { all, writes } = gateway.calls;
  log("reconciled", { departments: departments.length, changes, calls: all, writes, faults: faults.length });
  if (faults.length > 0) throw new Error(faults.join("\n"));
  return { departments: departments.length, changes, calls: all, writes };
}
