import { account, issuer, region, type Context, type Row } from "../simulate";

const role = (name: string) => `arn:aws:iam::${account}:role/cline/example-${name}`;
const policy = (name: string) => `arn:aws:iam::${account}:policy/cline/example-${name}`;
const bucket = (purpose: string) => `arn:aws:s3:::example-platform-${purpose}-${account}-${region}`;
const regional = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
const state = bucket("state");
const key = regional("kms", "key/state");
const alias = "alias/cline/example/platform/state";

const here = { "aws:RequestedRegion": region };
const tls = { ...here, "aws:SecureTransport": "true" };
const boundary = { ...here, "iam:PermissionsBoundary": policy("boundary-workload") };

/** Whether a role may do something. */
const of =
  (as: string) =>
  (does: string, on: string, allowed: boolean, context: Context = here): Row => ({
    title: `${as} ${allowed ? "may" : "may not"} ${does} on ${on} ${JSON.stringify(context)}`,
    as,
    does,
    on,
    with: context,
    allowed,
  });
const deployer = of("example-deployer");
const audit = of("example-audit-workflow");

/** Who takes up the deployment's roles: the environment of the one repository, whole. */
function workflows(): Row[] {
  const subject = "repo:example/cline-landing-zone:environment";
  const take = (title: string, name: string, context: Context, allowed = false): Row => ({
    title: `a workflow ${title} ${allowed ? "takes" : "does not take"} up ${name}`,
    as: { workflow: true },
    does: "sts:AssumeRoleWithWebIdentity",
    on: role(name),
    with: context,
    allowed,
  });
  const token = (sub: string, aud = "sts.amazonaws.com") => ({ [`${issuer}:sub`]: sub, [`${issuer}:aud`]: aud });
  return [
    ["deployer", "production", "audit"],
    ["audit-workflow", "audit", "production"],
  ].flatMap(([name = "", own = "", other = ""]) => [
    take(`in ${own}`, name, token(`${subject}:${own}`), true),
    take(`in ${other}`, name, token(`${subject}:${other}`)),
    take(`in ${own}-copy`, name, token(`${subject}:${own}-copy`)),
    take("of a pull request", name, token("repo:example/cline-landing-zone:pull_request")),
    take("of main without an environment", name, token("repo:example/cline-landing-zone:ref:refs/heads/main")),
    take("of a fork", name, token(`repo:mallory/cline-landing-zone:environment:${own}`)),
    take("of a repository with a longer name", name, token(`repo:example/cline-landing-zone-x:environment:${own}`)),
    take("for another audience", name, token(`${subject}:${own}`, "https://github.com/example")),
    take("without a subject", name, { [`${issuer}:aud`]: "sts.amazonaws.com" }),
    // Alarms except the workflow's sessions because only people's carry a source identity.
    {
      ...take("under a source identity", name, { ...token(`${subject}:${own}`), "sts:SourceIdentity": "mori" }),
      does: "sts:SetSourceIdentity",
    },
  ]);
}

/** Taking up the deployer's role by hand. */
function byHand(): Row[] {
  const glass = of("example-break-glass");
  const named = { ...here, "aws:SourceIdentity": "mori" };
  return (["sts:AssumeRole", "sts:SetSourceIdentity"] as const).flatMap((does) => [
    glass(does, role("deployer"), true, named),
    glass(does, role("deployer"), false),
    of("example-operator")(does, role("deployer"), false, named),
    {
      ...of("example-operator")(does, role("deployer"), false, named),
      title: `an operator, widened, does not ${does} the deployer`,
      alone: "resource",
    },
    glass(does, role("audit-workflow"), false, named),
  ]);
}

