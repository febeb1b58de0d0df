import { resourcePolicy } from "../../frame/policy";
import { all, every, some, type Tri } from "../../frame/tri";
import { statementsOf, type Statement } from "../../iam/statement";

const ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"];
const NETWORK_KEYS = [
  "aws:sourcevpce",
  "aws:sourcevpc",
  "aws:sourcevpcarn",
  // By the owner of the endpoint: covers every VPC of an account or organization, and is known
  // before any VPC exists.
  "aws:vpceaccount",
  "aws:vpceorgid",
  "aws:vpceorgpaths",
];

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
    const answer = every(ACTIONS, (action) =>
      some(denies, (deny) =>
        all(
          () => deny.matchesAction(action),
          () => asksNetwork(deny),
        ),
      ),
    );
    report.decide(
      answer === "unknown" ? "unknown" : !answer,
      bucket.at("policy"),
      "no Deny keeps calls from other networks from its objects",
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

function asksNetwork(deny: Statement): Tri {
  return deny.conditions().some(({ operator, key }) => NETWORK_KEYS.includes(key) && operator.includes("not"));
}
