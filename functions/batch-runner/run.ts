import { batchKeys, batchLimits, type BatchModels } from "../../config/batch";
import type { DepartmentState, PlatformState } from "../../config/declared-state";
import {
  batchId,
  commitmentOf,
  isOpen,
  withJob,
  withoutJob,
  writeLedger,
  type BatchJob,
  type BatchLedger,
  type StoredLedger,
} from "../shared/batch-ledger";
import { dayOf, departmentBudgetUsd, personBudgetUsd, planMember, planTeam } from "../shared/entitlements";
import type { LiteLLM } from "../shared/litellm";
import { log } from "../shared/log";
import { AnswerFiles, manifestUsage } from "./answers";
import { listFiles, readFile, readLines, removeFile, writeFile } from "./files";
import { lookAtJob, startJob, stopJob, type JobStatus } from "./jobs";
import {
  costOf,
  hasSettled,
  isFinal,
  planAdmission,
  planBar,
  planExcess,
  planStops,
  type PendingRequest,
  type Standing,
} from "./plan";
import { planBatch } from "./request-file";

/** What a run works with. */
export interface RunArgs {
  readonly gateway: LiteLLM;
  readonly platform: PlatformState;
  /** Undefined where a department declares nothing. */
  readonly declared: (department: string) => Promise<DepartmentState | undefined>;
  readonly models: BatchModels;
  readonly ledgers: Map<string, StoredLedger>;
  readonly now: Date;
}

type Team = NonNullable<Awaited<ReturnType<LiteLLM["team"]>>>;

/** What a developer reads of a batch beside its answers; written again only when it differs. */
interface Status {
  readonly state: "waiting" | "refused" | BatchJob["state"];
  readonly faults?: readonly string[];
  readonly why?: string;
}

/**
 * One run over all batches. A batch is first reserved: its highest possible cost goes from the budgets that the gateway enforces. A later run
 * looks at the budgets again and starts the job; after its end the reservation gives way to what it did cost.
 */
export class BatchRun {
  constructor(private readonly args: RunArgs) {}

