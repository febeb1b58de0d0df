import { embeddingModel } from "../embeddings";
import { type Fault, shown } from "../faults";
import { fillKnown } from "../fill";
import { gateway as section } from "../schema/sections";
import type { AnyStack } from "../stack-file";
import type { StackSet } from "../stack-set";

/** A gateway's ceiling is not below its floor, and its extras can be had in its region. */
export function checkGateways({ platforms, departments }: StackSet): Fault[] {
  return [...platforms, ...departments].flatMap((stack): Fault[] => [...tasks(stack), ...embeddings(stack)]);
}

const path = ["config", "cline:gateway"];

function tasks({ config, fault }: AnyStack): Fault[] {
  const gateway = config["cline:gateway"];
  if (!gateway) return [];
  const { minTasks, maxTasks } = fillKnown(section, gateway);
  if (minTasks === undefined || maxTasks === undefined || maxTasks >= minTasks) return [];
  return [
    fault([...path, "maxTasks"], shown(maxTasks), `at least minTasks, ${minTasks}`, "raise it or lower minTasks"),
  ];
}

/** The model of embeddings has no cross-region profile: it is called in the gateway's own region. */
function embeddings({ config, fault }: AnyStack): Fault[] {
  const at = config["cline:gateway"]?.extras?.indexOf("embeddings") ?? -1;
  const region = config["aws:region"];
  if (at < 0 || region === undefined || embeddingModel.regions.includes(region)) return [];
  const allowed = `only in a region with ${embeddingModel.title}: ${embeddingModel.regions.join(", ")}`;
  return [fault([...path, "extras", at], `embeddings in ${region}`, allowed, "remove it")];
}
