import type { LiteLLM } from "../shared/litellm";

/** Result of a probe: 1 for yes, 0 for no, as metrics count. */
export interface Vitals {
  /** A valid virtual key is taken, and sees its model. */
  readonly VirtualKeyAccepted: 0 | 1;
  /** The gateway reports its database as connected. */
  readonly Ready: 0 | 1;
}

/** Probes the API with a virtual key, and reads the readiness that management tells. Any failure counts as 0. */
export async function probe(api: Pick<LiteLLM, "models">, management: Pick<LiteLLM, "readiness">): Promise<Vitals> {
  const [models, readiness] = await Promise.allSettled([api.models(), management.readiness()]);
  return {
    VirtualKeyAccepted: models.status === "fulfilled" && models.value.includes("light") ? 1 : 0,
    Ready: readiness.status === "fulfilled" && readiness.value === 200 ? 1 : 0,
  };
}
