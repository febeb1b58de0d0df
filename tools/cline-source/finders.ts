/** Where a key stands in the extension's source, and what is written there. */
export interface Found {
  /** FILE:LINE from the repository's root. */
  readonly place: string;
  /** As TypeScript or zod has it, on one line. */
  readonly type: string;
  /** The default, as written; `-` where the source gives none. */
  readonly initial: string;
}

/** The text of a file of the source; undefined where there is none. */
export type Source = (file: string) => string | undefined;

const root = "apps/vscode/src";
const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const line = (text: string) => text.replaceAll(/\s+/g, " ").trim();

/** What `pattern` finds in a file from `from` on: its groups are the type and the default. */
function search(source: Source, name: string, pattern: RegExp, from?: RegExp): Found | undefined {
  const file = `${root}/${name}`;
  const text = source(file) ?? "";
  const start = from === undefined ? 0 : text.search(from);
  const match = start < 0 ? null : pattern.exec(text.slice(start));
  if (match === null) return undefined;
  const before = text.slice(0, start + match.index + (/^\s*/.exec(match[0])?.[0].length ?? 0));
  const { type = "string", initial = "-" } = match.groups ?? {};
  return { place: `${file}:${String(before.split("\n").length)}`, type: line(type), initial: line(initial) };
}

const field = (key: string) =>
  new RegExp(String.raw`^[ \t]+${escaped(key)}\??: (?<type>[^\n{/;]+?)[;,]?[ \t]*(?://[^\n]*)?$`, "m");
const member = (source: Source, file: string, owner: string, key: string) =>
  search(source, file, field(key), new RegExp(String.raw`^(?:export )?interface ${owner}\b`, "m"));

/** A key of globalState.json: declared with default and type, or a member of the type of one. */
function state(source: Source, key: string): Found | undefined {
  const inner = key.split(".").at(-1) ?? "";
  if (/ModelInfo\./.test(key)) return member(source, "shared/api.ts", "ModelInfo", inner);
  if (key.startsWith("autoApprovalSettings.")) {
    const file = "shared/AutoApprovalSettings.ts";
    const initial = search(
      source,
      file,
      new RegExp(String.raw`^[ \t]+${escaped(inner)}: (?<initial>[^\n/]+?),`, "m"),
      /^export const DEFAULT/m,
    );
    const found = member(source, file, "AutoApprovalSettings", inner);
    return found && { ...found, initial: initial?.initial ?? "-" };
  }
  return search(
    source,
    "shared/storage/state-keys.ts",
    new RegExp(
      String.raw`^\t"?${escaped(key)}"?: \{\s*default: (?<initial>[^\n]*?) as (?<type>[\s\S]*?),?(?:\s(?:isAsync|isComputed|transform): ?[^\n]*?)?\s*\},`,
      "m",
    ),
  );
}

const servers = "services/mcp/schemas.ts";

/** How each kind of key is found, by its store. */
export const finders: Readonly<Record<string, (source: Source, key: string) => Found | undefined>> = {
  "globalState.json": state,
  "secrets.json": (source, key) =>
    search(
      source,
      "shared/storage/state-keys.ts",
      new RegExp(String.raw`^\t"${escaped(key)}",`, "m"),
      /^const SECRETS_KEYS/m,
    ),
  "endpoints.json": (source, key) => member(source, "config.ts", "EndpointsFileSchema", key),
  "cline_mcp_settings.json": (source, key) =>
    key === "mcpServers.*.type"
      ? search(source, servers, /type: (?<type>z\.literal\("streamableHttp"\)\.optional\(\))/)
      : search(
          source,
          servers,
          new RegExp(String.raw`^\t+${escaped(key.split(".").at(-1) ?? "")}: (?<type>[^\n]+?),`, "m"),
        ),
  /** Types that are a choice of words. */
  type: (source, key) =>
    search(
      source,
      key === "ApiProvider" ? "shared/api.ts" : `shared/${key}.ts`,
      new RegExp(String.raw`^export type ${key} =(?<type>(?:\s*\|?\s*"[^"]+")+)`, "m"),
    ),
  /** Folders and files that the extension opens by name. */
  path: (source, key) =>
    key === ".clineignore"
      ? search(source, "core/ignore/ClineIgnoreController.ts", /path\.join\(this\.cwd, "\.clineignore"\)/)
      : key === "Documents/Cline/Rules"
        ? search(source, "core/storage/disk.ts", /path\.join\(os\.homedir\(\), "Documents", "Cline", "Rules"\)/)
        : search(
            source,
            key.includes("mcp")
              ? "core/storage/disk.ts"
              : key.includes("endpoints")
                ? "config.ts"
                : "shared/storage/storage-context.ts",
            new RegExp(`"${escaped(key)}"`),
          ),
  CLINE_COMMAND_PERMISSIONS: (source, key) =>
    member(source, "core/permissions/types.ts", "CommandPermissionConfig", key),
};