  /** Takes up a request: reserves a batch, refuses it, or stops one that runs. */
  async take(request: PendingRequest): Promise<void> {
    const { key, department, developer, name } = request;
    if (request.asks === "stop") {
      const running = this.#ledger(department).jobs.find(
        (job) => job.name === name && job.developer === developer && job.state === "running",
      );
      if (running) await this.#stop(department, running, "asked for by its developer");
      // One that is reserved only starts with the next run, which then finds this request.
      const coming = this.#ledger(department).jobs.some(
        (job) => job.name === name && job.developer === developer && job.state === "reserved",
      );
      if (!coming) await removeFile(key);
      return;
    }
    const id = batchId(key, request.version);
    if (this.#ledger(department).jobs.some((job) => job.id === id)) {
      await removeFile(key);
      return;
    }
    const standing = await this.#standing(department, developer);
    const bar = planBar(standing, developer);
    const tooLarge = request.bytes > batchLimits.maxBytes;
    if (bar !== undefined || tooLarge) {
      const size = `found ${String(request.bytes)} bytes; allowed at most ${String(batchLimits.maxBytes)} in one file`;
      await this.#refuse(request, [bar ?? size]);
      return;
    }
    const batch = planBatch(await readFile(key, request.version), this.args.models);
    if ("faults" in batch) {
      await this.#refuse(request, batch.faults);
      return;
    }
    const admission = planAdmission(request, batch, standing, this.#ledger(department), id, this.args.now);
    if (admission.verdict === "refuse") {
      await this.#refuse(request, admission.faults);
      return;
    }
    if (admission.verdict === "wait") {
      await this.#tell(department, developer, name, { state: "waiting", why: admission.why });
      return;
    }
    const { job } = admission;
    await writeFile(`${batchKeys.jobOf(id)}input.jsonl`, batch.input);
    await writeFile(`${batchKeys.jobOf(id)}ids.json`, JSON.stringify(batch.customIds), "application/json");
    await this.#save(department, withJob(this.#ledger(department), job, this.args.now));
    await this.settle(department);
    await this.#tell(department, developer, name, job);
    await removeFile(key);
    log("batch reserved", { department, developer, id, model: job.model, records: job.records, usd: job.reservedUsd });
  }

  /** Departments with a ledger. */
  departments(): readonly string[] {
    return [...this.args.ledgers.keys()].sort();
  }

  /** Open batches of a department. */
  open(department: string): readonly BatchJob[] {
    return this.#ledger(department).jobs.filter(isOpen);
  }

  /** Takes one open batch a step further, if there is one to take. */
  async advance(department: string, job: BatchJob): Promise<void> {
    if (job.jobArn === undefined) {
      if (hasSettled(job, this.args.now)) await this.#start(department, job);
      return;
    }
    const found = await lookAtJob(job.jobArn);
    if (isFinal(found.status)) await this.#finish(department, job, found.status, found);
  }

  /** Stops what may run no longer. */
  async hold(department: string): Promise<void> {
    const standings = new Map<string, Standing>();
    for (const { developer } of this.open(department)) {
      if (!standings.has(developer)) standings.set(developer, await this.#standing(department, developer));
    }
    const stops = planStops(this.#ledger(department), (developer) => standings.get(developer), this.args.now);
    for (const { job, reason } of stops) await this.#stop(department, job, reason);
  }

  async #start(department: string, job: BatchJob): Promise<void> {
    const { developer, name } = job;
    await this.settle(department);
    const standing = await this.#standing(department, developer);
    const others = withoutJob(this.#ledger(department), job.id);
    const bar = planBar(standing, developer);
    const faults = bar === undefined ? planExcess(standing, others, developer, job.reservedUsd, this.args.now) : [bar];
    const started =
      faults.length > 0 ? { refused: faults.join("\n") } : await startJob(job, department, this.args.models);
    if ("later" in started) {
      log("batch not started yet", { department, id: job.id, fault: started.later });
      return;
    }
    if ("refused" in started) {
      await this.#save(department, others);
      await this.settle(department);
      await this.#tell(department, developer, name, { state: "refused", faults: started.refused.split("\n") });
      log("batch refused", { department, developer, id: job.id });
      return;
    }
    await this.#record(department, { ...job, state: "running", jobArn: started.jobArn });
    log("batch started", { department, developer, id: job.id, job: started.jobArn });
  }

  async #stop(department: string, job: BatchJob, stopReason: string): Promise<void> {
    if (job.jobArn === undefined) return;
    await stopJob(job.jobArn);
    await this.#record(department, { ...job, state: "stopping", stopReason });
    log("batch stopped", { department, developer: job.developer, id: job.id, reason: stopReason });
  }

  /** Puts answers and errors where the developer finds them, then books what it did cost. Repeating it does the same. */
  async #finish(department: string, job: BatchJob, status: string, found: JobStatus): Promise<void> {
    const { models, now } = this.args;
    const place = batchKeys.jobOf(job.id);
    const output = await listFiles(`${place}output/`);
    const files = new AnswerFiles(job.model, JSON.parse(await readFile(`${place}ids.json`)) as string[]);
    for (const { key } of output.filter((file) => file.key.endsWith(".jsonl.out"))) {
      for await (const line of readLines(key)) files.add(line);
    }
    const { answers, errors, usage: counted } = files.end();
    const manifest = output.find(({ key }) => key.endsWith("manifest.json.out"));
    const usage = (manifest && manifestUsage(await readFile(manifest.key))) ?? counted;
    const answersAt = `${batchKeys.answersOf(department, job.developer)}${job.name}`;
    // Both, also when one is empty: an earlier batch of the same name may have left its own.
    await writeFile(`${answersAt}.answers.jsonl`, answers);
    await writeFile(`${answersAt}.errors.jsonl`, errors);
    const ended: BatchJob = {
      ...job,
      state: "ended",
      endedAt: now.toISOString(),
      outcome: found.message === undefined ? status : `${status}: ${found.message}`,
      costUsd: costOf(job, { status, processed: found.processed, usage }, models),
      succeeded: counted?.succeeded ?? 0,
      inputTokens: usage?.inputTokens ?? 0,
      outputTokens: usage?.outputTokens ?? 0,
    };
    await this.#record(department, ended);
    log("batch ended", {
      department,
      developer: job.developer,
      id: job.id,
      status,
      usd: ended.costUsd,
      reservedUsd: job.reservedUsd,
      succeeded: ended.succeeded,
    });
  }

  async #refuse({ key, department, developer, name }: PendingRequest, faults: readonly string[]): Promise<void> {
    // Said only to those who are there: a name that nobody declares gets no answers.
    const state = await this.args.declared(department);
    if (state?.developers.some(({ id }) => id === developer)) {
      const running = this.#ledger(department).jobs.some(
        (job) => isOpen(job) && job.developer === developer && job.name === name,
      );
      // The running one's status stands under the same name: it is left alone.
      await this.#tell(department, developer, running ? `${name}.refused` : name, { state: "refused", faults });
    }
    await removeFile(key);
    log("batch refused", { department, developer, faults: faults.length });
  }

  async #standing(department: string, developer: string): Promise<Standing> {
    const { gateway, platform, now } = this.args;
    const state = await this.args.declared(department);
    const found = state && (await gateway.team(department));
    const keys = found ? await gateway.keysOfUser(department, developer) : [];
    const person = state?.developers.find(({ id }) => id === developer);
    const today = dayOf(now);
    return {
      state,
      departmentUsd: state ? departmentBudgetUsd(platform, state, today) : 0,
      personUsd: state && person ? personBudgetUsd(platform, state, person, today) : 0,
      departmentSpentUsd: found?.team.spend ?? 0,
      personSpentUsd: found?.members.find(({ user_id }) => user_id === developer)?.spend ?? 0,
      teamOpen: found !== undefined && found.team.blocked !== true,
      keyWorks: keys.some(
        ({ blocked, expires }) => blocked !== true && (expires === null || new Date(expires).getTime() > now.getTime()),
      ),
    };
  }

  /** Gives team and members at the gateway what batches leave of their budgets. The hourly reconciliation would do the same, later. */
  async settle(department: string): Promise<void> {
    const { gateway, platform, now } = this.args;
    const state = await this.args.declared(department);
    const found = state && (await gateway.team(department));
    if (state === undefined || found === undefined) return;
    const today = dayOf(now);
    const taken = commitmentOf(this.#ledger(department), now);
    const differs = (budget: number | null | undefined, wanted: number) =>
      typeof budget !== "number" || Math.abs(budget - wanted) >= 0.005;
    const team = planTeam(platform, state, today, taken.departmentUsd);
    if (differs(found.team.max_budget, team.max_budget)) {
      await gateway.updateTeam({ ...team, blocked: found.team.blocked ?? false });
    }
    for (const developer of state.developers) {
      const member = memberOf(found, developer.id);
      if (member === undefined) continue;
      const wanted = planMember(platform, state, developer, today, taken.byDeveloper.get(developer.id));
      if (differs(member.litellm_budget_table?.max_budget, wanted.max_budget_in_team))
        await gateway.updateMember(wanted);
    }
  }

  #ledger(department: string): BatchLedger {
    return this.args.ledgers.get(department)?.ledger ?? { version: 1, department, jobs: [] };
  }

  async #save(department: string, ledger: BatchLedger): Promise<void> {
    const version = this.args.ledgers.get(department)?.version;
    this.args.ledgers.set(department, await writeLedger({ ledger, version }));
  }

  async #record(department: string, job: BatchJob): Promise<void> {
    await this.#save(department, withJob(this.#ledger(department), job, this.args.now));
    await this.#tell(department, job.developer, job.name, job);
  }

  async #tell(department: string, developer: string, name: string, status: Status | BatchJob): Promise<void> {
    const key = `${batchKeys.answersOf(department, developer)}${name}.status.json`;
    const text = `${JSON.stringify(status, null, 2)}\n`;
    const [present] = (await listFiles(key)).filter((file) => file.key === key);
    if (present !== undefined && (await readFile(key)) === text) return;
    await writeFile(key, text, "application/json");
  }
}

const memberOf = (team: Team, developer: string) => team.members.find(({ user_id }) => user_id === developer);
