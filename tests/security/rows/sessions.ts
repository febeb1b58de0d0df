import { account, region, type Context, type Row } from "../simulate";

const instance = `arn:aws:ec2:${region}:${account}:instance/i-0123456789abcdef0`;
const document = (name: string) => `arn:aws:ssm:${region}:${account}:document/${name}`;
const session = (name: string) => `arn:aws:ssm:${region}:${account}:session/${name}`;

/** A fixture department and one it has nothing to do with. */
export interface Department {
  readonly name: string;
  readonly other: string;
}
export const departments: readonly Department[] = [
  { name: "engineering", other: "data-science" },
  { name: "data-science", other: "engineering" },
];

const tanaka = { "aws:SourceIdentity": "tanaka" };
const checked = { "ssm:SessionDocumentAccessCheck": "true" };
const tags = (department: string, owner: string, purpose = "workspace") => ({
  "aws:ResourceTag/Organization": "example",
  "aws:ResourceTag/Department": department,
  "aws:ResourceTag/Owner": owner,
  "aws:ResourceTag/Purpose": purpose,
});

/** Sessions of a department's developer called tanaka. */
function workspaces({ name, other }: Department): Row[] {
  const sessionRole = `example-${name}-session`;
  const own = { "ssm:resourceTag/Department": name, "ssm:resourceTag/Owner": "tanaka" };
  const open = (title: string, context: Context, allowed = false, alone?: "policy" | "boundary"): Row => ({
    title: `a developer of ${name} opens a session ${title}`,
    as: sessionRole,
    does: "ssm:StartSession",
    on: instance,
    with: { ...tanaka, ...own, ...checked, ...context },
    allowed,
    ...(alone && { alone }),
  });
  const through = (file: string, allowed: boolean): Row => ({
    ...open("", {}, allowed),
    title: `a developer of ${name}'s session ${allowed ? "uses" : "does not use"} ${file}`,
    on: document(file),
    with: tanaka,
  });
  const starts = (title: string, as: string, context: Context, allowed = false): Row => ({
    title: `${name}: ${title} ${allowed ? "starts" : "does not start"} a workspace`,
    as,
    does: "ec2:StartInstances",
    on: instance,
    with: context,
    allowed,
  });
  const door = (does: string, on: string): Row => ({
    title: `a developer of ${name} has no ${does}`,
    as: sessionRole,
    does,
    on,
    with: tanaka,
    allowed: false,
  });
  const ends = (does: string, owner: string, allowed: boolean): Row => ({
    title: `a developer of ${name}'s ${does} of ${owner}'s session`,
    as: sessionRole,
    does,
    on: session(`${owner}-0123456789abcdef0`),
    with: {
      ...tanaka,
      "aws:userid": "AROAEXAMPLE:tanaka",
      "ssm:resourceTag/aws:ssmmessages:session-id": `AROAEXAMPLE:${owner}`,
    },
    allowed,
  });
  return [
    open("in their own workspace", {}, true),
    open("in a colleague's workspace", { "ssm:resourceTag/Owner": "suzuki" }),
    open("in the workspace of someone whose name begins alike", { "ssm:resourceTag/Owner": "tanaka-jr" }),
    open("in a workspace of another department", { "ssm:resourceTag/Department": other }),
    open("without the document check", { "ssm:SessionDocumentAccessCheck": "false" }),
    open(
      "without the document check, by the policy alone",
      { "ssm:SessionDocumentAccessCheck": "false" },
      false,
      "policy",
    ),
    open(
      "without the document check, by the boundary alone",
      { "ssm:SessionDocumentAccessCheck": "false" },
      false,
      "boundary",
    ),
    through("example-platform-shell", true),
    through("example-platform-code-server", true),
    through("example-platform-ssh", true),
    through("example-platform-langfuse", false),
    through("AWS-StartPortForwardingSession", false),
    through("AWS-StartSSHSession", false),
    through("AWS-StartInteractiveCommand", false),
    door("ssm:SendCommand", instance),
    door("ssm:StartAutomationExecution", `arn:aws:ssm:${region}:${account}:automation-definition/AWS-RunShellScript:1`),
    door("ssm:CreateAssociation", instance),
    door("ssm:UpdateDocument", document("example-platform-shell")),
    door("ec2-instance-connect:SendSSHPublicKey", instance),
    door("ecs:ExecuteCommand", `arn:aws:ecs:${region}:${account}:task/example-platform-gateway/1`),
    door("ec2:ModifyInstanceAttribute", instance),
    door("ec2:GetConsoleOutput", instance),
    ends("ssm:TerminateSession", "tanaka", true),
    ends("ssm:TerminateSession", "tanaka-jr", false),
    ends("ssm:ResumeSession", "tanaka", true),
    ends("ssm:ResumeSession", "suzuki", false),
    starts("the owner", sessionRole, { ...tanaka, ...tags(name, "tanaka") }, true),
    starts("a colleague", sessionRole, { ...tanaka, ...tags(name, "suzuki") }),
    starts("a namesake of another department", sessionRole, { ...tanaka, ...tags(other, "tanaka") }),
    starts("a developer who owns some other instance", sessionRole, {
      ...tanaka,
      ...tags(name, "tanaka", "clickhouse"),
    }),
    starts("the lead", `example-${name}-lead`, tags(name, "tanaka"), true),
    starts("another department's lead", `example-${other}-lead`, tags(name, "tanaka")),
    starts("the lead, of a host,", `example-${name}-lead`, tags(name, "tanaka", "clickhouse")),
  ];
}

