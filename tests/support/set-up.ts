import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { MachineFile } from "../../components/workspace/script";

interface Planned {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The files that a host fetches besides those of its user data: of the object that it names, which must have the named content. */
export function fetchedFiles(userData: string, resources: readonly Planned[]): readonly MachineFile[] {
  const named = (variable: string) => new RegExp(`${variable}='(.*)'`).exec(userData)?.[1];
  const key = named("SET_UP_OBJECT");
  if (key === undefined) return [];
  const object = resources.find(
    ({ type, inputs }) => type === "aws:s3/bucketObject:BucketObject" && inputs["key"] === key,
  );
  assert.ok(object, `${key}: no object of this name`);
  const content = String(object.inputs["content"]);
  assert.equal(createHash("sha256").update(content).digest("hex"), named("SET_UP_SHA256"), key);
  return JSON.parse(content) as MachineFile[];
}
