import { isRecord } from "../frame/wire";

/**
 * Patterns of secrets in text, by kind; a message may name the kind, never the text. The forms are
 * those that each vendor documents. A scanner's package serves no better: secretlint's rules (MIT)
 * are asynchronous and made for files, gitleaks' (MIT) are 200 expressions for a whole history.
 */
const SHAPES: readonly (readonly [kind: string, shape: RegExp])[] = [
  ["an AWS access key id", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  [
    "an AWS secret access key",
    /(?:secret|aws)[\w.-]{0,40}["'\s]*[:=]["'\s]*(?![0-9a-f]{40}(?![A-Za-z0-9/+=]))[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/i,
  ],
  ["a Bedrock API key", /\bABSK[A-Za-z0-9+/=]{40,}|\bbedrock-api-key-[A-Za-z0-9+/=]{20,}/],
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ["a GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{50,})/],
  ["a GitLab token", /\bgl(?:pat|dt|rt|ptt|cbt)-[\w-]{20,}/],
  ["a Slack token", /\bxox[abeprs]-[\w-]{10,}|\bxapp-\d-[\w-]{20,}/],
  ["a Slack webhook", /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/T\w+\/\w+\/\w{10,}/],
  ["a model provider's API key", /\bsk-(?:ant-|proj-|lf-)?[A-Za-z0-9_-]{20,}/],
  ["a Stripe key", /\b[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,}|\bwhsec_[A-Za-z0-9+/=]{24,}/],
  ["a SendGrid key", /\bSG\.[\w-]{16,}\.[\w-]{16,}/],
  ["a Twilio key", /\bSK[0-9a-f]{32}\b/],
  ["a Mailgun key", /\bkey-[0-9a-f]{32}\b/],
  ["a Google API key", /\bAIza[\w-]{35}/],
  ["a Google OAuth secret", /\bGOCSPX-[\w-]{20,}/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}/],
  ["a PyPI token", /\bpypi-AgE[\w-]{50,}/],
  ["a Docker token", /\bdckr_(?:pat|oat)_[\w-]{20,}/],
  ["a Hugging Face token", /\bhf_[A-Za-z0-9]{30,}/],
  ["a DigitalOcean token", /\bdo[opr]_v1_[0-9a-f]{64}/],
  ["a Databricks token", /\bdapi[0-9a-f]{32}\b/],
  ["a HashiCorp token", /\bhv[sbr]\.[\w-]{20,}|\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,}/],
  ["a Shopify token", /\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/],
  ["a New Relic key", /\bNRAK-[A-Z0-9]{27}/],
  ["a Grafana token", /\bglsa_\w{30,}|\bglc_[A-Za-z0-9+/=]{30,}/],
  ["a Pulumi token", /\bpul-[0-9a-f]{40}/],
  ["a signed token (JWT)", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/],
  ["a storage account's key", /\bAccountKey=[A-Za-z0-9+/]{40,}={0,2}/i],
  ["a password in a URL", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@${}]*:[^\s/@${}]+@/i],
];

/**
 * A name and the literal beside it: in a shell, a connection string, YAML or JSON. The literal is
 * judged by itself: variables, commands and references are none.
 */
const ASSIGNMENT =
  /(?<![\w.-])["']?([A-Za-z][\w.-]{1,60}|Pwd)["']?\s*(?:=|:(?=\s|["']))\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"';,|&)}]+))/g;
const STATEMENTS: readonly RegExp[] = [
  /\b(?:WITH\s+(?:ENCRYPTED\s+)?|ENCRYPTED\s+|\w\s+)PASSWORD\s+(?:=\s*)?\\?['"]([^'"\n]+)\\?['"]/gi,
  /\bIDENTIFIED\s+(?:WITH\s+\S+\s+)?BY\s+\\?['"]([^'"\n]+)\\?['"]/gi,
  /\becho\s+(?:-\w+\s+)?["']?[\w.-]+:([^\s"'|]+)["']?\s*\|\s*(?:sudo\s+)?chpasswd/g,
];

/** Names of passwords, whose value is secret in any form, and of what is secret when it looks random. */
const PASSWORD_NAME = /pass(?:word|wd|phrase)|passwd|(?:^|[_.-])(?:pwd|pw)$|^pwd$/i;
const SECRET_NAME =
  /secret|token|api[_-]?key|private[_-]?key|access[_-]?key|account[_-]?key|credential|master[_-]?key|signing[_-]?key|encryption[_-]?key|(?:^|_)salt$/i;
/** Names of what belongs to a secret without being it. */
const NOT_THE_SECRET =
  /(?:arn|_?ids?|names?|prefix|suffix|path|file|dir|url|uri|host|domain|endpoint|region|ttl|expiry|expiration|expires_?in|duration|days|hours|minutes|seconds|ms|age|limit|length|size|count|max|min|budget|tokens|usage|enabled|disabled|required|type|mode|header|cookie|scopes?|source|store|backend|provider|issuer|audience|algorithm|hasher|version|policy|template|parameter|param|ssm_?name|table|topic|queue|bucket|model|tokenizer|parallelism|addr|address|symbol|decimals|contract\w*|kwargs|permissions|rotation|method|alias)$/i;

