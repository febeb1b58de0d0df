import { batchLimits } from "../../config/batch";
import type { DeclaredDeveloper, DepartmentState } from "../../config/declared-state";
import { commitmentOf, isOpen, type BatchJob, type BatchLedger } from "../shared/batch-ledger";
import type { PlannedBatch } from "./request-file";

/** What a request asks for: a batch, or the end of one. */
export interface PendingRequest {
  readonly key: string;
  /** Tells one upload under a key from the next. */
  readonly version: string;
  readonly bytes: number;
  readonly sentAt: Date;
  readonly department: string;
  readonly developer: string;
  /** Name of the file without its ending. */
  readonly name: string;
  readonly asks: "batch" | "stop";
}

/** An object under `requests/` as S3 lists it. */
export interface ListedObject {
  readonly key: string;
  readonly version: string;
  readonly bytes: number;
  readonly sentAt: Date;
}

const requestKey = /^requests\/([a-z][a-z0-9-]*)\/([a-z][a-z0-9-]*)\/([A-Za-z0-9][A-Za-z0-9._-]{0,63})\.(jsonl|stop)$/;

/**
 * Requests among the objects, oldest first. The key names the sender; IAM limits each workspace to
 * its own prefix.
 * Objects with other names are ignored; the bucket's retention removes them.
 */
export function planPending(objects: readonly ListedObject[]): readonly PendingRequest[] {
  return objects
    .flatMap((object): PendingRequest[] => {
      const [, department, developer, name, ending] = requestKey.exec(object.key) ?? [];
      if (department === undefined || developer === undefined || name === undefined) return [];
      return [{ ...object, department, developer, name, asks: ending === "stop" ? "stop" : "batch" }];
    })
    .sort((a, b) => a.sentAt.getTime() - b.sentAt.getTime() || (a.key < b.key ? -1 : 1));
}

/** A department and one of its people as declared and as the gateway has them now. */
export interface Standing {
  readonly state: DepartmentState | undefined;
  /** Budgets with running extra budgets, before batch reservations are deducted, in US dollars. */
  readonly departmentUsd: number;
  readonly personUsd: number;
  /** What the gateway counts of this month: chats only. */
  readonly departmentSpentUsd: number;
  readonly personSpentUsd: number;
  /** The department's team is there and not blocked. */
  readonly teamOpen: boolean;
  /** The person has a key that would be taken now. */
  readonly keyWorks: boolean;
  /** The department's chats pass a guardrail, which Bedrock applies to no batch. */
  readonly guarded: boolean;
}

const personOf = ({ state }: Standing, developer: string): DeclaredDeveloper | undefined =>
  state?.developers.find(({ id }) => id === developer);

/**
 * Reason why a person may run no batch at all; undefined when they may. The same reason stops
 * running batches.
 */
export function planBar(standing: Standing, developer: string): string | undefined {
  const { state, teamOpen, keyWorks, guarded } = standing;
  const person = personOf(standing, developer);
  if (state === undefined || person === undefined) return `${developer} is declared in no department's stack file`;
  if (guarded)
    return `${state.department} has a guardrail, which Bedrock applies to no batch; send the requests to the gateway one by one`;
  if (!teamOpen) return `${state.department} is closed at the gateway`;
  if (person.blocked) return `${developer} has no budget in ${state.source}`;
  if (!keyWorks) return `${developer} has no virtual key that works: blocked, or about to be replaced`;
  return undefined;
}

const usd = (value: number) => value.toFixed(2);

/** Decision on a request: admitted, waiting for the next run, or refused. */
export type Admission =
  | { readonly verdict: "admit"; readonly job: BatchJob }
  | { readonly verdict: "wait"; readonly why: string }
  | { readonly verdict: "refuse"; readonly faults: readonly string[] };

/**
 * Seconds between a reservation and its job. Chats that began under the old budget are counted by
 * then.
 * The gateway writes its count every ten seconds, and its workers read budgets again after five.
 */
export const settlingSeconds = 90;

/** Whether a reserved batch may start now. */
export const hasSettled = ({ reservedAt }: BatchJob, now: Date): boolean =>
  now.getTime() - new Date(reservedAt).getTime() >= settlingSeconds * 1000;

