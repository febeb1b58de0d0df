import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/**
 * A property value as Pulumi puts it on the wire: JSON in which unknowns, secrets, assets and
 * resource references are marked by signatures. The signatures are part of Pulumi's protocol
 * (sdk/go/common/resource/properties.go).
 */
export type Raw = null | boolean | number | string | readonly Raw[] | { readonly [key: string]: Raw };
export type RawProps = Readonly<Record<string, Raw>>;

export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const signatures = {
  secret: "1b47061264138c4ac30d75fd1eb44270",
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
} as const;

export type RawObject = Readonly<Record<string, Raw>>;

export const isObject = (value: unknown): value is RawObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const signatureOf = (value: Raw): Raw | undefined => (isObject(value) ? value[SIGNATURE] : undefined);

/** A value marked as secret, as the wire carries it. */
export const secret = (value: Raw): Raw => ({ [SIGNATURE]: signatures.secret, value });

export const isSecret = (value: Raw): boolean => signatureOf(value) === signatures.secret;

/**
 * The value without secret marks at the top level, as a provider without secrets support receives
 * it.
 */
export const reveal = (value: Raw | undefined): Raw | undefined =>
  isObject(value) && value[SIGNATURE] === signatures.secret ? reveal(value["value"]) : value;

/** Whether the value is, or holds, an unknown. */
export function hasUnknown(value: Raw): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (!isObject(value)) return false;
  if (value[SIGNATURE] === signatures.output && !("value" in value)) return true;
  return Object.values(value).some(hasUnknown);
}

/** Whether the value is, or holds, a secret. */
export function hasSecret(value: Raw): boolean {
  if (Array.isArray(value)) return value.some(hasSecret);
  if (!isObject(value)) return false;
  return isSecret(value) || (value[SIGNATURE] === signatures.output && value["secret"] === true)
    ? true
    : Object.values(value).some(hasSecret);
}

const idOrUrn = (reference: RawObject): Raw =>
  "id" in reference ? reference["id"] || UNKNOWN : (reference["urn"] ?? "");

/**
 * The value as the engine passes it to a policy pack or a provider that accepts neither resource
 * references nor output values. A reference becomes the id (a component's: the URN), an output its
 * value, an unresolved one the unknown mark.
 */
export function wireValue(value: Raw): Raw {
  if (Array.isArray(value)) return value.map(wireValue);
  if (!isObject(value)) return value;
  switch (value[SIGNATURE]) {
    case signatures.resource:
      return idOrUrn(value);
    case signatures.output: {
      const inner = "value" in value ? wireValue(value["value"] ?? null) : UNKNOWN;
      return value["secret"] === true && inner !== UNKNOWN ? secret(inner) : inner;
    }
    default:
      return mapValues(value, wireValue);
  }
}

export const wireProps = (props: RawProps): Record<string, Raw> => mapValues(props, wireValue);

/** Whether a text holds the unknown mark inside: a JSON document of which a preview knows a part. */
const isPartlyUnknown = (value: Raw | undefined): boolean => typeof value === "string" && value.includes(UNKNOWN);

/**
 * The value as the preview document shows it: `[unknown]`, also inside a text, `[secret]`,
 * references as ids, assets as the hash of their content.
 */
export function documentValue(value: Raw): Raw {
  if (typeof value === "string") return value.replaceAll(UNKNOWN, "[unknown]");
  if (Array.isArray(value)) return value.map(documentValue);
  if (!isObject(value)) return value;
  switch (value[SIGNATURE]) {
    case signatures.secret:
      // An unknown one loses its mark in the engine's preview.
      return isPartlyUnknown(value["value"]) ? "[unknown]" : "[secret]";
    case signatures.resource:
    case signatures.output:
      return documentValue(wireValue(value));
    case signatures.asset:
    case signatures.archive:
      return `sha256:${assetHash(value)}`;
    default:
      return mapValues(value, documentValue);
  }
}

/**
 * Properties for the document. Values of `masked` names are always secret, even without a mark: in
 * a preview an unknown loses its mark.
 */
export const documentProps = (props: RawProps, masked: readonly string[] = []): Record<string, Raw> => {
  const shown = mapValues(props, documentValue);
  for (const name of masked) if (name in shown && shown[name] !== "[unknown]") shown[name] = "[secret]";
  return shown;
};

/** SHA-256 (hex) of an asset's or archive's content; independent of the files' location. */
export function assetHash(asset: RawObject): string {
  const hash = createHash("sha256");
  const text = asset["text"];
  const file = asset["path"];
  const members = asset["assets"];
  if (typeof text === "string") hash.update(text);
  else if (typeof file === "string") hashPath(hash, file, "");
  else if (isObject(members))
    for (const name of Object.keys(members).sort()) {
      const member = members[name];
      if (isObject(member)) hash.update(`${name}\0${assetHash(member)}\0`);
    }
  else hash.update(JSON.stringify(asset["uri"] ?? null));
  return hash.digest("hex");
}

function hashPath(hash: ReturnType<typeof createHash>, file: string, relative: string): void {
  if (!statSync(file).isDirectory()) {
    hash.update(`${relative}\0`).update(readFileSync(file));
    return;
  }
  for (const entry of readdirSync(file).sort())
    hashPath(hash, path.join(file, entry), path.posix.join(relative, entry));
}

export function mapValues<A, B>(
  object: Readonly<Record<string, A>>,
  f: (value: A, key: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, f(value, key)]));
}
