import type { Policy } from "../../frame/policy";
import { kmsCmkRequired } from "./kms-cmk-required";
import { kmsEbsDefault } from "./kms-ebs-default";
import { kmsEbsDefaultOn } from "./kms-ebs-default-on";
import { kmsEncryptionEnabled } from "./kms-encryption-enabled";
import { kmsKeyDeletionWindow } from "./kms-key-deletion-window";
import { kmsKeyPolicyNoWildcard } from "./kms-key-policy-no-wildcard";
import { kmsKeyRotation } from "./kms-key-rotation";
import { kmsLtEbsEncrypted } from "./kms-lt-ebs-encrypted";
import { kmsS3BucketHasSse } from "./kms-s3-bucket-has-sse";
import { trailKms } from "./trail-kms";

/**
 * KMS on every resource: data is encrypted under customer-managed keys, and the keys are protected.
 */
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