/** Starting workspaces, by those who belong to no department. */
function starts(): Row[] {
  const tanaka = tags("engineering", "tanaka");
  const host = tags("platform", "", "clickhouse");
  const elsewhere = { ...tanaka, "aws:ResourceTag/Organization": "other" };
  const start = (as: string, title: string, context: Context, allowed: boolean): Row => ({
    title: `${as} ${allowed ? "starts" : "does not start"} ${title}`,
    as,
    does: "ec2:StartInstances",
    on: instance,
    with: context,
    allowed,
  });
  return [
    ...["example-operator", "example-platform-idle-stop"].flatMap((as) => [
      start(as, "a workspace", tanaka, true),
      start(as, "a host", host, false),
      start(as, "another organization's workspace", elsewhere, false),
    ]),
    start("example-auditor", "a workspace", tanaka, false),
    start("example-ws-tanaka", "a workspace", tanaka, false),
  ];
}

function langfuse(): Row[] {
  const node = { "ssm:resourceTag/Purpose": "langfuse-access", "ssm:resourceTag/Stack": "platform", ...checked };
  const open = (as: string, title: string, context: Context, allowed = false, on = instance): Row => ({
    title: `${as} opens a session ${title}`,
    as,
    does: "ssm:StartSession",
    on,
    with: context,
    allowed,
  });
  return ["example-engineering-lead", "example-data-science-lead", "example-operator"].flatMap((as) => [
    open(as, "to Langfuse's access node", node, true),
    open(as, "to Langfuse's access node without the document check", {
      ...node,
      "ssm:SessionDocumentAccessCheck": "false",
    }),
    {
      ...open(as, "to the access node without the document check, by the policy alone", {
        ...node,
        "ssm:SessionDocumentAccessCheck": "false",
      }),
      alone: "policy",
    },
    open(as, "to another stack's access node", { ...node, "ssm:resourceTag/Stack": "other" }),
    open(as, "in a workspace", { ...node, "ssm:resourceTag/Purpose": "workspace" }),
    open(as, "through Langfuse's document", {}, true, document("example-platform-langfuse")),
    open(as, "through the shell document", {}, false, document("example-platform-shell")),
    {
      ...open(as, "", {}, true, session("sato-1")),
      title: `${as} ends their own session`,
      does: "ssm:ResumeSession",
      with: { "aws:userid": "AROAEXAMPLE:sato", "ssm:resourceTag/aws:ssmmessages:session-id": "AROAEXAMPLE:sato" },
    },
    {
      ...open(as, "", {}, false, session("suzuki-1")),
      title: `${as} does not resume another's session`,
      does: "ssm:ResumeSession",
      with: { "aws:userid": "AROAEXAMPLE:sato", "ssm:resourceTag/aws:ssmmessages:session-id": "AROAEXAMPLE:suzuki" },
    },
  ]);
}

/** Opening, resuming and ending sessions, starting workspaces, and Langfuse's access node. */
export const sessions: readonly Row[] = [...departments.flatMap(workspaces), ...starts(), ...langfuse()];
