import { readdirSync } from "node:fs";
import path from "node:path";
import { isObject } from "../../../offline/values";

/** What offline/ids.ts begins every generated password with, so that a leak is known even where nobody noted the value. */
export const canary = /stand-in-[0-9a-f]{4,}/;

interface Shown {
  readonly deployment: { readonly resources?: readonly { readonly type: string; readonly outputs?: unknown }[] };
}

/** The secrets that the random provider made, from `pulumi stack export --show-secrets`. */
export function generatedSecrets(stdout: string): string[] {
  const { resources = [] } = (JSON.parse(stdout) as Shown).deployment;
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isObject(value)) {
      const { plaintext } = value;
      if (typeof plaintext === "string") {
        const text: unknown = JSON.parse(plaintext);
        if (typeof text === "string" && text.length >= 8) found.add(text);
      } else Object.values(value).forEach(visit);
    }
  };
  for (const { type, outputs } of resources) if (type.startsWith("random:")) visit(outputs);
  return [...found];
}

/** The value as it is, as part of a URL, and as it stands at any place of a longer base64 text. */
export function writtenForms(value: string): string[] {
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
      .toString("base64")
      .replace(/=+$/, "");
    // The characters at the ends also depend on what stands beside the value.
    return text.slice(offset === 0 ? 0 : offset + 1, -1);
  });
  return [value, encodeURIComponent(value), ...base64];
}

/** All files below a folder, links not followed. */
export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
