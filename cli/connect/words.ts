import { ownCodes, type AwsFailure } from "../deploy/aws";
import { safe } from "../deploy/screen";
import type { Connection } from "./plan";
import { ConnectFault } from "./surroundings";
import { noPlugin } from "./tools";

const skewed = /Signature (expired|not yet current)|RequestTimeTooSkewed|skewed/i;
const unknownKey = new Set(["InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch"]);

/** What AWS's refusal of a step means, with the next step. @param step e.g. `sign-in` */
export function refusal(
  step: "sign-in" | "workspace" | "account" | "session",
  answer: AwsFailure,
  connection: Connection,
): ConnectFault {
  const { code, message } = answer;
  if (skewed.test(`${code} ${message}`))
    return new ConnectFault(
      "clock: this machine's time differs from AWS's by more than five minutes; set it by the system's time service, then run this again",
    );
  if (code === ownCodes.notInstalled)
    return new ConnectFault(
      "aws: found no command on PATH; needed version 2; install it: https://docs.aws.amazon.com/cli/",
    );
  if (code === ownCodes.late || code === ownCodes.network)
    return new ConnectFault(`${step}: ${message}; look at this machine's network and proxy, then run this again`);
  if (code === ownCodes.certificate)
    return new ConnectFault(
      `${step}: this machine does not trust the certificate it was shown (${safe(message)}); a company's proxy needs its authority in AWS_CA_BUNDLE; ask whoever looks after this machine`,
    );
  if (code === ownCodes.unreadable)
    return new ConnectFault(
      `credentials: aws cannot read its own files (${safe(message)}); look at ~/.aws/config and ~/.aws/credentials, then run this again`,
    );
  // AWS's command line says it after it has ended the session that it opened.
  if (/SessionManagerPlugin is not found/.test(message)) return noPlugin();
  if (code.startsWith("AccessDenied")) return new ConnectFault(denied(step, message, connection));
  const own = step === "sign-in" ? credentialWords(code, connection) : undefined;
  const expired = code === ownCodes.expired || unknownKey.has(code);
  return new ConnectFault(own ?? `${step}: AWS answered ${code}: ${safe(message)}; ${ask(connection)}`, expired);
}

const ask = ({ department, role }: Connection): string =>
  `show this line to ${role === "lead" ? "an operator" : `the lead of ${department}`}`;

function denied(step: string, message: string, connection: Connection): string {
  const { signIn, department, role, mfaSerial, roleArn, mfaMode } = connection;
  if (/MultiFactorAuthentication/i.test(message))
    return `MFA code: AWS refuses it for ${mfaSerial ?? "the device"}; wait for the next code, each works once; if all are refused, name the device by --mfa ARN and set the phone's clock`;
  if (step === "sign-in")
    return `sign-in: AWS refuses ${roleArn ?? "a session"} to these credentials; needed those of ${signIn}, a ${role} of ${department} that is deployed; look at \`aws sts get-caller-identity\`, then ask ${role === "lead" ? "an operator" : "the department's lead"}`;
  const old = mfaMode === "iam-user" ? "the MFA may be older than an hour, or " : "";
  return `${step}: AWS refuses it: ${safe(message)}; ${old}the department's last change is not deployed: ${ask(connection)}`;
}

/** Faults of the person's own credentials. */
function credentialWords(code: string, { signIn, mfaMode }: Connection): string | undefined {
  const sso = mfaMode === "identity-center";
  const needed = sso
    ? "needed a profile of Identity Center; run `aws configure sso` once and set AWS_PROFILE to it"
    : `needed the access key of the IAM user ${signIn}; run \`aws configure\` once, or set AWS_PROFILE`;
  if (code === ownCodes.noCredentials) return `credentials: found none; ${needed}`;
  if (code === ownCodes.expired)
    return `credentials: found ended ones; ${sso ? "run `aws sso login`" : "unset AWS_SESSION_TOKEN and its keys"}; ${needed}`;
  if (unknownKey.has(code)) return `credentials: AWS does not know the access key, or its secret; ${needed}`;
  return undefined;
}
