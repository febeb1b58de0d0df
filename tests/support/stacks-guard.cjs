"use strict";
// The stack files belong to their users, so no test depends on them. A test process, and every Node
// process that it starts, may not read `stacks/`. Tests have stack files of their own in
// tests/fixtures/stacks. The editor schema beside the files is the project's.
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");
const path = require("node:path");
const { fileURLToPath } = require("node:url");

const folder = path.join(fs.realpathSync(path.join(__dirname, "../..")), "stacks");
const { realpathSync } = fs;

/** Throws when the path, or its link's target, is the folder of the stack files or one of them. */
function check(target) {
  const file = path.resolve(target instanceof URL ? fileURLToPath(target) : String(target));
  if (!file.split(path.sep).includes("stacks")) return;
  let real = file;
  try {
    real = realpathSync(file);
  } catch {
    // The path does not exist; its name still shows the intended file.
  }
  if (real !== folder && !(real.startsWith(folder + path.sep) && !real.endsWith(".schema.json"))) return;
  throw new Error(
    `a test reads ${path.relative(path.dirname(folder), real)}, which belongs to its users; read tests/fixtures/stacks instead`,
  );
}

const guarded =
  (read) =>
  (target, ...rest) => {
    if (typeof target !== "number") check(target);
    return read(target, ...rest);
  };

/** A copy may leave the folder out by its filter; the copied entries are checked. */
const guardedCopy =
  (copy) =>
  (from, to, options = {}, ...rest) => {
    const filter = (source, target) => {
      const kept = options.filter?.(source, target) ?? true;
      if (kept) check(source);
      return kept;
    };
    return copy(from, to, { ...options, filter }, ...rest);
  };

for (const name of ["readFileSync", "openSync", "readdirSync", "opendirSync", "copyFileSync"])
  fs[name] = guarded(fs[name]);
for (const name of ["readFile", "open", "readdir", "opendir", "copyFile", "createReadStream"])
  fs[name] = guarded(fs[name]);
for (const name of ["readFile", "open", "readdir", "opendir", "copyFile"])
  fs.promises[name] = guarded(fs.promises[name]);
fs.cpSync = guardedCopy(fs.cpSync);
fs.promises.cp = guardedCopy(fs.promises.cp);
syncBuiltinESMExports();

const preload = `--require=${JSON.stringify(module.filename)}`;
const options = process.env.NODE_OPTIONS ?? "";
if (!options.includes(preload)) process.env.NODE_OPTIONS = `${options} ${preload}`.trim();
