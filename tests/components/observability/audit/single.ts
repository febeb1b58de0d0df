import { stopPolicyName } from "../../../../components/cost/stop-policy";
import { planDenyDocument } from "../../../../functions/budget-stop/plan";
import { by, trailRecord } from "../../../support/trail-records";
import { admin, refused, workflow, type Row } from "./row";

type Json = Readonly<Record<string, unknown>>;

const assume = (role: string, who: Json, request: Json = {}, more: Json = {}) =>
  trailRecord("sts:AssumeRole", who, {
    requestParameters: { roleArn: `arn:aws:iam::111122223333:role/cline/${role}`, ...request },
    ...more,
  });
const identified = (role: string, subject: string) =>
  assume(role, by.workflow(subject), {}, { eventName: "AssumeRoleWithWebIdentity" });
/** Another call that names a role. */
const passRole = (role: string) => assume(role, admin, {}, { eventName: "DecodeAuthorizationMessage" });
const read = (secretId: string, who: Json, more: Json = {}) =>
  trailRecord("secretsmanager:GetSecretValue", who, { requestParameters: { secretId }, readOnly: true, ...more });
const key = "cline/example/engineering/virtual-key/sato";
const signIn = (who: Json, more: Json) =>
  trailRecord("signin:ConsoleLogin", who, { eventType: "AwsConsoleSignIn", ...more });
const stop = planDenyDocument(["engineering"])!;
const grant = '{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*"}';
const budgetStop = by.role("example-platform-budget-stop");
const write = (call: string, policyName: string, policyDocument?: string) =>
  trailRecord(`iam:${call}`, budgetStop, {
    requestParameters: { roleName: "example-platform-gateway-task", policyName, policyDocument },
  });

/** Changes that are refused: one for each filter of changes that were made. */
const refusedChanges = [
  ...["lambda:UpdateFunctionCode20150331v2", "ecr:PutImage", "ecr:SetRepositoryPolicy", "ecs:RunTask", "ecs:StartTask"],
  ...["ec2:RunInstances", "codebuild:StartBuild", "scheduler:UpdateSchedule", "secretsmanager:UpdateSecret"],
  ...["secretsmanager:PutSecretValue", "ssm:PutParameter", "rds:ModifyDBCluster", "elasticache:ModifyUser"],
  ...["bedrock:UpdateGuardrail", "budgets:UpdateBudget", "ec2:DeleteVolume", "dlm:UpdateLifecyclePolicy"],
].map((call): Row => [
  `an administrator is refused ${call}`,
  trailRecord(call, admin, { ...refused, requestParameters: { secretId: key } }),
  ["unauthorized-calls"],
]);

