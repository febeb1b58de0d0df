/**
 * Tiers (model groups) by task: `light` for first ideas (Cline's Plan mode), `standard` and
 * `strong` for real work (Act mode).
 */
export const modelTiers = ["light", "standard", "strong"] as const;
export type ModelTier = (typeof modelTiers)[number];

/** Model group of `POST /v1/embeddings`. It is no tier: the lists of models in stack files do not name it. */
export const embeddingGroup = "embedding";
/** A model group of the gateway, as a department's inference profiles are named. */
export type ModelGroup = ModelTier | typeof embeddingGroup;

/** Priority of a key's requests in the gateway's queue, lowest first. */
export const priorities = ["low", "normal", "high"] as const;
export type Priority = (typeof priorities)[number];

/** Geographies of inference profiles, in which prompts may be processed. */
export const residencies = ["jp", "us", "eu", "au", "apac", "global"] as const;
export type Residency = (typeof residencies)[number];

/** Routes of a gateway that a stack file opens on purpose; see docs/gateway.md, Extras. */
export const gatewayExtras = ["embeddings", "messages"] as const;
export type GatewayExtra = (typeof gatewayExtras)[number];

/** Methods of proving MFA for a session; see docs/security.md. */
export const mfaModes = ["assume-role", "iam-user", "identity-center"] as const;
export type MfaMode = (typeof mfaModes)[number];

/** Sizes of a workspace. */
export const workspaceSizes = ["small", "medium", "large", "xlarge"] as const;
export type WorkspaceSize = (typeof workspaceSizes)[number];

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Days that CloudWatch Logs accepts, from one year on: audits look back a year at least. */
export const logRetentionDays = [365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653] as const;
