import type { Fault } from "../faults";
import type { StackSet } from "../stack-set";
import { checkAccounts } from "./accounts";
import { checkBudgets } from "./budgets";
import { checkExtraBudgets } from "./extra-budgets";
import { checkGateways } from "./gateways";
import { checkImages } from "./images";
import { checkKept } from "./kept";
import { checkLimits } from "./limits";
import { checkNetworks } from "./networks";
import { checkPeople } from "./people";
import { checkPlatforms } from "./platforms";
import { checkSalts } from "./salts";
import { checkSharing } from "./sharing";
import { checkWorkspaces } from "./workspaces";

/** Checks over two keys or two files, which the schema cannot express. */
const checks: readonly ((set: StackSet, today?: string) => Fault[])[] = [
  checkSharing,
  checkAccounts,
  checkPlatforms,
  checkExtraBudgets,
  checkGateways,
  checkImages,
  checkLimits,
  checkBudgets,
  checkPeople,
  checkNetworks,
  checkWorkspaces,
  checkKept,
  checkSalts,
];

/** Every fault that involves two keys or two files. `today` (ISO date, UTC) in an `up` only. */
export function checkAll(set: StackSet, today?: string): Fault[] {
  return checks.flatMap((check) => check(set, today));
}
