import pMap from "p-map";
import type { Aws } from "../deploy/aws";
import { unknown, type Doubt, type Verdict } from "./doubt";
import type { Site } from "./site";

/** A row with what the account answered; `person` where no command settles it. */
export interface Answered {
  readonly doubt: Doubt;
  readonly verdict: Verdict["verdict"] | "person";
  readonly found: string;
}

/** Commands at once; more would meet the services' own throttling. */
const atOnce = 6;

/** Asks the account every doubt that a command settles. One answer hinders no other. */
export function askAll(doubts: readonly Doubt[], site: Site, aws: Aws): Promise<Answered[]> {
  return pMap(doubts, async (doubt) => ({ doubt, ...(await ask(doubt, site, aws)) }), { concurrency: atOnce });
}

async function ask({ settle }: Doubt, site: Site, aws: Aws): Promise<Omit<Answered, "doubt">> {
  if ("steps" in settle) return { verdict: "person", found: settle.steps };
  const answer = await aws(settle.aws(site), settle.region);
  if (answer.ok) return settle.judge(answer.value, site);
  return settle.onError?.[answer.code] ?? unknown(`${answer.code}: ${answer.message}`);
}
