import { resourcePolicy } from "../../frame/policy";
import { all, attempt, some, type Tri } from "../../frame/tri";
import { statementsOf, type Statement } from "../../iam/statement";
import { keyFault } from "./key";

const KEY = "aws:kms/key:Key";
const KEYS = [
  KEY,
  "aws:kms/externalKey:ExternalKey",
  "aws:kms/replicaKey:ReplicaKey",
  "aws:kms/replicaExternalKey:ReplicaExternalKey",
];
const CONTROLS = "https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html";

/** Yearly rotation limits what one key's material protects; KMS offers it for symmetric keys of its own making. */
export const kmsKeyRotation = resourcePolicy({
  name: "kms-key-rotation",
  description: "Symmetric KMS keys rotate",
  severity: "medium",
  level: "mandatory",
  controls: {
    baseline: ["kms-everywhere"],
    fsbp: ["KMS.4"],
    "cis-aws-3.0": ["3.6"],
    "nist-800-53r5": ["SC-12"],
    checkov: ["CKV_AWS_7"],
    trivy: ["AWS-0065"],
    "cdk-nag": ["KMS5"],
  },
  remediation: "Set enableKeyRotation to true.",
  url: `${CONTROLS}#kms-4`,
  types: [KEY],
  check(key, report) {
    const spec = key.at("customerMasterKeySpec").isSet ? key.at("customerMasterKeySpec") : key.at("keySpec");
    if (!spec.isUnknown && (spec.text() ?? "SYMMETRIC_DEFAULT") !== "SYMMETRIC_DEFAULT")
      report.notApplicable("KMS rotates symmetric keys only");
    if (key.at("customKeyStoreId").isSet) report.notApplicable("KMS does not rotate keys of custom key stores");
    report.expect(key.at("enableKeyRotation"), (rotates) => rotates.flag() === true);
    report.expect(key.at("rotationPeriodInDays"), (days) => days.isAbsent || (days.number() ?? 0) <= 365);
  },
  remediate(inputs) {
    const spec = inputs["customerMasterKeySpec"] ?? inputs["keySpec"] ?? "SYMMETRIC_DEFAULT";
    if (
      spec !== "SYMMETRIC_DEFAULT" ||
      inputs["customKeyStoreId"] !== undefined ||
      inputs["enableKeyRotation"] === true
    )
      return false;
    inputs["enableKeyRotation"] = true;
    return true;
  },
});

/** Condition keys that tie "everybody" to one's own account or organization, or to calls a service makes for it. */
const LIMITS = [
  "kms:calleraccount",
  "aws:principalorgid",
  "aws:principalaccount",
  "aws:principalorgpaths",
  "aws:principalarn",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:userid",
];

/** Anybody who may use the key may read what it protects. */
export const kmsKeyPolicyNoWildcard = resourcePolicy({
  name: "kms-key-policy-no-wildcard",
  description: "Key policies admit named principals, or everybody of one's own account only",
  severity: "critical",
  level: "mandatory",
  controls: {
    baseline: ["kms-everywhere"],
    fsbp: ["KMS.5"],
    "nist-800-53r5": ["AC-3", "SC-12"],
    checkov: ["CKV_AWS_33"],
  },
  remediation: "Name the principals, or add a condition on kms:CallerAccount or aws:PrincipalOrgID.",
  url: `${CONTROLS}#kms-5`,
  types: [...KEYS, "aws:kms/keyPolicy:KeyPolicy"],
  check(key, report) {
    if (key.at("policy").isAbsent)
      report.notApplicable("it states no policy, and so has AWS's default, for its own account");
    report.each(statementsOf(key.at("policy")), (statement) => {
      const open = all(
        () => statement.allows,
        () => isForEverybody(statement),
        () => !isLimited(statement),
      );
      report.decide(open, statement.value, `${statement.value.path} admits everybody`);
    });
  },
});

function isForEverybody(statement: Statement): Tri {
  if (statement.member("NotPrincipal").isSet) return true;
  const wildcard = (text: string | undefined): boolean => text === "*" || /^arn:[^:]*:iam::\*:/.test(text ?? "");
  return some(statement.principals(), ({ kind, name }) =>
    /^(service|federated)$/i.test(kind) ? false : attempt(() => wildcard(name.text())),
  );
}

function isLimited(statement: Statement): boolean {
  return statement
    .conditions()
    .some(
      ({ operator, key, ifExists, set, values }) =>
        LIMITS.includes(key) &&
        /^(string|arn)(?!not)/.test(operator) &&
        !ifExists &&
        set !== "ForAllValues" &&
        values.every((value) => value.isUnknown || value.text() !== "*"),
    );
}

/** A deleted key takes its data with it; the window is the time to notice. */
export const kmsKeyDeletionWindow = resourcePolicy({
  name: "kms-key-deletion-window",
  description: "KMS keys are enabled, and deleted slowly",
  severity: "medium",
  level: "mandatory",
  controls: { baseline: ["kms-everywhere"], fsbp: ["KMS.3"], "nist-800-53r5": ["SC-12"], checkov: ["CKV_AWS_227"] },
  remediation:
    "Leave deletionWindowInDays out (30) or set it to the days asked for; leave isEnabled on and bypassPolicyLockoutSafetyCheck off.",
  url: `${CONTROLS}#kms-3`,
  types: KEYS,
  config: {
    days: {
      type: "integer",
      description: "The shortest waiting period before a key is deleted, in days (7 to 30)",
      default: 7,
    },
  },
  check(key, report, config) {
    const least = config.at("days").number() ?? 7;
    report.expect(key.at("deletionWindowInDays"), (days) => days.isAbsent || (days.number() ?? 0) >= least);
    for (const name of ["isEnabled", "enabled"]) report.expect(key.at(name), (enabled) => enabled.flag() !== false);
    report.expect(key.at("bypassPolicyLockoutSafetyCheck"), (bypass) => bypass.flag() !== true);
  },
});

/** The trail and its data store are the evidence; whoever reads them must be let by a key of one's own. */
export const trailKms = resourcePolicy({
  name: "trail-kms",
  description: "Trails and event data stores are encrypted under a customer-managed key",
  severity: "high",
  level: "mandatory",
  controls: {
    baseline: ["kms-everywhere"],
    fsbp: ["CloudTrail.2"],
    "cis-aws-3.0": ["3.5"],
    "nist-800-53r5": ["AU-9"],
    checkov: ["CKV_AWS_35", "CKV_AWS_294"],
    trivy: ["AWS-0015"],
    "cdk-nag": ["R5-CloudTrailEncryptionEnabled"],
  },
  remediation: "Name a customer-managed key in kmsKeyId.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudtrail-controls.html#cloudtrail-2",
  types: ["aws:cloudtrail/trail:Trail", "aws:cloudtrail/eventDataStore:EventDataStore"],
  check(trail, report) {
    report.expect(trail.at("kmsKeyId"), (key) => keyFault(key) === undefined);
  },
});
