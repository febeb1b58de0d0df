import { design, type Row } from "../../support/fault-rows";
import { fileText, merged, platformConfig } from "../../support/specs";
import { alone, department, extra, platform, text } from "./overrides";

/** Single values, and files as text. */
export const values: readonly Row[] = [
  [
    "identity-center without an attestation",
    { platform: platform({ mfaMode: "identity-center" }) },
    { "platform cline:platform.mfaAttestation": /who attests until when/ },
  ],
  [
    "an attestation by nobody responsible",
    { platform: platform({ mfaMode: "identity-center", mfaAttestation: { by: "sato", until: "2031-01-01" } }) },
    { "platform cline:platform.mfaAttestation.by": /one of operators and auditors: mori, abe/ },
  ],
  [
    "an attestation in another mode",
    { platform: platform({ mfaAttestation: { by: "abe", until: "2031-01-01" } }) },
    { "platform cline:platform.mfaAttestation": /remove it/ },
  ],
  [
    "no mfaMode",
    { platform: platform({ mfaMode: undefined }) },
    { "platform cline:platform.mfaMode": /allowed assume-role, iam-user, identity-center/ },
  ],
  [
    "a time zone as an offset",
    { platform: platform({ timeZone: "+09:00" }) },
    { "platform cline:platform.timeZone": /Asia\/Tokyo/ },
  ],
  [
    "a time zone that is none",
    { platform: platform({ timeZone: "Asia/Edo" }) },
    { "platform cline:platform.timeZone": /IANA/ },
  ],
  [
    "MCP servers that are reached in no way, in two, with arguments of none, by plain http, and with a key in the address",
    {
      platform: platform({
        agent: {
          mcpServers: {
            none: {},
            both: { url: "https://mcp.example.com", command: "/usr/bin/mcp" },
            extra: { url: "https://mcp.example.com", args: ["-q"] },
            plain: { url: "http://mcp.example.com" },
            keyed: { url: "https://mcp.example.com/?key=1" },
          },
        },
      }),
    },
    {
      "platform cline:platform.agent.mcpServers.none": /allowed a mapping with url, or with command and args/,
      "platform cline:platform.agent.mcpServers.both": /allowed a mapping with url, or with command/,
      "platform cline:platform.agent.mcpServers.extra": /allowed a mapping with url, or with command/,
      "platform cline:platform.agent.mcpServers.plain.url": /allowed an https:/,
      "platform cline:platform.agent.mcpServers.keyed.url": /without user, password, query/,
    },
  ],
  [
    "a command pattern that would end its variable's line",
    { platform: platform({ agent: { denyCommands: ["git push'\nX=1"] } }) },
    { "platform cline:platform.agent.denyCommands[0]": /without quotation marks/ },
  ],
  [
    "an organization that AWS reserves",
    { platform: platform({ organization: "aws-team" }) },
    { "platform cline:platform.organization": /not with aws/ },
  ],
  [
    "an address that is none",
    { design: department({ alertEmails: ["kato"] }) },
    { "design cline:department.alertEmails[0]": /e-mail address/ },
  ],
  [
    "a cost center that no tag takes",
    { design: department({ costCenter: "CC#1" }) },
    { "design cline:department.costCenter": /letters a to z, digits, spaces/ },
  ],
  [
    "a cost center that Bedrock's tags do not take",
    { design: department({ costCenter: "\u958b\u767a\u90e8" }) },
    { "design cline:department.costCenter": /letters a to z, digits, spaces/ },
  ],
  [
    "a schedule that stops before it starts",
    { design: department({ workspace: { schedule: { start: "20:00", stop: "08:00" } } }) },
    { "design cline:department.workspace.schedule.stop": /after start, 20:00/ },
  ],
  [
    "a source in another region",
    { design: department({ workspace: { sources: ["com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"] } }) },
    { "design cline:department.workspace.sources[0]": /a service in ap-northeast-1/ },
  ],
  [
    "names of AWS given to a service of one's own",
    {
      design: department({
        workspace: { sources: ["com.amazonaws.vpce.ap-northeast-1.vpce-svc-0a1b2c3d4e5f60718"] },
        sourceHosts: {
          "com.amazonaws.vpce.ap-northeast-1.vpce-svc-0a1b2c3d4e5f60718": ["kms.ap-northeast-1.amazonaws.com"],
        },
      }),
    },
    {
      "design cline:department.sourceHosts.com.amazonaws.vpce.ap-northeast-1.vpce-svc-0a1b2c3d4e5f60718":
        /found "kms\.ap-northeast-1\.amazonaws\.com"; .*AWS's names are answered by AWS's endpoints/,
    },
  ],
  [
    "an SSH key of a kind that is not admitted",
    { design: department({ developers: { arai: { sshPublicKey: "ssh-dss AAAAB3NzaC1kc3MAAAA=" } } }) },
    { "design cline:department.developers.arai.sshPublicKey": /not shown.*\.pub file/ },
  ],
  [
    "a retention that CloudWatch does not know",
    { platform: { "cline:observability": { logRetentionDays: 366 } } },
    { "platform cline:observability.logRetentionDays": /365, 400, 545/ },
  ],
  [
    "credentials in an address",
    { platform: { "cline:observability": { clickHouseUrl: "https://user:pass@clickhouse.example.com" } } },
    { "platform cline:observability.clickHouseUrl": /^found something that looks like a credential \(not shown\)/ },
  ],
  [
    "an image tag instead of a digest",
    { platform: { "cline:images": { gateway: "latest" } } },
    { "platform cline:images.gateway": /sha256: and 64/ },
  ],
  [
    "images that a department does not run itself",
    { design: { "cline:images": { workspaceAmi: "ami-0123456789abcdef0", gateway: `sha256:${"ab".repeat(32)}` } } },
    {
      "design cline:images.gateway":
        /allowed workspaceAmi: what this department runs itself; .*change it in stacks\/Pulumi\.platform\.yaml/,
    },
  ],
  [
    "packages of a department that stands alone in the platform's account",
    {
      design: {
        ...alone,
        "cline:images": { gateway: `sha256:${"ab".repeat(32)}`, codeServer: `sha256:${"ab".repeat(32)}` },
      },
    },
    { "design cline:images.codeServer": /allowed workspaceAmi, gateway, langfuse, .*; the rest is platform's/ },
  ],
  [
    "a version that is known to fail on a read-only root",
    { platform: { "cline:images": { gateway: `v1.94.9@sha256:${"ab".repeat(32)}` } } },
    { "platform cline:images.gateway": /LiteLLM 1\.95 or later: earlier ones fail on a read-only root/ },
  ],
  [
    "a copied salt",
    {
      engineering: `encryptionsalt: v1:abcdefghijk=:v1:xyz\n${text({})}`,
      design: `encryptionsalt: v1:abcdefghijk=:v1:xyz\n${fileText(design)}`,
    },
    { "engineering encryptionsalt": /Pulumi\.design\.yaml has the same/, "design encryptionsalt": /not shown/ },
  ],
  [
    "an encrypted value",
    { design: department({ costCenter: { secure: "v1:abc:def" } }) },
    {
      "design cline:department.costCenter": /allowed/,
      "design cline:department.costCenter.secure": /no secret in a stack file/,
    },
  ],
  [
    "a key that stands twice",
    { design: `${fileText(design)}      mizuno: {}\n` },
    { "design cline:department.developers.mizuno": /a second time/ },
  ],
  [
    "a date without quotation marks",
    {
      platform: fileText(merged(platformConfig, platform({ extraBudgets: [extra] }))).replace(
        /until: "?2026-12-31"?/,
        "until: 2026-12-31",
      ),
    },
    {
      "platform cline:platform.extraBudgets[0].until": /found 2026-12-31 without quotation marks; .*write "2026-12-31"/,
    },
  ],
  ["something that is not YAML", { design: "config: {\n" }, { "design line 2, column 1": /not YAML/ }],
  ["an empty file", { design: "" }, { "design config": /no mapping/ }],
];
