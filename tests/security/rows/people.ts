import { account, region, type Context, type Row } from "../simulate";
import { departments, type Department } from "./sessions";

const role = (name: string) => `arn:aws:iam::${account}:role/cline/example-${name}`;
const session = (name: string) => `arn:aws:ssm:${region}:${account}:session/${name}`;

/** What a person's request to take up a role carries when all is well. */
const proof = (who: string) => ({
  "aws:MultiFactorAuthPresent": "true",
  "aws:MultiFactorAuthAge": "60",
  "sts:SourceIdentity": who,
  "sts:RoleSessionName": who,
});
const without = (context: Context, key: string): Context =>
  Object.fromEntries(Object.entries(context).filter(([k]) => k !== key));

/** Taking up a human role: MFA, one's own name, the right person, from a user and not from another role. */
function trust(name: string, person: string, mfaSeconds: number, byOwnName = false): Row[] {
  const good = proof(person);
  const { "sts:RoleSessionName": _, ...identity } = good;
  const take = (title: string, context: Context, allowed = false): Row => ({
    title: `${person} takes up ${name} ${title}`,
    as: { user: person },
    does: "sts:AssumeRole",
    on: role(name),
    with: context,
    allowed,
  });
  const set = (title: string, context: Context, allowed = false): Row => ({
    ...take(title, context, allowed),
    title: `${person} names themself for ${name} ${title}`,
    does: "sts:SetSourceIdentity",
  });
  return [
    take("with a fresh MFA", good, true),
    take("with MFA just too old", { ...good, "aws:MultiFactorAuthAge": String(mfaSeconds) }),
    take("without MFA at the console", { ...good, "aws:MultiFactorAuthPresent": "false" }),
    take("with a long-term key", without(without(good, "aws:MultiFactorAuthPresent"), "aws:MultiFactorAuthAge")),
    take("under another's source identity", { ...good, "sts:SourceIdentity": "suzuki" }),
    take("without a source identity", without(good, "sts:SourceIdentity")),
    take("under another's session name", { ...good, "sts:RoleSessionName": "suzuki" }),
    set("with a fresh MFA", identity, true),
    set("with MFA just too old", { ...identity, "aws:MultiFactorAuthAge": String(mfaSeconds) }),
    set("without MFA at the console", { ...identity, "aws:MultiFactorAuthPresent": "false" }),
    set("as somebody else", { ...identity, "sts:SourceIdentity": "suzuki" }),
    {
      ...take("as a user whom it does not name", proof("ito"), byOwnName),
      title: `ito ${byOwnName ? "also takes" : "does not take"} up ${name}`,
      as: { user: "ito" },
    },
    {
      ...take("from another account", good),
      title: `an administrator of another account does not take up ${name}`,
      as: { outsider: true },
      with: { ...good, "aws:username": person },
    },
    {
      ...take("", good),
      title: `an administrator's role does not chain into ${name}`,
      as: { admin: true },
    },
  ];
}

