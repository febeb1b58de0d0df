import { batchKeys, batchLimits } from "../../config/batch";
import { batchId, isOpen, withJob, withoutJob, type BatchJob } from "../shared/batch-ledger";
import { log } from "../shared/log";
import { AnswerFiles, manifestUsage } from "./answers";
import { Books, type RunArgs } from "./books";
import { listFiles, readFile, readLines, removeFile, writeFile } from "./files";
import { lookAtJob, startJob, stopJob, type JobStatus } from "./jobs";
import { hasSettled, planAdmission, planBar, planExcess, planStops, type PendingRequest, type Standing } from "./plan";
import { planBatch } from "./request-file";
import { costOf, isFinal } from "./settlement";

/**
 * One run over all batches. It reserves a batch first: the highest possible cost is deducted from
 * the budgets.
 * A later run checks the budgets again and starts the job. After its end the actual cost replaces
 * the reservation.
 */
export class BatchRun {
  readonly #books: Books;

  constructor(private readonly args: RunArgs) {
    this.#books = new Books(args);
  }

  /** Handles a request: reserves a batch, refuses it, or stops a running one. */
  async take(request: PendingRequest): Promise<void> {
    const { key, department, developer, name } = request;
    if (request.asks === "stop") {
      const running = this.#books
        .ledger(department)
        .jobs.find((job) => job.name === name && job.developer === developer && job.state === "running");
      if (running) await this.#stop(department, running, "asked for by its developer");
      // One that is reserved only starts with the next run, which then finds this request.
      const coming = this.#books
        .ledger(department)
        .jobs.some((job) => job.name === name && job.developer === developer && job.state === "reserved");
      if (!coming) await removeFile(key);
      return;
    }
    const id = batchId(key, request.version);
    if (this.#books.ledger(department).jobs.some((job) => job.id === id)) {
      await removeFile(key);
      return;
    }
    const standing = await this.#books.standing(department, developer);
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
    const admission = planAdmission(request, batch, standing, this.#books.ledger(department), id, this.args.now);
    if (admission.verdict === "refuse") {
      await this.#refuse(request, admission.faults);
      return;
    }
    if (admission.verdict === "wait") {
      await this.#books.tell(department, developer, name, { state: "waiting", why: admission.why });
      return;
    }
    const { job } = admission;
    await writeFile(`${batchKeys.jobOf(id)}input.jsonl`, batch.input);
    await writeFile(`${batchKeys.jobOf(id)}ids.json`, JSON.stringify(batch.customIds), "application/json");
    await this.#books.save(department, withJob(this.#books.ledger(department), job, this.args.now));
    await this.#books.settle(department);
    await this.#books.tell(department, developer, name, job);
    await removeFile(key);
    log("batch reserved", { department, developer, id, model: job.model, records: job.records, usd: job.reservedUsd });
  }

  /** Departments with a ledger. */
  departments(): readonly string[] {
    return [...this.args.ledgers.keys()].sort();
  }

  /** Open batches of a department. */
  open(department: string): readonly BatchJob[] {
    return this.#books.ledger(department).jobs.filter(isOpen);
  }

  /** Deducts batch reservations from the budgets of team and members at the gateway. */
  settle(department: string): Promise<void> {
    return this.#books.settle(department);
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
      if (!standings.has(developer)) standings.set(developer, await this.#books.standing(department, developer));
    }
    const stops = planStops(this.#books.ledger(department), (developer) => standings.get(developer), this.args.now);
    for (const { job, reason } of stops) await this.#stop(department, job, reason);
  }

  async #start(department: string, job: BatchJob): Promise<void> {
    const { developer, name } = job;
    await this.#books.settle(department);
    const standing = await this.#books.standing(department, developer);
    const others = withoutJob(this.#books.ledger(department), job.id);
    const bar = planBar(standing, developer);
    const faults = bar === undefined ? planExcess(standing, others, developer, job.reservedUsd, this.args.now) : [bar];
    const started =
      faults.length > 0 ? { refused: faults.join("\n") } : await startJob(job, department, this.args.models);
    if ("later" in started) {
      log("batch not started yet", { department, id: job.id, fault: started.later });
      return;
    }
    if ("refused" in started) {
      await this.#books.save(department, others);
      await this.#books.settle(department);
      await this.#books.tell(department, developer, name, { state: "refused", faults: started.refused.split("\n") });
      log("batch refused", { department, developer, id: job.id });
      return;
    }
    await this.#books.record(department, { ...job, state: "running", jobArn: started.jobArn });
    log("batch started", { department, developer, id: job.id, job: started.jobArn });
  }

  async #stop(department: string, job: BatchJob, stopReason: string): Promise<void> {
    if (job.jobArn === undefined) return;
    await stopJob(job.jobArn);
    await this.#books.record(department, { ...job, state: "stopping", stopReason });
    log("batch stopped", { department, developer: job.developer, id: job.id, reason: stopReason });
  }

  /**
   * Writes answers and errors to the developer's prefix, then books the actual cost. Safe to
   * repeat.
   */
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
    await this.#books.record(department, ended);
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
    // Only a declared developer gets an answer.
    const state = await this.args.declared(department);
    if (state?.developers.some(({ id }) => id === developer)) {
      const running = this.#books
        .ledger(department)
        .jobs.some((job) => isOpen(job) && job.developer === developer && job.name === name);
      // A running batch of the same name keeps its status.
      await this.#books.tell(department, developer, running ? `${name}.refused` : name, { state: "refused", faults });
    }
    await removeFile(key);
    log("batch refused", { department, developer, faults: faults.length });
  }
}
