/**
 * The texts by which the engine's protocol marks a value that preview cannot know (pulumi/pulumi
 * sdk/go/common/resource/plugin/rpc.go).
 */
export const UNKNOWN_SENTINELS: ReadonlySet<string> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // string
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // list
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

/** The form of any unknown value in tests and after `decode`. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SIGNATURES = {
  secret: "1b47061264138c4ac30d75fd1eb44270",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
} as const;

/** A value that Pulumi marks as secret. Rules read through it; messages show `[secret]`. */
export class Secret {
  constructor(readonly value: unknown) {}
}

/** True for a plain object: not null, not a list, not a secret. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Secret);
}

/**
 * Turns the properties of a request into plain data. Secrets keep their mark, and output values
 * become their content. Assets, archives and resource references stay objects. No shape makes it
 * throw, at any depth.
 */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (!isRecord(value)) return value;
  const signature = value[SIGNATURE];
  if (signature === SIGNATURES.secret) return new Secret(decode(value["value"]));
  if (signature === SIGNATURES.output) {
    const held = Object.hasOwn(value, "value") ? decode(value["value"]) : UNKNOWN;
    return value["secret"] === true ? new Secret(held) : held;
  }
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    // Assigning to __proto__ would change the object's prototype; no resource has such a property.
    if (key !== "__proto__") result[key] = decode(value[key]);
  }
  return result;
}
