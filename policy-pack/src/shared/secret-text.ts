/** Patterns of secrets in text, by kind; a message may name the kind, never the text. */
const SHAPES: readonly (readonly [kind: string, shape: RegExp])[] = [
  ["an AWS access key id", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["an AWS secret access key", /(?:secret|aws)[\w.-]{0,40}["'\s]*[:=]["'\s]*[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/i],
  ["a Bedrock API key", /\bABSK[A-Za-z0-9+/=]{40,}|\bbedrock-api-key-[A-Za-z0-9+/=]{20,}/],
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ["a GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{50,})/],
  ["a GitLab token", /\bglpat-[\w-]{20,}/],
  ["a Slack token", /\bxox[abeprs]-[\w-]{10,}/],
  ["a model provider's API key", /\bsk-(?:ant-|proj-|lf-)?[A-Za-z0-9_-]{20,}/],
  ["a password in a URL", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@${}]*:[^\s/@${}]+@/i],
];

/** The kind of secret in the text, such as "a private key"; undefined when none is recognised. */
export function secretIn(text: string): string | undefined {
  return SHAPES.find(([, shape]) => shape.test(text))?.[0];
}

const SECRET_NAME =
  /pass(?:word|wd|phrase)|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|credential|master[_-]?key|(?:^|_)(?:salt|pwd)$/i;
const NOT_THE_SECRET =
  /(?:arn|_?id|name|prefix|path|file|url|uri|host|endpoint|region|ttl|expiry|expiration|duration|days|hours|minutes|seconds|limit|length|count|max|min|budget|tokens|usage|enabled|disabled|required|type|mode|header|algorithm|version|policy)$/i;

/**
 * True when a variable of that name holds a secret in plain text. Its name indicates a secret, and
 * its value is none of these: empty, a reference to a secret store, a switch, a number.
 */
export function secretNamed(name: string, value: string): boolean {
  if (!isSecretName(name)) return false;
  const text = value.trim();
  return text !== "" && !/^(?:arn:|\{\{resolve:|\$\{|true$|false$|none$|os\.environ\/|[\d.]+$)/i.test(text);
}

/** Whether a name indicates a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !NOT_THE_SECRET.test(name);
}
