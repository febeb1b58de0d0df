import { resourcePolicy } from "../../frame/policy";
import { TRUST_TYPES, trustDocument } from "../../iam/sources";
import { statementsOf } from "../../iam/statement";
import { isLimited } from "../public-access";

/** Services that assume a role on behalf of a resource of whichever account names it. */
const DEPUTIES = new Set(
  [
    "bedrock",
    "cloudtrail",
    "codebuild",
    "config",
    "delivery.logs",
    "events",
    "firehose",
    "pipes",
    "scheduler",
    "ses",
    "sns",
    "states",
    "transfer",
    "vpc-flow-logs",
  ].map((service) => `${service}.amazonaws.com`),
);

/** Without a source, somebody else's rule or flow can make the service use this account's role. */
export const iamTrustServiceSource = resourcePolicy({
  name: "iam-trust-service-source",
  description: "A role that such a service assumes for others says for whose resources",
  severity: "low",
  level: "advisory",
  controls: { "nist-800-53r5": ["AC-3"] },
  remediation: "Add a condition on aws:SourceAccount or aws:SourceArn.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
  types: TRUST_TYPES,
  check(role, report) {
    const document = trustDocument(role);
    if (document.isAbsent) return;
    report.each(statementsOf(document), (statement) => {
      if (!statement.allows || isLimited(statement)) return;
      for (const { kind, name } of statement.principals()) {
        if (kind === "Service" && DEPUTIES.has(name.text() ?? ""))
          report.violation(`${name.path} ${name.show()} may act for any account`);
      }
    });
  },
});
