import { account, region, type Row } from "../simulate";
import type { World } from "../world";

const role = (name: string) => `arn:aws:iam::${account}:role/cline/example-${name}`;
const boundary = `arn:aws:iam::${account}:policy/cline/example-boundary-workload`;
const home = { "aws:Ec2InstanceSourceVpc": "vpc-1", "aws:SourceVpc": "vpc-1" };

/** Ways to more rights that no role has, with whatever its own policy is widened to: action and resource. */
const paths: readonly (readonly [string, string])[] = [
  ["iam:CreatePolicyVersion", boundary],
  ["iam:SetDefaultPolicyVersion", boundary],
  ["iam:DeleteRolePermissionsBoundary", role("operator")],
  ["iam:PutRolePermissionsBoundary", role("operator")],
  ["iam:AttachRolePolicy", role("operator")],
  ["iam:PutRolePolicy", role("operator")],
  ["iam:UpdateAssumeRolePolicy", role("operator")],
  ["iam:CreateRole", role("operator")],
  ["iam:CreateUser", `arn:aws:iam::${account}:user/eve`],
  ["iam:CreateAccessKey", `arn:aws:iam::${account}:user/mori`],
  ["iam:CreateLoginProfile", `arn:aws:iam::${account}:user/mori`],
  ["iam:CreateServiceSpecificCredential", `arn:aws:iam::${account}:user/mori`],
  ["iam:DeactivateMFADevice", `arn:aws:iam::${account}:user/mori`],
  ["iam:AddUserToGroup", `arn:aws:iam::${account}:group/cline/example-operator`],
  ["sts:AssumeRole", role("operator")],
  ["lambda:UpdateFunctionCode", `arn:aws:lambda:${region}:${account}:function:example-platform-key-rotation`],
  ["lambda:AddPermission", `arn:aws:lambda:${region}:${account}:function:example-platform-key-admin`],
  ["ec2:ReplaceIamInstanceProfileAssociation", `arn:aws:ec2:${region}:${account}:instance/i-1`],
  ["ec2:AssociateIamInstanceProfile", `arn:aws:ec2:${region}:${account}:instance/i-1`],
  ["ec2:ModifyInstanceAttribute", `arn:aws:ec2:${region}:${account}:instance/i-1`],
  ["ec2:CreateInternetGateway", `arn:aws:ec2:${region}:${account}:internet-gateway/*`],
  ["ec2:ModifyVpcEndpoint", `arn:aws:ec2:${region}:${account}:vpc-endpoint/vpce-1`],
  ["ec2:AuthorizeSecurityGroupEgress", `arn:aws:ec2:${region}:${account}:security-group/sg-1`],
  ["ssm:SendCommand", `arn:aws:ec2:${region}:${account}:instance/i-1`],
  ["ssm:UpdateDocument", `arn:aws:ssm:${region}:${account}:document/example-platform-shell`],
  ["secretsmanager:PutResourcePolicy", `arn:aws:secretsmanager:${region}:${account}:secret:x-AbCdEf`],
  ["kms:PutKeyPolicy", `arn:aws:kms:${region}:${account}:key/1`],
  ["kms:ScheduleKeyDeletion", `arn:aws:kms:${region}:${account}:key/1`],
  ["s3:PutBucketPolicy", "arn:aws:s3:::example-platform-audit-trail-111122223333-ap-northeast-1"],
  ["cloudtrail:StopLogging", `arn:aws:cloudtrail:${region}:${account}:trail/example-platform`],
  ["logs:DeleteLogGroup", `arn:aws:logs:${region}:${account}:log-group:/cline/example/platform/session-logs`],
];

/** One role of each boundary and kind that an attacker could hold. */
const holders = [
  "example-engineering-session",
  "example-engineering-lead",
  "example-operator",
  "example-auditor",
  "example-ws-tanaka",
  "example-platform-gateway-task",
  "example-platform-batch-runner",
  "example-platform-key-rotation",
  "example-platform-budget-stop",
];

