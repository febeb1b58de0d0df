import { resourcePolicy } from "../../frame/policy";
import { DATABASES } from "../types";
import { securityHub } from "../urls";
import { set } from "../remedy";

/** A snapshot without tags belongs to nobody: it is neither billed to a department nor deleted. */
export const rdsCopyTags = resourcePolicy({
  name: "rds-copy-tags",
  description: "Snapshots of databases carry the database's tags",
  severity: "low",
  level: "advisory",
  controls: {
    fsbp: ["RDS.16", "RDS.17"],
    "nist-800-53r5": ["CM-8"],
    checkov: ["CKV2_AWS_60", "CKV_AWS_313"],
    area: ["cost"],
  },
  remediation: "Set copyTagsToSnapshot to true.",
  url: securityHub("RDS.17"),
  types: DATABASES,
  check(database, report) {
    const engine = database.at("engine");
    if (
      database.type === "aws:rds/instance:Instance" &&
      !engine.isUnknown &&
      engine.text()?.startsWith("aurora") === true
    ) {
      report.notApplicable("a member of an Aurora cluster, which copies tags itself");
    }
    report.expect(database.at("copyTagsToSnapshot"), (copy) => copy.flag() === true);
  },
  remediate(inputs) {
    return set(inputs, { copyTagsToSnapshot: true });
  },
});
