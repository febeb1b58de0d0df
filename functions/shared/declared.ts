import { createHash } from "node:crypto";
import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { stateKeys, type DepartmentState, type PlatformState } from "../../config/declared-state";
import { awsClient } from "./aws";
import { setting } from "./environment";

const s3 = awsClient(new S3Client({}));

/** One object of the declared state. */
export interface Declared<T> {
  readonly value: T;
  /** SHA-256 of its bytes, in hex. */
  readonly sha256: string;
}

async function read<T extends { readonly version: number }>(key: string): Promise<Declared<T> | undefined> {
  let text: string | undefined;
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: setting("STATE_BUCKET"), Key: key }));
    text = await Body?.transformToString("utf8");
  } catch (fault) {
    if ((fault as Error).name === "NoSuchKey") return undefined;
    throw fault;
  }
  if (text === undefined) return undefined;
  const value = JSON.parse(text) as T;
  if (value.version !== 1) {
    throw new Error(
      `${key}: found version ${String(value.version)}; this function reads 1; deploy the platform's stack first`,
    );
  }
  return { value, sha256: createHash("sha256").update(text).digest("hex") };
}

/** What the platform declares. @throws Error when it has not been deployed. */
export async function declaredPlatform(): Promise<Declared<PlatformState>> {
  const found = await read<PlatformState>(stateKeys.platform);
  if (found === undefined) throw new Error(`${stateKeys.platform}: not found; deploy the platform's stack first`);
  return found;
}

/** What a department declares; undefined when it declares nothing. */
export const declaredDepartment = (name: string): Promise<Declared<DepartmentState> | undefined> =>
  read<DepartmentState>(stateKeys.department(name));

/** Names of all departments that declare something. */
export async function declaredDepartments(): Promise<string[]> {
  const names: string[] = [];
  const pages = paginateListObjectsV2(
    { client: s3 },
    { Bucket: setting("STATE_BUCKET"), Prefix: stateKeys.departments },
  );
  for await (const { Contents = [] } of pages) {
    for (const { Key = "" } of Contents) {
      if (Key.endsWith(".json")) names.push(Key.slice(stateKeys.departments.length, -".json".length));
    }
  }
  return names.sort();
}
