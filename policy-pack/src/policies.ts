import { baselines } from "./baselines";
import { controls } from "./controls";
import type { Policy } from "./frame/policy";

/**
 * Every policy of the pack, in the order in which they are judged and listed. Importing this starts
 * nothing.
 */
export const policies: readonly Policy[] = [...baselines, ...controls];