/** The kind of secret in the text, such as "a private key"; undefined when none is recognised. */
export function secretIn(text: string): string | undefined {
  const shape = SHAPES.find(([, pattern]) => pattern.test(text))?.[0];
  if (shape !== undefined) return shape;
  if (STATEMENTS.some((pattern) => [...text.matchAll(pattern)].some(([, literal = ""]) => isLiteral(literal))))
    return "a password in a statement";
  if (inJson(text)) return "a secret in JSON";
  return undefined;
}

/**
 * The kind of secret that a text of several assignments holds: a script, a connection string, a
 * configuration file.
 */
export function secretInScript(text: string): string | undefined {
  const known = secretIn(text);
  if (known !== undefined) return known;
  for (const [, name = "", double, single, bare] of text.matchAll(ASSIGNMENT)) {
    if (bare !== undefined && isExpression(bare, name)) continue;
    if (secretNamed(name, double ?? single ?? bare ?? "")) return `a secret as ${name}`;
  }
  return undefined;
}

/** Whether an unquoted value is code: a call, an element, or a variable of the same name. */
function isExpression(bare: string, name: string): boolean {
  return /[[(]/.test(bare) || name.toLowerCase().includes(bare.toLowerCase());
}

/**
 * True when a variable of that name holds a secret in plain text: its name says so, and its value
 * has the form of one. Paths, ARNs, names, references, switches, numbers and digests have not.
 */
export function secretNamed(name: string, value: string): boolean {
  if (!isSecretName(name)) return false;
  const text = value.trim();
  if (!isLiteral(text)) return false;
  return PASSWORD_NAME.test(name) ? !isPointer(text) : looksRandom(text);
}

/** Whether a name indicates a secret. */
export function isSecretName(name: string): boolean {
  return (PASSWORD_NAME.test(name) || SECRET_NAME.test(name)) && !NOT_THE_SECRET.test(name);
}

const SWITCH =
  /^(?:true|false|yes|no|on|off|enabled|disabled|none|null|nil|optional|required|default|changeme_from_\w+)$/i;

/** Whether the text is a value of its own: no reference, variable, command, switch or number. */
function isLiteral(text: string): boolean {
  return (
    text !== "" &&
    !SWITCH.test(text) &&
    !/^(?:arn:|\{\{|\$|<|%|`|\[unknown\]|os\.environ\/|ssm:|secretsmanager:|vault:|env:|file:|\*+$|[\d.]+$)/i.test(
      text,
    ) &&
    !/\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_]/.test(text)
  );
}

/** Whether the text points to a thing: a file, a URL, a path of a parameter, a name of several words. */
function isPointer(text: string): boolean {
  return (
    /^(?:\/|\.{1,2}\/|~\/|[a-z][a-z0-9+.-]*:\/\/)/i.test(text) ||
    /^[a-z][a-z0-9]*(?:[/!:_-][a-z0-9-]+)*(?:[/!][\w.-]+)+$/i.test(text) ||
    /^[a-z]+(?:[-_.][a-z]+)+$/i.test(text)
  );
}

/**
 * Whether the text has the form of a generated secret: long enough, without spaces, and of letters
 * and digits that mix. Digests of 40 hex digits, as commits have, and UUIDs are none.
 */
function looksRandom(text: string): boolean {
  if (isPointer(text) || /\s/.test(text) || text.length < 8) return false;
  if (/^[0-9a-f]{40}$/i.test(text) || /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)) return false;
  if (/^0x[0-9a-f]{40}$/i.test(text) || /^sha\d+:/i.test(text)) return false;
  // Words, versions and names with a number (`cl100k_base`, `RS256`, `secret-2024`).
  const parts = text.split(/[-_.:/,+]/);
  if (
    parts.every((part) =>
      /^(?:[a-z]+\d{0,4}|\d+|[a-z]{1,3}\d+[a-z]?|[A-Z][a-z]+(?:[A-Z][a-z]+)*\d{0,2}|[A-Z]+\d{0,3})$/.test(part),
    )
  )
    return false;
  return /\d/.test(text) && /[A-Za-z]/.test(text);
}

const DEPTH = 6;

/** Whether a JSON text names a secret beside a literal. */
function inJson(text: string): boolean {
  const from = text.search(/[{[]\s*["{[]/);
  if (from < 0) return false;
  const whole = parsed(text.trim());
  if (whole !== undefined) return holdsSecret(whole, DEPTH);
  return [...text.matchAll(/"([\w.-]+)"\s*:\s*"([^"\n]*)"/g)].some(([, name = "", value = ""]) =>
    secretNamed(name, value),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function holdsSecret(value: unknown, depth: number): boolean {
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.some((item) => holdsSecret(item, depth - 1));
  if (!isRecord(value)) return false;
  return Object.entries(value).some(([name, member]) =>
    typeof member === "string" ? secretNamed(name, member) : holdsSecret(member, depth - 1),
  );
}
