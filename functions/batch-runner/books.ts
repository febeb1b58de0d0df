import { batchKeys, type BatchModels } from "../../config/batch";
import type { DepartmentState, PlatformState } from "../../config/declared-state";
import { guardrailOf } from "../../config/guardrails";
import {
  commitmentOf,
  withJob,
  writeLedger,
  type BatchJob,
  type BatchLedger,
  type StoredLedger,
} from "../shared/batch-ledger";
import { dayOf, departmentBudgetUsd, personBudgetUsd, planMember, planTeam } from "../shared/entitlements";
import type { LiteLLM } from "../shared/litellm";
import { listFiles, readFile, writeFile } from "./files";
import type { Standing } from "./plan";

/** Inputs of a run. */
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

/** Status file of a batch, beside its answers. */
interface Status {
  readonly state: "waiting" | "refused" | BatchJob["state"];
  readonly faults?: readonly string[];
  readonly why?: string;
}

/** Books of a run: ledgers, the status that developers read, and budgets at the gateway. */
export class Books {
  constructor(private readonly args: RunArgs) {}

  /** A department and one of its people, as declared and as the gateway has them now. */
  async standing(department: string, developer: string): Promise<Standing> {
    const { gateway, platform, now } = this.args;
    const state = await this.args.declared(department);
    const found = state && (await gateway.team(department));
    const keys = found ? await gateway.keysOfUser(department, developer) : [];
    const person = state?.developers.find(({ id }) => id === developer);
    const today = dayOf(now);
    return {
      state,
      guarded: guardrailOf(platform.guardrails, department) !== undefined,
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

  /**
   * Deducts batch reservations from the budgets of team and members at the gateway, ahead of the
   * hourly reconciliation.
   */
  async settle(department: string): Promise<void> {
    const { gateway, platform, now } = this.args;
    const state = await this.args.declared(department);
    const found = state && (await gateway.team(department));
    if (state === undefined || found === undefined) return;
    const today = dayOf(now);
    const taken = commitmentOf(this.ledger(department), now);
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

  /** The department's batches. */
  ledger(department: string): BatchLedger {
    return this.args.ledgers.get(department)?.ledger ?? { version: 1, department, jobs: [] };
  }

  /** Writes the ledger. @throws Error when another run has written it meanwhile. */
  async save(department: string, ledger: BatchLedger): Promise<void> {
    const version = this.args.ledgers.get(department)?.version;
    this.args.ledgers.set(department, await writeLedger({ ledger, version }));
  }

  /** Saves a batch's new state and tells its developer. */
  async record(department: string, job: BatchJob): Promise<void> {
    await this.save(department, withJob(this.ledger(department), job, this.args.now));
    await this.tell(department, job.developer, job.name, job);
  }

  /** Writes what a developer reads of a batch, where it differs from what is there. */
  async tell(department: string, developer: string, name: string, status: Status | BatchJob): Promise<void> {
    const key = `${batchKeys.answersOf(department, developer)}${name}.status.json`;
    const text = `${JSON.stringify(status, null, 2)}\n`;
    const [present] = (await listFiles(key)).filter((file) => file.key === key);
    if (present !== undefined && (await readFile(key)) === text) return;
    await writeFile(key, text, "application/json");
  }
}

const memberOf = (team: Team, developer: string) => team.members.find(({ user_id }) => user_id === developer);
