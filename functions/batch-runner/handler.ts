import { batchKeys, type BatchModels } from "../../config/batch";
import type { DepartmentState } from "../../config/declared-state";
import { batchLedgers } from "../shared/batch-ledger";
import { declaredDepartment, declaredDepartments, declaredPlatform } from "../shared/declared";
import { setting } from "../shared/environment";
import { log } from "../shared/log";
import { gatewayAsMaster } from "../shared/secrets";
import { listFiles } from "./files";
import { planPending } from "./plan";
import { BatchRun } from "./run";

/** Milliseconds after which a run begins nothing new: the next one comes five minutes after it and must not find it at work. */
const patienceMs = 200_000;

/** What a run found. */
export interface Outcome {
  readonly requests: number;
  readonly open: number;
}

/**
 * Stops batches that must not run on, advances the others, then handles new requests.
 * Runs every five minutes. Two runs may overlap: a ledger is written only as it was read.
 */
export async function handler(): Promise<Outcome> {
  const began = Date.now();
  const known = new Set(await declaredDepartments());
  const states = new Map<string, Promise<DepartmentState | undefined>>();
  const declared = (department: string): Promise<DepartmentState | undefined> => {
    if (!known.has(department)) return Promise.resolve(undefined);
    const state = states.get(department) ?? declaredDepartment(department).then((found) => found?.value);
    states.set(department, state);
    return state;
  };
  const run = new BatchRun({
    gateway: await gatewayAsMaster(),
    platform: (await declaredPlatform()).value,
    declared,
    models: JSON.parse(setting("MODELS")) as BatchModels,
    ledgers: await batchLedgers(),
    now: new Date(began),
  });
  const faults: string[] = [];
  // One batch's or department's fault does not hold up the others.
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    if (Date.now() - began > patienceMs) return;
    try {
      await work();
    } catch (fault) {
      faults.push(`${what}: ${(fault as Error).message}`);
    }
  };
  for (const department of run.departments()) {
    await attempt(department, () => run.hold(department));
    for (const job of run.open(department)) await attempt(job.id, () => run.advance(department, job));
    await attempt(department, () => run.settle(department));
  }
  const requests = planPending(await listFiles(batchKeys.requests));
  for (const request of requests) await attempt(request.key, () => run.take(request));

  const open = run.departments().reduce((sum, department) => sum + run.open(department).length, 0);
  log("batches looked at", { requests: requests.length, open, faults: faults.length });
  if (faults.length > 0) throw new Error(faults.join("\n"));
  return { requests: requests.length, open };
}
