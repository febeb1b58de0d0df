import { resourcePolicy } from "../../frame/policy";
import { all, attempt, every, some, type Tri } from "../../frame/tri";
import { BUCKET_CALLS, coversBucket } from "../../iam/bucket-coverage";
import { isAnything, namesSome, PRIVATE_NETWORKS } from "../../iam/limits";
import { statementsOf, type Condition, type Statement } from "../../iam/statement";

const CALLS = [...BUCKET_CALLS, ["s3:DeleteObject", "objects"] as const];
/** A bucket policy that demands the VPC makes stolen credentials useless outside of it. */
export const s3VpceOnly = resourcePolicy({
  name: "s3-vpce-only",
  description: "Bucket policies refuse reading and writing from outside the VPC",
  severity: "medium",
  level: "mandatory",
  controls: { baseline: ["vpc-endpoints-only"], "nist-800-53r5": ["AC-4"] },
  remediation:
    "Add a Deny of object and list actions unless aws:SourceVpce or aws:SourceVpc is yours, with aws:ViaAWSService and aws:PrincipalIsAWSService left through.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html",
  types: ["aws:s3/bucketPolicy:BucketPolicy"],
  check(bucket, report) {
    const denies = statementsOf(bucket.at("policy")).filter(
      (statement) => !statement.allows && isForEverybody(statement),
    );
    const answer = every(CALLS, ([action, part]) =>
      some(denies, (deny) =>
        all(
          () => deny.matchesAction(action),
          () => coversBucket(deny, part, bucket.at("bucket")),
          () => asksNetwork(deny),
        ),
      ),
    );
    report.decide(
      answer === "unknown" ? "unknown" : !answer,
      bucket.at("policy"),
      "no Deny keeps calls from other networks from the bucket and all its objects",
    );
  },
});

/** A Deny for named principals only leaves all others through. */
function isForEverybody(statement: Statement): boolean {
  return (
    statement.member("NotPrincipal").isSet ||
    statement.principals().some(({ name }) => name.isUnknown || name.text() === "*")
  );
}

/** Condition keys by which a Deny may leave some callers through: principals, networks, services. */
const EXEMPTING =
  /^aws:(?:principal(?:arn|account|orgid|orgpaths|servicename|servicenameslist|tag\/.+)|userid|username|sourceip|source(?:account|orgid|orgpaths|arn))$/;
/** Set for calls that AWS's services make, for somebody or for themselves. */
const BY_SERVICE = ["aws:viaawsservice", "aws:principalisawsservice"];

/**
 * Does it deny all calls but those from networks that it names? Every condition has to hold for a
 * Deny, so that each one more lets calls through: it may only leave out callers that it names.
 */
function asksNetwork(deny: Statement): Tri {
  const conditions = deny.conditions();
  return all(
    () => some(conditions, namesNetwork),
    () => every(conditions, (condition) => attempt(() => leavesOutNamed(condition))),
  );
}

/** A call from the internet lacks these keys: a negated operator holds for it, ForAnyValue never. */
function namesNetwork({ operator, key, set }: Condition): boolean {
  return PRIVATE_NETWORKS.has(key) && operator.includes("not") && set !== "ForAnyValue";
}

function leavesOutNamed(condition: Condition): Tri {
  const { operator, key, values } = condition;
  if (BY_SERVICE.includes(key))
    return operator === "bool" && some(values, (value) => attempt(() => value.text()?.toLowerCase() === "false"));
  if (namesNetwork(condition) || key === "aws:sourceip") return operator.includes("not") && namesSome(condition);
  if (!(EXEMPTING.test(key) && operator.includes("not"))) return false;
  return every(values, (value) => value.isUnknown || attempt(() => !isAnything(value.text() ?? "")));
}
