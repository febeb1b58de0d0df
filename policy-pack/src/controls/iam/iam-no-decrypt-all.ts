import { resourcePolicy } from "../../frame/policy";
import { globMatches } from "../../iam/match";
import { IDENTITY_TYPES } from "../../iam/sources";
import { eachAllow } from "../iam-reading";
import { securityHub } from "../urls";

/** The right to decrypt with every key turns every right to read into a right to read secrets. */
export const iamNoDecryptAll = resourcePolicy({
  name: "iam-no-decrypt-all",
  description: "Nobody may decrypt with every key",
  severity: "high",
  level: "mandatory",
  controls: { fsbp: ["KMS.1", "KMS.2"], "nist-800-53r5": ["AC-6"], "cdk-nag": ["IAM5"] },
  remediation: "Name the keys, or add a condition on kms:ViaService or the encryption context.",
  url: securityHub("KMS.1"),
  types: IDENTITY_TYPES,
  check(resource, report) {
    eachAllow(resource, report, (statement) => {
      const actions = ["kms:Decrypt", "kms:ReEncryptFrom"].filter((action) => statement.matchesAction(action) === true);
      const isConditioned = statement.member("Condition").isSet && statement.conditions().length > 0;
      if (actions.length === 0 || isConditioned) return;
      const resources = statement.resources;
      const everyKey =
        resources !== "unknown" &&
        resources.some(
          (pattern) =>
            globMatches(pattern, "arn:aws:kms:any-region-1:000000000000:key/00000000-0000-0000-0000-000000000000") ||
            /:key\/\*$/.test(pattern),
        );
      if (everyKey) report.violation(`${statement.value.path} allows ${actions.join(", ")} with every key`);
    });
  },
});
