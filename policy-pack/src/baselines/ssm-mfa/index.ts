import type { Policy } from "../../frame/policy";
import { iamHumanTrustRequiresMfa } from "./iam-human-trust-requires-mfa";
import { iamNoPrivesc } from "./iam-no-privesc";
import { iamNoSessionGrantingManagedPolicy } from "./iam-no-session-granting-managed-policy";
import { ssmSessionDocumentCheck, ssmSessionDocumentLocked } from "./ssm-session-documents";
import { ssmDocumentPrivate, ssmSessionLogsEncrypted, ssmSessionPreferences } from "./ssm-session-preferences";
import { ssmNoAlternateShell, ssmNoRuncommandForHumans, ssmSessionRequiresMfa } from "./ssm-session-requires-mfa";

/** MFA on every session: no way to a shell without a second factor, and sessions that leave a trace. */
export const ssmMfa: readonly Policy[] = [
  ssmSessionRequiresMfa,
  iamHumanTrustRequiresMfa,
  iamNoSessionGrantingManagedPolicy,
  ssmNoRuncommandForHumans,
  ssmNoAlternateShell,
  ssmSessionDocumentCheck,
  ssmSessionDocumentLocked,
  ssmSessionPreferences,
  ssmSessionLogsEncrypted,
  ssmDocumentPrivate,
  iamNoPrivesc,
];