/** Roles and policies: under a boundary only, and never the bootstrap's own. */
function identity(): Row[] {
  const kept = ["deployer", "audit-workflow", "break-glass"].map(role);
  const noBoundary = [
    here,
    { ...here, "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" },
    { ...here, "iam:PermissionsBoundary": policy("deployer-services") },
    { ...here, "iam:PermissionsBoundary": policy("boundary-deployment") },
  ];
  return [
    ...["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"].flatMap(
      (does) => [
        deployer(does, role("platform-gateway-task"), true, boundary),
        ...noBoundary.map((context) => deployer(does, role("platform-gateway-task"), false, context)),
        deployer(does, `arn:aws:iam::${account}:role/administrator`, false, boundary),
      ],
    ),
    deployer("iam:DeleteRolePermissionsBoundary", role("operator"), false, boundary),
    ...kept.flatMap((on) =>
      ["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:DeleteRole", "iam:PassRole", "sts:AssumeRole"].map(
        (does) => deployer(does, on, false, does === "iam:PutRolePolicy" ? boundary : here),
      ),
    ),
    ...["deployer-services", "boundary-deployment"].map((name) =>
      deployer("iam:CreatePolicyVersion", policy(name), false),
    ),
    deployer("iam:CreatePolicyVersion", policy("boundary-workload"), true),
    deployer("iam:DeleteOpenIDConnectProvider", `arn:aws:iam::${account}:oidc-provider/${issuer}`, false),
    ...["CreateUser", "CreateAccessKey", "CreateLoginProfile", "DeactivateMFADevice"].map((name) =>
      deployer(`iam:${name}`, `arn:aws:iam::${account}:user/mori`, false),
    ),
    deployer("iam:PassRole", role("platform-gateway-task"), true, {
      ...here,
      "iam:PassedToService": "ecs-tasks.amazonaws.com",
    }),
    deployer("iam:PassRole", role("platform-gateway-task"), false, {
      ...here,
      "iam:PassedToService": "glue.amazonaws.com",
    }),
    ...[
      ["ecs.amazonaws.com", true],
      ["organizations.amazonaws.com", false],
    ].map(([service, allowed]) =>
      deployer(
        "iam:CreateServiceLinkedRole",
        `arn:aws:iam::${account}:role/aws-service-role/${String(service)}/AWSServiceRole`,
        allowed as boolean,
        { ...here, "iam:AWSServiceName": String(service) },
      ),
    ),
  ];
}

/** What the deployer builds and does not use. */
function uses(): Row[] {
  const secret = (name: string) => regional("secretsmanager", `secret:cline/example/${name}-AbCdEf`);
  const network = (kind: string) => regional("ec2", `${kind}/*`);
  const keyAdmin = regional("lambda", "function:example-platform-key-admin");
  const through = (service: string) => ({ ...here, "kms:ViaService": `${service}.${region}.amazonaws.com` });
  const dataKey = regional("kms", "key/data");
  return [
    deployer("secretsmanager:GetSecretValue", secret("engineering/tanaka/virtual-key"), false),
    deployer("secretsmanager:PutSecretValue", secret("engineering/tanaka/virtual-key"), false),
    deployer("secretsmanager:GetSecretValue", secret("engineering/sato/langfuse-account"), false),
    deployer("secretsmanager:CreateSecret", secret("engineering/tanaka/virtual-key"), true),
    deployer("secretsmanager:GetSecretValue", secret("platform/gateway-connections"), true),
    deployer("secretsmanager:GetSecretValue", regional("secretsmanager", "secret:payroll-AbCdEf"), false),
    ...[
      deployer("kms:Decrypt", dataKey, true, through("secretsmanager")),
      deployer("kms:Decrypt", dataKey, false, here),
      deployer("kms:Decrypt", dataKey, false, through("dynamodb")),
    ].map((row): Row => ({ ...row, alone: "policy" })),
    deployer("ec2:CreateVpc", network("vpc"), true),
    deployer("ec2:CreateVpc", network("vpc"), false, { "aws:RequestedRegion": "eu-west-1" }),
    deployer("events:PutRule", `arn:aws:events:us-east-1:${account}:rule/example-platform-iam`, true, {
      "aws:RequestedRegion": "us-east-1",
    }),
    ...["internet-gateway", "natgateway"].map((kind) =>
      deployer(kind === "natgateway" ? "ec2:CreateNatGateway" : "ec2:CreateInternetGateway", network(kind), false),
    ),
    deployer("ec2:ModifySnapshotAttribute", `arn:aws:ec2:${region}::snapshot/snap-1`, false),
    deployer("rds:CreateDBCluster", regional("rds", "cluster:example-platform-gateway"), true),
    deployer("rds:ModifyDBClusterSnapshotAttribute", regional("rds", "cluster-snapshot:x"), false),
    deployer("bedrock:CreateInferenceProfile", regional("bedrock", "application-inference-profile/*"), true),
    deployer("bedrock:InvokeModel", regional("bedrock", "application-inference-profile/x"), false),
    deployer("ecs:UpdateService", regional("ecs", "service/example-platform-gateway/gateway"), true),
    deployer("ecs:ExecuteCommand", regional("ecs", "task/example-platform-gateway/1"), false),
    deployer("ecs:RunTask", regional("ecs", "task-definition/example-platform-gateway:1"), false),
    deployer("ssm:UpdateDocument", regional("ssm", "document/example-platform-shell"), true),
    deployer("ssm:StartSession", regional("ec2", "instance/i-1"), false),
    deployer("ssm:SendCommand", regional("ec2", "instance/i-1"), false),
    deployer("logs:CreateLogGroup", regional("logs", "log-group:/cline/example/platform/gateway"), true),
    deployer(
      "logs:GetLogEvents",
      regional("logs", "log-group:/cline/example/platform/session-logs:log-stream:1"),
      false,
    ),
    deployer("ecr:CreateRepository", regional("ecr", "repository/cline/example/gateway"), true),
    deployer("ecr:PutImage", regional("ecr", "repository/cline/example/gateway"), false),
    deployer("lambda:InvokeFunction", regional("lambda", "function:example-platform-database-setup"), true),
    deployer("lambda:InvokeFunction", keyAdmin, false),
    deployer("lambda:InvokeFunction", `${keyAdmin}:engineering`, false),
    deployer("sqs:ReceiveMessage", regional("sqs", "example-platform-key-rotation"), false),
    deployer("s3:PutObject", `${bucket("gateway")}/state/departments/engineering/1.json`, true, tls),
    deployer("s3:GetObject", `${bucket("session-logs")}/tanaka.log`, false, tls),
    deployer("s3:DeleteObject", `${bucket("audit-trail")}/AWSLogs/1`, false, tls),
    deployer("s3:CreateBucket", "arn:aws:s3:::somebody-elses", false, tls),
  ];
}

