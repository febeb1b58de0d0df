type Json = Readonly<Record<string, unknown>>;

const account = "111122223333";
const named = (type: string, name: string, more: Json = {}): Json => ({
  type,
  principalId: "AIDAEXAMPLE",
  arn: `arn:aws:iam::${account}:${type === "Root" ? "root" : `user/${name}`}`,
  accountId: account,
  ...more,
});

/** Who makes a call, as `userIdentity` has it. Source: CloudTrail user guide, "CloudTrail userIdentity element". */
export const by = {
  root: named("Root", "root"),
  /** A user with a long-lived key: no session, so no issuer. */
  user: named("IAMUser", "suzuki", { userName: "suzuki" }),
  /** The same in the console, with or without MFA. */
  console: (mfaAuthenticated: "true" | "false"): Json =>
    named("IAMUser", "suzuki", { userName: "suzuki", sessionContext: { attributes: { mfaAuthenticated } } }),
  /** A session of a role. IAM Identity Center's people come so as well. */
  role: (userName: string, more: Json = {}): Json => ({
    type: "AssumedRole",
    principalId: "AROAEXAMPLE:session",
    arn: `arn:aws:sts::${account}:assumed-role/${userName}/session`,
    accountId: account,
    sessionContext: {
      sessionIssuer: { type: "Role", arn: `arn:aws:iam::${account}:role/${userName}`, accountId: account, userName },
      attributes: { mfaAuthenticated: "false" },
    },
    ...more,
  }),
  /** A session of a role that a person took: it carries their name, over every further role. */
  hand: (userName: string): Json => {
    const { sessionContext, ...session } = by.role(userName);
    return { ...session, sessionContext: { ...(sessionContext as Json), sourceIdentity: "mori" } };
  },
  /** A service on its own, which acts in no session. */
  service: (host: string): Json => ({ type: "AWSService", invokedBy: host }),
  /** A job of a repository's workflow, before it has a session. */
  workflow: (userName: string): Json => ({
    type: "WebIdentityUser",
    principalId: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com:sts.amazonaws.com:${userName}`,
    userName,
    identityProvider: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`,
  }),
};

/**
 * A CloudTrail record of a call.
 * @param call service and operation, e.g. `iam:CreateUser`
 * @param more fields beside the usual ones, e.g. `requestParameters`
 */
export function trailRecord(call: string, userIdentity: Json, more: Json = {}): Json {
  const [service = "", eventName = ""] = call.split(":");
  return {
    eventVersion: "1.11",
    userIdentity,
    eventTime: "2026-11-30T09:00:00Z",
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: "ap-northeast-1",
    sourceIPAddress: "203.0.113.7",
    userAgent: "aws-cli/2.34.0",
    requestParameters: null,
    responseElements: null,
    requestID: "00000000-0000-4000-8000-000000000001",
    eventID: "00000000-0000-4000-8000-000000000002",
    readOnly: false,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: "Management",
    ...more,
  };
}

const detailTypes: Readonly<Record<string, string>> = {
  AwsApiCall: "AWS API Call via CloudTrail",
  AwsServiceEvent: "AWS Service Event via CloudTrail",
  AwsConsoleSignIn: "AWS Console Sign In via CloudTrail",
};

/** A record as EventBridge hands it over. Source: EventBridge user guide, "AWS service events delivered via AWS CloudTrail". */
export const busEvent = (record: Json): Json => ({
  version: "0",
  id: record["eventID"],
  "detail-type": detailTypes[String(record["eventType"])],
  source: `aws.${String(record["eventSource"]).split(".")[0]}`,
  account,
  time: record["eventTime"],
  region: record["awsRegion"],
  resources: [],
  detail: record,
});
