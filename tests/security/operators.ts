/**
 * How AWS evaluates the condition operators that our documents use: key present, key absent, many values.
 *
 * Expected answers are AWS's, from the page named. The test runs each row through the simulator, and fails for an
 * operator of our documents that has no rows.
 */
export interface OperatorRow {
  readonly operator: string;
  /** Whether the request carries the key, and whether policy or request hold several values. */
  readonly case: "present" | "absent" | "many-valued";
  /** A key that AWS sends with the action. */
  readonly key: string;
  readonly does: string;
  readonly on: string;
  readonly policy: string | readonly string[];
  readonly request?: string | readonly string[];
  readonly holds: boolean;
  readonly page: string;
}

const operators = "IAM JSON policy elements: Condition operators";
const several = "Conditions with multiple context keys or values";
const sets = "Set operators for multivalued context keys";

interface Samples {
  readonly key: string;
  readonly does?: string;
  readonly on?: string;
  /** Value of the policy, two values of the policy, a value of the request that is among them, and one that is not. */
  readonly one: string;
  readonly two: readonly [string, string];
  readonly hit: string;
  readonly miss: string;
}

const instance = "arn:aws:ec2:ap-northeast-1:111122223333:instance/i-0123456789abcdef0";
const text: Samples = { key: "aws:PrincipalTag/team", one: "red", two: ["red", "blue"], hit: "red", miss: "green" };
const pattern: Samples = { ...text, one: "re*", two: ["re*", "bl*"] };
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const arn: Samples = {
  key: "aws:SourceArn",
  one: role("a"),
  two: [role("a"), role("b")],
  hit: role("a"),
  miss: role("c"),
};
const truth: Samples = { key: "aws:SecureTransport", one: "true", two: ["true", "true"], hit: "true", miss: "false" };
const age: Samples = { key: "aws:MultiFactorAuthAge", one: "3600", two: ["60", "3600"], hit: "59", miss: "3600" };
const date: Samples = {
  key: "aws:TokenIssueTime",
  one: "2026-12-01T00:00:00Z",
  two: ["2026-06-01T00:00:00Z", "2026-12-01T00:00:00Z"],
  hit: "2026-05-01T00:00:00Z",
  miss: "2027-01-01T00:00:00Z",
};
const address: Samples = {
  key: "aws:VpcSourceIp",
  one: "10.0.0.0/16",
  two: ["10.0.0.0/16", "10.2.0.0/16"],
  hit: "10.0.3.4",
  miss: "10.1.0.1",
};

const base = ({ key, does = "s3:GetObject", on = "arn:aws:s3:::bucket/object" }: Samples) => ({ key, does, on });

/** Operators with one value in the request. A negated one holds when no value matches, and when the key is absent. */
function single(operator: string, samples: Samples): readonly OperatorRow[] {
  const ifExists = operator.endsWith("IfExists");
  const negated = /Not/.test(operator);
  const row = (
    given: OperatorRow["case"],
    policy: OperatorRow["policy"],
    request: string | undefined,
    holds: boolean,
  ) => ({
    operator,
    case: given,
    ...base(samples),
    policy,
    ...(request !== undefined && { request }),
    holds,
    page: given === "many-valued" ? several : operators,
  });
  return [
    row("present", samples.one, samples.hit, !negated),
    row("present", samples.one, samples.miss, negated),
    row("absent", samples.one, undefined, negated || ifExists),
    row("many-valued", samples.two, samples.hit, !negated),
    row("many-valued", samples.two, samples.miss, negated),
  ];
}

/** Set operators: many values in the request. `ForAllValues` holds for an absent key, `ForAnyValue` does not. */
function ofSets(operator: string, one: string, two: readonly [string, string]): readonly OperatorRow[] {
  const all = operator.startsWith("ForAllValues:");
  const row = (
    given: OperatorRow["case"],
    policy: OperatorRow["policy"],
    request: OperatorRow["request"],
    holds: boolean,
  ) => ({
    operator,
    case: given,
    ...base({ ...text, key: "aws:TagKeys", does: "ec2:CreateTags", on: instance }),
    policy,
    ...(request !== undefined && { request }),
    holds,
    page: sets,
  });
  return [
    row("present", one, ["red"], true),
    row("present", one, ["green"], false),
    row("absent", one, undefined, all),
    row("many-valued", one, ["red", "green"], !all),
    row("many-valued", two, ["red", "blue"], true),
    row("many-valued", two, ["red", "green"], !all),
    row("many-valued", two, ["green", "white"], false),
  ];
}

/** `Null` tests presence alone: "true" holds for an absent key. */
const presence = (policy: "true" | "false"): readonly OperatorRow[] => {
  const row = (given: OperatorRow["case"], request: OperatorRow["request"], holds: boolean) => ({
    operator: "Null",
    case: given,
    ...base({ ...text, key: "aws:TagKeys", does: "ec2:CreateTags", on: instance }),
    policy,
    ...(request !== undefined && { request }),
    holds,
    page: operators,
  });
  return [
    row("present", ["red"], policy === "false"),
    row("absent", undefined, policy === "true"),
    row("many-valued", ["red", "blue"], policy === "false"),
  ];
};

/** The rows of every operator. */
export const operatorRows: readonly OperatorRow[] = [
  ...["StringEquals", "StringNotEquals", "StringEqualsIfExists"].flatMap((operator) => single(operator, text)),
  ...single("StringLike", pattern),
  ...["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"].flatMap((operator) => single(operator, arn)),
  ...["Bool", "BoolIfExists"].flatMap((operator) => single(operator, truth)),
  ...single("NumericLessThan", age),
  ...single("DateLessThan", date),
  ...single("IpAddress", address),
  ...ofSets("ForAnyValue:StringEquals", "red", ["red", "blue"]),
  ...ofSets("ForAnyValue:StringLike", "re*", ["re*", "bl*"]),
  ...ofSets("ForAllValues:StringEquals", "red", ["red", "blue"]),
  ...presence("true"),
  ...presence("false"),
];
