import { networkQuotas } from "./network";
import type { Quota } from "./quota";
import { serviceQuotas } from "./services";

export { mostTaken, region, takenOf, type Quota } from "./quota";
export { uncounted } from "./uncounted";

/** The quotas of an account that the resources of its stacks count against. */
export const quotas: readonly Quota[] = [...networkQuotas, ...serviceQuotas];
