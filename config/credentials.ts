/**
 * Forms of credentials: private keys, virtual keys (LiteLLM's have 22 characters), AWS, Bedrock,
 * GitHub, GitLab, Google, Hugging Face, Slack, JSON web tokens, Pulumi's ciphertext. Words joined
 * by dashes after `sk-` are a name, unless they are many.
 */
const credential =
  /-----BEGIN|\bsk-(?:[\w-]{24,}|(?=[\w-]*[0-9A-Z])[\w-]{16,})|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bABSK[\w+/=-]{20,}|\bgh[pousr]_\w{20,}|\bgithub_pat_|\bglpat-[\w-]{8,}|\bAIza[\w-]{30,}|\bhf_[A-Za-z0-9]{20,}|\bxox[a-z]-[\w-]{6,}|\beyJ[\w-]+\.eyJ[\w-]+\.|\bv1:[\w+/=]{8,}:|\bBearer\s+[\w.~+/-]{20,}/;

/**
 * A value assigned to a name that ends with what it is, such as `--db-password=…`. A comparison, a
 * page's token, a call and a reference (`$NAME`, `{NAME}`, `<NAME>`, `process.env.NAME`) are none.
 */
const assigned =
  /(?<!(?:next|max|page|start|continuation)[_-]?)(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)["']?\s*(?<![=!<>])=(?!=)\s*(?!["']?(?:[$<{]|os\.|process\.|await\s|[\w.]+\())["']?[^\s"'$<{]{6,}/i;

/** A URL's user, which is a token where no password follows; no port, and no @ of a path. */
const userOfUrl = /https?:\/\/[^\s/?#@]+@|[a-z]:\/\/[^\s/?#@:]*:(?!\d+[/?#])[^\s@]+@/i;

/** Whether a text looks like a secret, which no stack file may hold and no message shows. */
export function looksSecret(text: string): boolean {
  return credential.test(text) || assigned.test(text) || userOfUrl.test(text);
}
