import { batchBucketPurpose } from "./batch";

/** Purpose of a key, as far as kept data is concerned. */
export type KeptKeyPurpose = "data" | "logs" | "secrets";

/** Every bucket outlives its stack: its purpose, and the purpose of its key; "none" for SSE-S3. */
export const keptBuckets: Readonly<Record<string, KeptKeyPurpose | "none">> = {
  "access-logs": "none",
  artifacts: "data",
  "audit-trail": "logs",
  [batchBucketPurpose]: "data",
  gateway: "data",
  langfuse: "data",
  reports: "data",
  "session-logs": "logs",
};

/** Log groups that outlive their stack: evidence under legal hold. */
export const keptLogGroups = ["audit-trail", "session-logs"] as const;

/** Secrets that outlive their stack, without which a restored database cannot be read. */
export const keptSecrets = ["gateway-salt", "langfuse-encryption", "langfuse-salt"] as const;