/** Escalation: what a widened policy still cannot do, passing roles, chaining, stolen credentials. */
export function escalation(world: World): readonly Row[] {
  const closed = holders.flatMap((as) =>
    paths.map(([does, on]): Row => ({
      title: `${as} has no way to ${does}`,
      as,
      does,
      on,
      alone: "boundary",
      allowed: false,
    })),
  );
  const pass = (as: string, to: string, service: string, allowed: boolean, alone?: "boundary"): Row => ({
    title: `${as} ${allowed ? "passes" : "does not pass"} ${to} to ${service}${alone ? " with a widened policy" : ""}`,
    as,
    does: "iam:PassRole",
    on: role(to),
    with: { "iam:PassedToService": service },
    allowed,
    ...(alone && { alone }),
  });
  const ecs = "ecs-tasks.amazonaws.com";
  const migration = "example-platform-gateway-migration";
  const provisioner = "example-platform-langfuse-provisioner";
  const stop = (as: string, on: string, allowed: boolean, bound = "gateway"): Row => ({
    title: `${as} ${allowed ? "keeps" : "does not keep"} the stop of ${on} within the boundary ${bound}`,
    as,
    does: "iam:PutRolePolicy",
    on: role(on),
    with: { "iam:PermissionsBoundary": `arn:aws:iam::${account}:policy/cline/example-boundary-${bound}` },
    allowed,
  });
  const stopper = "example-platform-budget-stop";
  const stolen = (title: string, context: Readonly<Record<string, string>>, allowed: boolean): Row => ({
    title: `an instance's credentials ${title}`,
    as: "example-ws-tanaka",
    does: "secretsmanager:GetSecretValue",
    on: [...world.resourcePolicies.keys()].find((arn) => arn.includes("/tanaka/")) ?? "",
    with: context,
    allowed,
  });
  return [
    ...closed,
    pass(migration, "platform-gateway-task", ecs, true),
    pass(migration, "platform-gateway-task", "ec2.amazonaws.com", false),
    {
      ...pass(migration, "platform-gateway-task", "ec2.amazonaws.com", false),
      title: "the migration's own policy passes to ECS only",
      alone: "policy",
    },
    pass(migration, "operator", ecs, false),
    pass(provisioner, "platform-langfuse-task", ecs, true),
    pass(provisioner, "platform-langfuse-init-execution", ecs, true),
    pass(provisioner, "platform-langfuse-execution", ecs, false),
    {
      ...pass(provisioner, "platform-langfuse-task", "lambda.amazonaws.com", false),
      title: "the provisioner's own policy passes to ECS only",
      alone: "policy",
    },
    pass(provisioner, "platform-gateway-task", ecs, false),
    pass(provisioner, "platform-gateway-task", "lambda.amazonaws.com", false, "boundary"),
    pass("example-platform-gateway-task", "platform-gateway-task", "lambda.amazonaws.com", false, "boundary"),
    {
      ...pass(provisioner, "", ecs, false, "boundary"),
      title: "no boundary passes a role from outside Cline",
      on: `arn:aws:iam::${account}:role/administrator`,
    },
    pass("example-ws-tanaka", "platform-gateway-task", ecs, false),
    stop(stopper, "platform-gateway-task", true),
    stop(stopper, "platform-batch-runner", true, "workload"),
    // Whatever it writes stays within a boundary, also once the role has lost it or got a wider one.
    stop(stopper, "platform-gateway-task", false, "human"),
    { ...stop(stopper, "platform-gateway-task", false), title: "a role without a boundary gets no policy", with: {} },
    stop(stopper, "operator", false),
    // A grant that the budget stop wrote would end at the boundary, as every policy does.
    {
      title: "the batch runner, granted everything by the budget stop, invokes no model",
      as: "example-platform-batch-runner",
      does: "bedrock:InvokeModel",
      on: `arn:aws:bedrock:${region}:${account}:application-inference-profile/another`,
      alone: "boundary",
      allowed: false,
    },
    stop("example-platform-key-admin", "platform-gateway-task", false),
    ...["example-platform-gateway-task", "example-platform-key-admin"].map((as): Row => ({
      ...stop(as, "platform-gateway-task", false),
      title: `${as}, widened, does not write the gateway's policy`,
      alone: "boundary",
    })),
    ...["example-platform-gateway-task", "example-platform-key-admin"].map((as): Row => ({
      ...stop(as, "platform-gateway-task", false),
      title: `the boundary of ${as} takes a workspace called like the budget stop for no budget stop`,
      with: { "aws:PrincipalArn": role("ws-x-budget-stop") },
      alone: "boundary",
    })),
    ...[...world.roles.keys()]
      .filter((as) => !["example-break-glass"].includes(as))
      .map((as): Row => ({
        title: `${as} does not chain into the operator's role`,
        as,
        does: "sts:AssumeRole",
        on: role("operator"),
        allowed: false,
      })),
    stolen("at home", home, true),
    stolen("from the internet", { "aws:Ec2InstanceSourceVpc": "vpc-1" }, false),
    stolen("from another network", { ...home, "aws:SourceVpc": "vpc-2" }, false),
    stolen(
      "through a service on their behalf",
      { "aws:Ec2InstanceSourceVpc": "vpc-1", "aws:ViaAWSService": "true" },
      true,
    ),
    ...(
      [
        ["at home", home, true],
        ["from the internet", { "aws:Ec2InstanceSourceVpc": "vpc-1" }, false],
        [
          "through a service on their behalf",
          { "aws:Ec2InstanceSourceVpc": "vpc-1", "aws:ViaAWSService": "true" },
          true,
        ],
        ["of no instance", {}, true],
      ] as const
    ).map(([title, context, allowed]): Row => ({
      ...stolen(title, context, allowed),
      title: `the gateway's boundary and credentials ${title}`,
      as: "example-platform-gateway-task",
      alone: "boundary",
    })),
    // A function has no instance: the wall is for credentials that an instance's metadata service gave out.
    {
      ...stolen("", {}, true),
      title: "a function's credentials are not an instance's",
      as: "example-platform-key-rotation",
    },
    ...["workload", "gateway"].map((kind): Row => ({
      title: `the ${kind} boundary ends at the account`,
      as: kind === "gateway" ? "example-platform-gateway-task" : "example-platform-usage-report",
      does: "s3:PutObject",
      on: "arn:aws:s3:::attackers-bucket/stolen",
      with: { "aws:ResourceAccount": "999988887777" },
      alone: "boundary",
      allowed: false,
    })),
    {
      title: "the people's boundary ends at the account",
      as: "example-operator",
      does: "s3:GetObject",
      on: "arn:aws:s3:::attackers-bucket/tool",
      with: { "aws:ResourceAccount": "999988887777" },
      alone: "boundary",
      allowed: false,
    },
  ];
}
