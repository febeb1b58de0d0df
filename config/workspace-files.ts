/**
 * Releases that workspaces install, and that the suites run: code-server by its npm package, Cline's command line by the
 * gateway suite's lock file. The extension is in no registry that CI reaches; tools/cline-source holds what its source at this tag reads.
 *
 * The extension: 4.0.12 is the last release with one bundle. From 4.1 on a loader asks Cline's own service which of two
 * bundles it starts, and the newer one has no command permissions. Before 3.66 it read other files than the ones written here.
 */
export const workspaceReleases = {
  codeServer: "4.139.1",
  clineExtension: "4.0.12",
  clineCommandLine: "3.0.65",
} as const;

/** A file that workspaces install. */
export interface WorkspaceFileSource {
  /** The product, in words. */
  readonly product: string;
  readonly version: string;
  /** Name in the bucket. */
  readonly file: string;
  /** The publisher's file: `https://…`, or `npm:PACKAGE@VERSION`, which npm fetches and holds against the registry's integrity. */
  readonly from: string;
  /** Prints its SHA-256 as a value of `cline:images`. */
  readonly command: string;
}

const { codeServer, clineExtension, clineCommandLine } = workspaceReleases;
const rpm = `code-server-${codeServer}-arm64.rpm`;
const vsix = `https://open-vsx.org/api/saoudrizwan/claude-dev/${clineExtension}/file/saoudrizwan.claude-dev-${clineExtension}`;
/** Its executable needs nothing else, no Node.js either. */
const commandLine = `@cline/cli-linux-arm64@${clineCommandLine}`;

/** Files that workspaces install, by their key of `cline:images`. */
export const workspaceFiles = {
  codeServer: {
    product: "code-server",
    version: codeServer,
    file: "code-server.rpm",
    from: `https://github.com/coder/code-server/releases/download/v${codeServer}/${rpm}`,
    // GitHub shows the SHA-256 of a release's file.
    command:
      `curl -fsS https://api.github.com/repos/coder/code-server/releases/tags/v${codeServer} | ` +
      `jq -r '.assets[] | select(.name == "${rpm}").digest'`,
  },
  clineExtension: {
    product: "the Cline extension",
    version: clineExtension,
    file: "cline.vsix",
    from: `${vsix}.vsix`,
    // Open VSX serves it beside the file.
    command: `curl -fsS ${vsix}.sha256 | sed 's/^/sha256:/'`,
  },
  clineCommandLine: {
    product: "Cline's command line",
    version: clineCommandLine,
    file: "cline-cli.tgz",
    from: `npm:${commandLine}`,
    // npm refuses a package that is not the one its registry signs for.
    command: `(cd "$(mktemp -d)" && npm pack --silent ${commandLine} > /dev/null && sha256sum ./*.tgz | sed -E 's/^([0-9a-f]{64}).*/sha256:\\1/')`,
  },
} as const satisfies Readonly<Record<string, WorkspaceFileSource>>;

export type WorkspaceFile = keyof typeof workspaceFiles;
export const workspaceFileKeys = Object.keys(workspaceFiles) as WorkspaceFile[];
