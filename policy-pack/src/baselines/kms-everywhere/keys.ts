/** A key whose material KMS makes. */
export const KEY = "aws:kms/key:Key";

/** Every kind of KMS key. */
export const KEYS = [
  KEY,
  "aws:kms/externalKey:ExternalKey",
  "aws:kms/replicaKey:ReplicaKey",
  "aws:kms/replicaExternalKey:ReplicaExternalKey",
];
