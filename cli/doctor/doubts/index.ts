import type { Doubt } from "../doubt";
import { accountDoubts } from "./account";
import { evidenceDoubts } from "./evidence";
import { firstUpDoubts } from "./first-up";
import { gatewayDoubts } from "./gateway";
import { peopleDoubts } from "./people";

/**
 * What only a real account can tell, in the order of docs/first-deployment.md. A row that a real
 * account has answered keeps its answer here, in `answer`.
 */
export const doubts: readonly Doubt[] = [
  ...accountDoubts,
  ...firstUpDoubts,
  ...gatewayDoubts,
  ...peopleDoubts,
  ...evidenceDoubts,
];