/** The state: its bucket, its history and its key. */
function stateRows(): Row[] {
  const file = `${state}/.pulumi/stacks/cline/platform.json`;
  const plan = `${state}/plans/1/platform.json`;
  const stateKey = { ...here, "kms:ResourceAliases": [alias] };
  const other = { ...here, "kms:ResourceAliases": ["alias/cline/example/platform/data"] };
  const plain = { ...here, "aws:SecureTransport": "false" };
  const administrator = (does: string, allowed: boolean): Row => ({
    title: `an administrator ${allowed ? "may" : "may not"} ${does} the state`,
    as: { admin: true },
    does,
    on: does === "s3:PutBucketPolicy" ? state : file,
    with: tls,
    allowed,
  });
  return [
    ...["s3:GetObject", "s3:PutObject", "s3:DeleteObject"].flatMap((does) => [
      deployer(does, file, true, tls),
      deployer(does, file, false, plain),
      administrator(does, false),
    ]),
    administrator("s3:PutBucketPolicy", true),
    deployer("s3:DeleteObjectVersion", file, false, tls),
    ...["s3:PutBucketPolicy", "s3:PutBucketVersioning", "s3:PutLifecycleConfiguration", "s3:DeleteBucket"].map((does) =>
      deployer(does, state, false, tls),
    ),
    deployer("s3:ListBucket", state, true, tls),
    deployer("kms:Decrypt", key, true, stateKey),
    deployer("kms:Decrypt", key, false, other),
    ...["kms:ScheduleKeyDeletion", "kms:PutKeyPolicy", "kms:DisableKey"].flatMap((does) => [
      deployer(does, key, false, stateKey),
      deployer(does, key, true, other),
    ]),
    deployer("kms:UpdateAlias", regional("kms", alias), false),
    audit("s3:GetObject", file, true, tls),
    audit("s3:ListBucket", state, true, tls),
    audit("s3:PutObject", plan, true, tls),
    audit("s3:PutObject", file, false, tls),
    audit("s3:DeleteObject", plan, false, tls),
    audit("s3:DeleteObject", file, false, tls),
    audit("kms:Decrypt", key, true, stateKey),
    audit("kms:Decrypt", key, false, other),
    audit("kms:ScheduleKeyDeletion", key, false, stateKey),
    audit("iam:PutRolePolicy", role("deployer"), false),
    audit(
      "secretsmanager:GetSecretValue",
      regional("secretsmanager", "secret:cline/example/platform/gateway-salt-AbCdEf"),
      false,
    ),
    audit("logs:GetLogEvents", regional("logs", "log-group:/cline/example/platform/session-logs:log-stream:1"), false),
    of("example-operator")("s3:GetObject", file, false, tls),
    {
      ...of("example-operator")("s3:GetObject", file, false, tls),
      title: "an operator, widened, does not read the state",
      alone: "resource",
    },
    {
      ...of("example-operator")("kms:Decrypt", key, false, stateKey),
      title: "an operator, widened, does not use the state's key",
      alone: "resource",
    },
  ];
}

/** The bootstrap's roles: who takes them up, and what they may do. */
export const deployment: readonly Row[] = [...workflows(), ...byHand(), ...identity(), ...uses(), ...stateRows()];