function offices(): Row[] {
  const lead = "example-engineering-lead";
  const keyAdmin = `arn:aws:lambda:${region}:${account}:function:example-platform-key-admin`;
  const bucket = (purpose: string) => `arn:aws:s3:::example-platform-${purpose}-${account}-${region}`;
  const reports = bucket("reports");
  const row = (as: string, does: string, on: string, allowed: boolean, context: Context = {}): Row => ({
    title: `${as} ${allowed ? "may" : "may not"} ${does} on ${on.split(":").slice(5).join(":")} ${JSON.stringify(context)}`,
    as,
    does,
    on,
    with: context,
    allowed,
  });
  const logs = (group: string) =>
    `arn:aws:logs:${region}:${account}:log-group:/cline/example/platform/${group}:log-stream:1`;
  const fromHome = { "aws:SecureTransport": "true" };
  const reads = ({ name, other }: Department): Row[] => [
    row(`example-${name}-lead`, "s3:ListBucket", reports, true, { ...fromHome, "s3:prefix": `departments/${name}/` }),
    row(`example-${name}-lead`, "s3:ListBucket", reports, false, { ...fromHome, "s3:prefix": `departments/${other}/` }),
    row(`example-${name}-lead`, "s3:ListBucket", reports, false, { ...fromHome, "s3:prefix": "" }),
  ];
  return [
    ...departments.flatMap(reads),
    row(lead, "lambda:InvokeFunction", `${keyAdmin}:engineering`, true),
    row(lead, "lambda:InvokeFunction", `${keyAdmin}:data-science`, false),
    row(lead, "lambda:InvokeFunction", `${keyAdmin}:_operators`, false),
    row(lead, "lambda:InvokeFunction", keyAdmin, false),
    row(
      lead,
      "lambda:InvokeFunction",
      `arn:aws:lambda:${region}:${account}:function:example-platform-key-rotation`,
      false,
    ),
    row(lead, "lambda:UpdateFunctionCode", keyAdmin, false),
    row(lead, "s3:GetObject", `${reports}/departments/engineering/2026-11.html`, true, fromHome),
    row(lead, "s3:GetObject", `${reports}/departments/data-science/2026-11.html`, false, fromHome),
    row(lead, "s3:GetObject", `${reports}/organization/2026-11.html`, false, fromHome),
    row(lead, "s3:GetObject", `${bucket("gateway")}/state/departments/data-science/1.json`, false, fromHome),
    row(lead, "cloudwatch:GetMetricData", "*", false),
    row(lead, "logs:GetLogEvents", logs("session-logs"), false),
    row("example-operator", "lambda:InvokeFunction", `${keyAdmin}:_operators`, true),
    row("example-operator", "lambda:InvokeFunction", `${keyAdmin}:engineering`, false),
    row("example-operator", "logs:GetLogEvents", logs("gateway"), true),
    row("example-operator", "logs:GetLogEvents", logs("session-logs"), false),
    row("example-operator", "s3:GetObject", `${reports}/organization/2026-11.html`, true, fromHome),
    row("example-operator", "s3:GetObject", `${bucket("session-logs")}/tanaka.log`, false, fromHome),
    row("example-operator", "s3:PutObject", `${bucket("artifacts")}/workspace/code-server.rpm`, false, fromHome),
    row("example-operator", "ssm:TerminateSession", session("tanaka-1"), true),
    row("example-operator", "ecs:UpdateService", `arn:aws:ecs:${region}:${account}:service/c/s`, true, {
      "aws:ResourceTag/Organization": "example",
    }),
    row("example-operator", "ecs:UpdateService", `arn:aws:ecs:${region}:${account}:service/c/s`, false, {
      "aws:ResourceTag/Organization": "other",
    }),
    row(
      "example-operator",
      "ecs:RegisterTaskDefinition",
      `arn:aws:ecs:${region}:${account}:task-definition/example-x:1`,
      false,
    ),
    row("example-auditor", "logs:GetLogEvents", logs("session-logs"), true),
    row("example-auditor", "s3:GetObject", `${bucket("session-logs")}/tanaka.log`, true, fromHome),
    row("example-auditor", "s3:GetObject", `${bucket("audit-trail")}/AWSLogs/1`, true, fromHome),
    row("example-auditor", "s3:DeleteObject", `${bucket("audit-trail")}/AWSLogs/1`, false, fromHome),
    row("example-auditor", "iam:GetRolePolicy", role("platform-gateway-task"), true),
    row("example-auditor", "iam:PutRolePolicy", role("platform-gateway-task"), false),
    row(
      "example-auditor",
      "cloudtrail:StopLogging",
      `arn:aws:cloudtrail:${region}:${account}:trail/example-platform`,
      false,
    ),
    row("example-operator", "sts:AssumeRole", role("deployer"), false),
    {
      ...row("example-operator", "sts:AssumeRole", role("deployer"), false),
      title: "an operator's widened policy does not reach the deployer",
      alone: "boundary",
    },
  ];
}

/** People: taking up roles, and what each office may do. */
export const people: readonly Row[] = [
  ...trust("engineering-session", "tanaka", 3600, true),
  ...trust("data-science-session", "kimura", 3600, true),
  ...trust("engineering-lead", "sato", 3600),
  ...trust("data-science-lead", "watanabe", 3600),
  ...trust("operator", "mori", 3600),
  ...trust("auditor", "abe", 3600),
  ...trust("break-glass", "mori", 900),
  ...offices(),
];
