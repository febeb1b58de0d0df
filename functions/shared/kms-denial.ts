/** Error codes with which SQS, SNS and other services pass on a denial of KMS. */
const codes = /^kms\.?access(denied)?/i;

/**
 * Texts of a denial of KMS: of KMS itself, which S3 and others pass on; of Secrets Manager; and of
 * KMS where it does not tell whether the key exists.
 */
const texts = [
  /is not authorized to perform:? kms:/i,
  /access to kms is not allowed/i,
  /ciphertext refers to a (customer master key|kms key) that does not exist.*not allowed to access/i,
];

/**
 * Whether an error is KMS's denial of a key for want of a permission. A permission by alias begins
 * to act minutes after the alias is made. An explicit deny never ends by itself.
 */
export function isKeyDenial(fault: unknown): boolean {
  const { name = "", message = "" } = fault as Partial<Error>;
  if (/explicit deny/i.test(message)) return false;
  return codes.test(name) || (/accessdenied/i.test(name) && texts.some((text) => text.test(message)));
}