/**
 * Faults of budgets that reservations and spend exceed, one line each. `worstUsd` 0 checks the
 * current reservations.
 */
export function planExcess(standing: Standing, ledger: BatchLedger, developer: string, worstUsd: number, now: Date) {
  const taken = commitmentOf(ledger, now);
  const line = (whose: string, budget: number, spent: number, held: number): string[] =>
    spent + held + worstUsd <= budget
      ? []
      : [
          `${whose}: the batch can cost up to ${usd(worstUsd)} USD; of ${usd(budget)} USD this month ${usd(spent)} are spent and ` +
            `${usd(held)} are taken by batches; send less, lower max_tokens, or ask for more budget`,
        ];
  return [
    ...line("the department's budget", standing.departmentUsd, standing.departmentSpentUsd, taken.departmentUsd),
    ...line("your share", standing.personUsd, standing.personSpentUsd, taken.byDeveloper.get(developer) ?? 0),
  ];
}

/** Decides on a request whose file is valid. */
export function planAdmission(
  request: PendingRequest,
  batch: PlannedBatch,
  standing: Standing,
  ledger: BatchLedger,
  id: string,
  now: Date,
): Admission {
  const { developer, name } = request;
  const bar = planBar(standing, developer);
  if (bar !== undefined) return { verdict: "refuse", faults: [bar] };
  const models = personOf(standing, developer)?.models ?? [];
  if (!models.includes(batch.model)) {
    return { verdict: "refuse", faults: [`body.model: found ${batch.model}; allowed ${models.join(", ")}`] };
  }
  const open = ledger.jobs.filter((job) => isOpen(job) && job.developer === developer);
  if (open.some((job) => job.name === name)) {
    return { verdict: "refuse", faults: [`${name}: a batch of this name still runs; use another name`] };
  }
  const excess = planExcess(standing, ledger, developer, batch.worstUsd, now);
  if (excess.length > 0) return { verdict: "refuse", faults: excess };
  if (open.length >= batchLimits.openJobs) {
    return {
      verdict: "wait",
      why: `${String(open.length)} of your batches run; at most ${String(batchLimits.openJobs)} do at a time`,
    };
  }
  return {
    verdict: "admit",
    job: {
      id,
      name,
      developer,
      model: batch.model,
      records: batch.records,
      reservedUsd: batch.worstUsd,
      state: "reserved",
      reservedAt: now.toISOString(),
      costCenter: standing.state?.costCenter ?? "",
    },
  };
}

/**
 * Fraction of a budget by which spend and reservations may exceed it before batches are stopped.
 * The gateway lets requests in flight pass its own stop; these must not stop batches.
 */
export const tolerance = 0.05;

/** A batch to stop, and why. */
export interface Stop {
  readonly job: BatchJob;
  readonly reason: string;
}

/**
 * Batches to stop: those of people who may run none, and the youngest ones above a lowered budget.
 * @param standingOf undefined where the gateway could not be asked: those batches wait for the next
 * run.
 */
export function planStops(
  ledger: BatchLedger,
  standingOf: (developer: string) => Standing | undefined,
  now: Date,
): readonly Stop[] {
  const stops: Stop[] = [];
  // One that is stopping already makes room as soon as it has ended.
  let left: BatchLedger = { ...ledger, jobs: ledger.jobs.filter(({ state }) => state !== "stopping") };
  for (const job of [...ledger.jobs].reverse()) {
    if (job.state !== "running") continue;
    const standing = standingOf(job.developer);
    if (standing === undefined) continue;
    const allowance = {
      ...standing,
      departmentUsd: standing.departmentUsd * (1 + tolerance),
      personUsd: standing.personUsd * (1 + tolerance),
    };
    const bar = planBar(standing, job.developer);
    const excess = planExcess(allowance, left, job.developer, 0, now);
    if (bar === undefined && excess.length === 0) continue;
    stops.push({ job, reason: bar ?? "the budget was lowered below what its batches can cost" });
    left = { ...left, jobs: left.jobs.filter(({ id }) => id !== job.id) };
  }
  return stops;
}
