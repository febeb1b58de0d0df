import { ssmSessionDocumentCheck } from "../../../src/baselines/ssm-mfa/ssm-session-document-check";
import { ssmSessionDocumentLocked } from "../../../src/baselines/ssm-mfa/ssm-session-document-locked";
import { ssmDocumentPrivate } from "../../../src/baselines/ssm-mfa/ssm-document-private";
import { ssmSessionLogsEncrypted } from "../../../src/baselines/ssm-mfa/ssm-session-logs-encrypted";
import { ssmSessionPreferences } from "../../../src/baselines/ssm-mfa/ssm-session-preferences";
import { ssmSessionRunAs } from "../../../src/baselines/ssm-mfa/ssm-session-run-as";
import { cases, UNKNOWN, type Inputs } from "../../support";
import { MFA, POLICY, allow, bare, policy } from "./shapes";

describe("MFA on sessions: documents", () => {
  const DOCUMENT = "arn:aws:ssm:*:*:document/Shell";
  const MACHINES = "arn:aws:ec2:*:*:instance/*";
  const CHECK = { BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" } };
  cases(ssmSessionDocumentCheck, {
    type: POLICY,
    passes: {
      "documents that are checked": policy(allow({ Resource: [MACHINES, DOCUMENT], Condition: { ...MFA, ...CHECK } })),
      "documents that must be checked": policy(
        allow({ Resource: [MACHINES, DOCUMENT], Condition: { Bool: { "ssm:SessionDocumentAccessCheck": "true" } } }),
      ),
      "machines alone under the check": policy(allow({ Resource: MACHINES, Condition: { ...MFA, ...CHECK } })),
      "documents alone": policy(allow({ Resource: DOCUMENT })),
      "sessions that are open": policy(allow({ Resource: "arn:aws:ssm:*:*:session/${aws:username}-*" })),
      "other actions on machines": policy(allow({ Action: "ssm:GetConnectionStatus", Resource: MACHINES })),
      everything: policy(allow()),
      "every document": policy(allow({ Resource: [MACHINES, "arn:aws:ssm:*:*:document/*"] })),
    },
    fails: {
      "documents that are not checked": policy(allow({ Resource: [MACHINES, DOCUMENT] })),
      "machines alone": policy(allow({ Resource: MACHINES })),
      "machines elsewhere": policy(allow({ Resource: "arn:aws:ssm:us-east-1:111122223333:managed-instance/mi-1" })),
      "everything of EC2": policy(allow({ Resource: "arn:aws:ec2:*:*:*" })),
      "machines beside a statement of documents": policy(allow({ Resource: MACHINES }), allow({ Resource: DOCUMENT })),
      "a check that asks for false": policy(
        allow({ Resource: [MACHINES, DOCUMENT], Condition: { Bool: { "ssm:SessionDocumentAccessCheck": "false" } } }),
      ),
    },
    unknown: { "resources that are not known": policy(allow({ Resource: UNKNOWN })) },
  });
  cases(ssmSessionDocumentLocked, {
    type: POLICY,
    passes: {
      "using documents": policy(bare({ Action: ["ssm:GetDocument", "ssm:StartSession"] })),
      "changing them with MFA": policy(allow({ Action: "ssm:UpdateDocument" })),
      "a Deny beside a wildcard": policy(bare({ Action: "ssm:*" }), {
        Effect: "Deny",
        Action: ["ssm:UpdateDocument*", "ssm:ModifyDocumentPermission"],
        Resource: "*",
      }),
    },
    fails: {
      "changing them": policy(bare({ Action: "ssm:UpdateDocument" })),
      "sharing them": policy(bare({ Action: "ssm:ModifyDocumentPermission" })),
      "a wildcard": policy(bare({ Action: "ssm:*" })),
      "a Deny of some of it": policy(bare({ Action: "ssm:*" }), {
        Effect: "Deny",
        Action: "ssm:UpdateDocument",
        Resource: "*",
      }),
      "a Deny under a condition": policy(bare({ Action: "ssm:UpdateDocument" }), {
        Effect: "Deny",
        Action: "ssm:*",
        Resource: "*",
        Condition: { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
      }),
    },
    unknown: { "an action that is not known": policy(bare({ Action: UNKNOWN })) },
  });

  const session = (inputs: Inputs = {}, changes: Inputs = {}): Inputs => ({
    documentType: "Session",
    content: JSON.stringify({
      schemaVersion: "1.0",
      sessionType: "Standard_Stream",
      inputs: {
        kmsKeyId: "alias/mine",
        idleSessionTimeout: "20",
        cloudWatchLogGroupName: "sessions",
        cloudWatchEncryptionEnabled: true,
        ...inputs,
      },
      ...changes,
    }),
  });
  const TYPE = "aws:ssm/document:Document";
  const yaml = (kms: string): Inputs => ({
    documentType: "Session",
    documentFormat: "YAML",
    content: `schemaVersion: '1.0'\nsessionType: Standard_Stream\ninputs:\n  kmsKeyId: '${kms}'\n`,
  });
  cases(ssmSessionPreferences, {
    type: TYPE,
    passes: {
      "a key and an end": session(),
      "a document in YAML": yaml("alias/mine"),
      "a port document": session({ kmsKeyId: "" }, { sessionType: "Port" }),
      "a command document's session": session({ kmsKeyId: "" }, { sessionType: "InteractiveCommands" }),
      "the longest and the shortest idle time": session({ idleSessionTimeout: "60" }),
      "an idle time of one minute": session({ idleSessionTimeout: 1 }),
      "an idle time that is a parameter": session({ idleSessionTimeout: "{{ idle }}" }),
      "no idle time, which is twenty minutes": session({ idleSessionTimeout: undefined }),
      "a key that is not known": session({ kmsKeyId: UNKNOWN }),
      "a document of no kind": { content: "{}" },
      "a command document": { documentType: "Command", content: "{}" },
    },
    fails: {
      "no key": session({ kmsKeyId: "" }),
      "no key in YAML": yaml(""),
      "sessions that never end": session({ idleSessionTimeout: "0" }),
      "sessions that end too late": session({ idleSessionTimeout: "61" }),
      "sessions whose end is no number": session({ idleSessionTimeout: "soon" }),
      "a document that does not say what it is": { content: session({ kmsKeyId: "" })["content"] },
    },
    unknown: {
      "a document that is not known": { documentType: "Session", content: UNKNOWN },
      "what is no document": { documentType: "Session", content: "{[" },
    },
  });
  const runAs = (runAsDefaultUser: unknown, runAsEnabled: unknown = true): Inputs =>
    session({ runAsEnabled, runAsDefaultUser });
  cases(ssmSessionRunAs, {
    type: TYPE,
    passes: {
      "a user of the machine": runAs("developer"),
      "a user by the tag of the role": runAs(""),
      "a user that is not known": runAs(UNKNOWN),
      "text for true": runAs("developer", "true"),
      "a port document": session({}, { sessionType: "Port" }),
      "a command document": { documentType: "Command", content: "{}" },
    },
    fails: {
      "ssm-user by default": session(),
      "ssm-user by choice": runAs("developer", false),
      "ssm-user by name": runAs("ssm-user"),
      root: runAs("root"),
    },
    unknown: { "a parameter": runAs("developer", "{{ runAs }}"), "what is not known": runAs("developer", UNKNOWN) },
    both: { "root beside what is not known": runAs("root", UNKNOWN) },
  });
  cases(ssmSessionLogsEncrypted, {
    type: TYPE,
    passes: {
      "an encrypted log group": session(),
      "an encrypted bucket": session({ cloudWatchLogGroupName: "", s3BucketName: "b", s3EncryptionEnabled: true }),
    },
    fails: {
      "no log": session({ cloudWatchLogGroupName: "" }),
      "an open log group": session({ cloudWatchEncryptionEnabled: false }),
      "an open bucket beside an encrypted log group": session({ s3BucketName: "b", s3EncryptionEnabled: false }),
    },
    unknown: { "encryption that is not known": session({ cloudWatchEncryptionEnabled: UNKNOWN }) },
  });
  cases(ssmDocumentPrivate, {
    type: TYPE,
    passes: { nobody: {}, "an account": { permissions: { type: "Share", accountIds: "111122223333" } } },
    fails: {
      everybody: { permissions: { type: "Share", accountIds: "All" } },
      "everybody in a list": { permissions: { accountIds: ["111122223333", "all"] } },
    },
    unknown: { "accounts that are not known": { permissions: { accountIds: UNKNOWN } } },
  });
});