/** Single records, the awkward ones among them. */
export const single: readonly Row[] = [
  ["the root user signs in", signIn(by.root, { responseElements: { ConsoleLogin: "Success" } }), ["root-use"]],
  ["the root user makes a key", trailRecord("iam:CreateAccessKey", by.root), ["root-use", "identity-events"]],
  [
    "a service acts for the root user",
    trailRecord("ec2:DescribeVolumes", { ...by.root, invokedBy: "ebs.amazonaws.com" }),
    [],
  ],
  ["a service reports on the root user", trailRecord("kms:RotateKey", by.root, { eventType: "AwsServiceEvent" }), []],
  ["a call is refused", trailRecord("s3:ListBucket", admin, refused), ["unauthorized-calls"]],
  [
    "EC2 refuses a call",
    trailRecord("ec2:RunInstances", admin, { errorCode: "Client.UnauthorizedOperation" }),
    ["unauthorized-calls"],
  ],
  ["a call is throttled", trailRecord("ec2:RunInstances", admin, { errorCode: "RequestLimitExceeded" }), []],
  [
    "a refused StopLogging",
    trailRecord("cloudtrail:StopLogging", admin, refused),
    ["unauthorized-calls", "trail-changes", "trail-events"],
  ],
  [
    "a user signs in without MFA",
    signIn(by.console("false"), {
      responseElements: { ConsoleLogin: "Success" },
      additionalEventData: { MFAUsed: "No" },
    }),
    ["console-without-mfa"],
  ],
  [
    "a user signs in with MFA",
    signIn(by.console("true"), {
      responseElements: { ConsoleLogin: "Success" },
      additionalEventData: { MFAUsed: "Yes" },
    }),
    [],
  ],
  [
    "a role's session signs in",
    signIn(admin, { responseElements: { ConsoleLogin: "Success" }, additionalEventData: { MFAUsed: "No" } }),
    [],
  ],
  [
    "a sign-in fails",
    signIn(by.user, {
      errorMessage: "Failed authentication",
      responseElements: { ConsoleLogin: "Failure" },
      additionalEventData: { MFAUsed: "No" },
    }),
    ["console-failures"],
  ],
  [
    "a sign-in that another step failed",
    signIn(by.user, {
      errorMessage: "No username found in supplied account",
      responseElements: { ConsoleLogin: "Failure" },
      additionalEventData: { MFAUsed: "No" },
    }),
    [],
  ],
  [
    "another event fails to authenticate",
    trailRecord("signin:CheckMfa", by.user, { errorMessage: "Failed authentication" }),
    [],
  ],
  [
    "another event of the sign-in, without MFA",
    trailRecord("signin:SwitchRole", by.user, {
      responseElements: { ConsoleLogin: "Success" },
      additionalEventData: { MFAUsed: "No" },
    }),
    [],
  ],
  ["a user takes a role by a key alone", assume("example-engineering-session", by.user), ["assume-role-without-mfa"]],
  [
    "a user takes a role in a session without MFA",
    assume("example-engineering-session", by.console("false")),
    ["assume-role-without-mfa"],
  ],
  ["a user takes a role in a session with MFA", assume("example-engineering-session", by.console("true")), []],
  [
    "a user takes a role with a code",
    assume("example-engineering-session", by.user, { serialNumber: "arn:aws:iam::111122223333:mfa/suzuki" }),
    [],
  ],
  [
    "a user without MFA is refused a role",
    assume("example-engineering-session", by.user, {}, refused),
    ["unauthorized-calls"],
  ],
  ["a user takes another program's role", assume("other-role", by.user), []],
  [
    "a user asks for a session token",
    trailRecord("sts:GetSessionToken", by.user, {
      requestParameters: { roleArn: "arn:aws:iam::111122223333:role/cline/example-engineering-session" },
    }),
    [],
  ],
  ["a person of the directory takes a role", assume("example-operator", admin), []],
  ["a service takes a role", assume("example-platform-gateway-task", by.service("ecs-tasks.amazonaws.com")), []],
  ...["example-operator", "example-auditor", "example-engineering-lead"].map((role): Row => [
    `a person takes ${role}`,
    assume(role, admin),
    [],
  ]),
  ["a person takes a function's role", assume("example-platform-key-rotation", admin), ["workload-role-by-hand"]],
  ["a user takes a workload's role with MFA", assume("example-ws-sato", by.console("true")), ["workload-role-by-hand"]],
  ["a person is refused a workload's role", assume("example-ws-sato", admin, {}, refused), ["unauthorized-calls"]],
  ["a person passes a workload's role", passRole("example-ws-sato"), []],
  ["the glass is broken", assume("example-break-glass", admin), ["break-glass", "role-events"]],
  [
    "the glass is broken by a directory's assertion",
    assume("example-break-glass", by.user, {}, { eventName: "AssumeRoleWithSAML" }),
    ["break-glass", "role-events"],
  ],
  ["the glass is not broken: refused", assume("example-break-glass", admin, {}, refused), ["unauthorized-calls"]],
  ["a person takes the deployer's role", assume("example-deployer", admin), ["break-glass", "role-events"]],
  ["a person is refused the deployer's role", assume("example-deployer", admin, {}, refused), ["unauthorized-calls"]],
  ["a person passes the deployer's role", passRole("example-deployer"), []],
  ["the workflow takes the deployer's role", identified("example-deployer", workflow), []],
  [
    "another environment takes the deployer's role",
    identified("example-deployer", "repo:example/cline-landing-zone:environment:audit"),
    ["break-glass", "role-events"],
  ],
  [
    "the workflow takes the break-glass role",
    identified("example-break-glass", workflow),
    ["break-glass", "role-events"],
  ],
  [
    "a workflow reads the state",
    identified("example-audit-workflow", "repo:example/cline-landing-zone:environment:audit"),
    [],
  ],
  ["a developer reads another's key", read(key, by.role("example-engineering-session")), ["virtual-key-read"]],
  [
    "an administrator reads a key by ARN",
    read(`arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:${key}-AbCdEf`, admin),
    ["virtual-key-read"],
  ],
  ["a user reads a key", read(key, by.user), ["virtual-key-read"]],
  ["an administrator is refused a key", read(key, admin, refused), ["unauthorized-calls"]],
  ["an administrator reads another secret", read("cline/example/platform/langfuse", admin), []],
  [
    "an administrator describes a key",
    trailRecord("secretsmanager:DescribeSecret", admin, { requestParameters: { secretId: key } }),
    [],
  ],
  ...[
    "example-ws-sato",
    "example-platform-key-rotation",
    "example-platform-access-reconciler",
    "example-platform-key-admin",
  ].flatMap((role): Row[] => [
    [`${role} reads a key`, read(key, by.role(role)), []],
    [`a person reads a key as ${role}`, read(key, by.hand(role)), ["virtual-key-read"]],
  ]),
  ["the gateway calls a model", trailRecord("bedrock:InvokeModel", by.role("example-platform-gateway-task")), []],
  [
    "a person calls a model as the gateway",
    trailRecord("bedrock:InvokeModel", by.hand("example-platform-gateway-task")),
    ["model-past-gateway"],
  ],
  ["an administrator lists models", trailRecord("bedrock:ListFoundationModels", admin), []],
  [
    "a user gets a key for Bedrock",
    trailRecord("iam:CreateServiceSpecificCredential", admin, {
      requestParameters: { serviceName: "bedrock.amazonaws.com" },
    }),
    ["bedrock-keys", "identity-events"],
  ],
  [
    "a user gets Git credentials",
    trailRecord("iam:CreateServiceSpecificCredential", admin, {
      requestParameters: { serviceName: "codecommit.amazonaws.com" },
    }),
    ["identity-events"],
  ],
  [
    "another call names Bedrock",
    trailRecord("iam:ListServiceSpecificCredentials", admin, {
      requestParameters: { serviceName: "bedrock.amazonaws.com" },
    }),
    [],
  ],
  [
    "a secret gets another function for its rotation",
    trailRecord("secretsmanager:RotateSecret", admin, {
      requestParameters: { secretId: key, rotationLambdaARN: "arn:aws:lambda:ap-northeast-1:111122223333:function:x" },
    }),
    ["setting-changes"],
  ],
  [
    "another call names a function",
    trailRecord("secretsmanager:DescribeSecret", admin, {
      requestParameters: { secretId: key, rotationLambdaARN: "arn:aws:lambda:ap-northeast-1:111122223333:function:x" },
    }),
    [],
  ],
  [
    "an operator rotates a key",
    trailRecord("secretsmanager:RotateSecret", admin, { requestParameters: { secretId: key } }),
    [],
  ],
  ...["PutSecretValue", "UpdateSecretVersionStage"].map((name): Row => [
    `RDS calls ${name} for a secret of its own`,
    trailRecord(`secretsmanager:${name}`, by.service("rds.amazonaws.com"), {
      requestParameters: {
        secretId: "arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:rds!cluster-0a1b-AbCdEf",
      },
    }),
    [],
  ]),
  ...refusedChanges,
  ["the budget stop acts", write("PutRolePolicy", stopPolicyName, stop), ["iam-changes", "stop-applied"]],
  ["the budget stop ends", write("DeleteRolePolicy", stopPolicyName), ["iam-changes", "stop-applied"]],
  ...Object.entries({
    "another denial": stop.replace("BudgetSpent", "Other"),
    "a grant": `{"Version":"2012-10-17","Statement":[${grant}]}`,
    "a grant behind its stop": stop.replace(/\]\}$/, `,${grant}]}`),
    "a grant spelled by numbers": stop.replace(/\]\}$/, `,${grant.replace("Allow", "\\u0041llow")}]}`),
  }).map(([what, document]): Row => [
    `the budget stop writes ${what}`,
    write("PutRolePolicy", stopPolicyName, document),
    ["iam-changes", "stop-events", "stop-applied"],
  ]),
  ["the budget stop writes another policy", write("PutRolePolicy", "more", stop), ["iam-changes", "stop-events"]],
  ["the budget stop removes another policy", write("DeleteRolePolicy", "more"), ["iam-changes", "stop-events"]],
  ["the budget stop lists policies", write("ListRolePolicies", stopPolicyName), []],
  [
    "a rotation fails",
    trailRecord("secretsmanager:RotationFailed", by.service("secretsmanager.amazonaws.com"), {
      eventType: "AwsServiceEvent",
    }),
    ["rotation-events"],
  ],
  [
    "a rotation is abandoned",
    trailRecord("secretsmanager:RotationAbandoned", by.service("secretsmanager.amazonaws.com"), {
      eventType: "AwsServiceEvent",
    }),
    ["rotation-events"],
  ],
];
