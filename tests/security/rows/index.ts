import type { Row } from "../simulate";
import type { World } from "../world";
import { accounts } from "./accounts";
import { batches } from "./batches";
import { deployment } from "./deployment";
import { escalation } from "./escalation";
import { keys } from "./keys";
import { models } from "./models";
import { network } from "./network";
import { people } from "./people";
import { secrets } from "./secrets";
import { sessions } from "./sessions";
import { services } from "./services";

/** The table by subject: what must be allowed and what must not. */
export const tables: Readonly<Record<string, (world: World) => readonly Row[]>> = {
  "people and their offices": () => people,
  deploying: () => deployment,
  "opening sessions": () => sessions,
  "invoking a model": models,
  "batches of requests": batches,
  "reading secrets": secrets,
  "accounts at Langfuse": accounts,
  "using keys": keys,
  "more rights than one has": escalation,
  "endpoints and buckets": network,
  "workloads and deliveries": services,
};
