import { batchCommitments } from "../shared/batch-ledger";
import { setting } from "../shared/environment";
import { publish } from "../shared/metrics";
import { gatewayAsMaster } from "../shared/secrets";
import { planSpendMetrics } from "./plan";

/**
 * Publishes how much of each budget is used, by the gateway's own count: alarms need not wait for
 * AWS's bill.
 */
export async function handler(): Promise<{ readonly departments: number }> {
  const gateway = await gatewayAsMaster();
  const [teams, batches] = await Promise.all([gateway.teams(), batchCommitments(new Date())]);
  await publish(
    setting("METRIC_NAMESPACE"),
    planSpendMetrics(
      teams,
      { name: setting("ORGANIZATION"), budgetUsd: Number(setting("ORGANIZATION_BUDGET_USD")) },
      batches,
    ),
  );
  return { departments: teams.length };
}
