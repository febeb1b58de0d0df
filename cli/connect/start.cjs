"use strict";
// Starts `connect` from one bundle in the user's cache folder: the TypeScript loader costs more than the command itself. The bundle's
// first line holds the SHA-256 of every file in it; a file that changed makes a new bundle.
const { createHash } = require("node:crypto");
const { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { homedir } = require("node:os");
const path = require("node:path");

const root = path.join(__dirname, "..", "..");
const given = process.env.XDG_CACHE_HOME ?? "";
const base = path.isAbsolute(given) ? given : path.join(process.env.HOME ?? homedir(), ".cache");
const folder = path.join(base, "cline-landing-zone");
const digest = (content) => createHash("sha256").update(content).digest("hex");
const digestOf = (name) => digest(readFileSync(path.join(root, name)));
const file = path.join(folder, `connect-${digest(root).slice(0, 16)}.cjs`);

/** The bundle; undefined where there is none of these very sources. */
function kept() {
  try {
    const text = readFileSync(file, "utf8");
    const made = JSON.parse(text.slice(2, text.indexOf("\n")));
    return Object.entries(made).every(([name, known]) => digestOf(name) === known) ? text : undefined;
  } catch {
    // Absent, of another form, or of a file that is gone.
    return undefined;
  }
}

function bundled() {
  const { outputFiles, metafile } = require("esbuild").buildSync({
    absWorkingDir: root,
    entryPoints: ["cli/connect/main.ts"],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minify: true,
    keepNames: true,
    legalComments: "none",
    preserveSymlinks: true,
  });
  const names = ["cli/connect/start.cjs", ...Object.keys(metafile.inputs)];
  const made = Object.fromEntries(names.map((name) => [name, digestOf(name)]));
  return `//${JSON.stringify(made)}\n${outputFiles[0].text}`;
}

function keep(text) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    writeFileSync(`${file}.${process.pid}`, text, { mode: 0o600 });
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A folder that cannot be written: the next run bundles again.
  }
}

let text = kept();
if (text === undefined) keep((text = bundled()));
// In the folder of its sources, as they are without a bundle.
const program = new Module(path.join(__dirname, "main.cjs"), module);
program.filename = program.id;
program.paths = Module._nodeModulePaths(__dirname);
program._compile(text, program.filename);
