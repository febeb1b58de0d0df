/** A department as its stack file and its cap make it, for the first page of a report. */
export interface DepartmentReport {
  readonly lead: string;
  readonly deputies: readonly string[];
  /** US dollars a calendar month for models. */
  readonly budgetUsd: number;
  /** Most that the department's own file can give out, in US dollars a month. */
  readonly capUsd: number;
  /** Temporary additions to the budget; each ends at the end of its last day, UTC. */
  readonly extraBudgets: readonly { readonly usd: number; readonly until: string }[];
  readonly keepsPromptText: boolean;
  /** Sorted by id. */
  readonly people: readonly PersonReport[];
}

/** What one developer may use. */
export interface PersonReport {
  readonly id: string;
  /** US dollars a month out of the department's budget; 0: the key is blocked. */
  readonly shareUsd: number;
  /** Tiers of models. */
  readonly models: readonly string[];
  /** Tokens a minute. */
  readonly tpm: number;
  /** Requests a minute. */
  readonly rpm: number;
  readonly priority: string;
  /** Size of the machine. */
  readonly machine: string;
  /** When it runs, such as `08:00 to 20:00, mon to fri`. */
  readonly runs: string;
}
