import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { MachineFile } from "../../../components/workspace/script";

/** The files of a cloud-config. */
export const filesOf = (userData: string) => (parse(userData) as { write_files: MachineFile[] }).write_files;

/** The content of one. */
export const contentOf = (files: readonly MachineFile[], name: string) => {
  const found = files.find((file) => file.path === name);
  assert.ok(found, name);
  return found.content;
};

/** Writes every file below `root`, as cloud-init would below `/`. */
export function writeBelow(root: string, files: readonly MachineFile[]): void {
  for (const file of files) {
    const place = path.join(root, file.path);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, file.content, { mode: parseInt(file.permissions, 8) });
  }
}
