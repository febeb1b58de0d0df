import type { Policy } from "../../frame/policy";
import { iamHumanTrustRequiresMfa } from "./iam-human-trust-requires-mfa";
import { iamNoPrivesc } from "./iam-no-privesc";
import { iamNoSessionGrantingManagedPolicy } from "./iam-no-session-granting-managed-policy";
import { ssmDocumentPrivate } from "./ssm-document-private";
import { ssmNoAlternateShell } from "./ssm-no-alternate-shell";
import { ssmNoRuncommandForHumans } from "./ssm-no-runcommand-for-humans";
import { ssmSessionDocumentCheck } from "./ssm-session-document-check";
import { ssmSessionDocumentLocked } from "./ssm-session-document-locked";
import { ssmSessionLogsEncrypted } from "./ssm-session-logs-encrypted";
import { ssmSessionPreferences } from "./ssm-session-preferences";
import { ssmSessionRequiresMfa } from "./ssm-session-requires-mfa";
import { ssmSessionRunAs } from "./ssm-session-run-as";

/**
 * MFA on every session: no way to a shell without a second factor, and sessions that leave a trace.
 */
export const ssmMfa: readonly Policy[] = [
  ssmSessionRequiresMfa,
  iamHumanTrustRequiresMfa,
  iamNoSessionGrantingManagedPolicy,
  ssmNoRuncommandForHumans,
  ssmNoAlternateShell,
  ssmSessionDocumentCheck,
  ssmSessionDocumentLocked,
  ssmSessionPreferences,
  ssmSessionRunAs,
  ssmSessionLogsEncrypted,
  ssmDocumentPrivate,
  iamNoPrivesc,
];
