import type { Policy } from "../../frame/policy";
import { kmsCmkRequired } from "./kms-cmk-required";
import { kmsEbsDefault, kmsEbsDefaultOn, kmsLtEbsEncrypted } from "./kms-ebs";
import { kmsEncryptionEnabled } from "./kms-encryption-enabled";
import { kmsKeyDeletionWindow, kmsKeyPolicyNoWildcard, kmsKeyRotation, trailKms } from "./kms-keys";
import { kmsS3BucketHasSse } from "./kms-s3-bucket-has-sse";

/** KMS on every resource: what can be encrypted under a key of one's own is, and the keys are kept well. */
export const kmsEverywhere: readonly Policy[] = [
  kmsCmkRequired,
  kmsEncryptionEnabled,
  kmsS3BucketHasSse,
  kmsEbsDefaultOn,
  kmsEbsDefault,
  kmsLtEbsEncrypted,
  kmsKeyRotation,
  kmsKeyPolicyNoWildcard,
  kmsKeyDeletionWindow,
  trailKms,
];
